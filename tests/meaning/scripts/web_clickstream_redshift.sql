-- Clickstream of a web shop: visitors, sessions, events and their parameters, as GA4 would export them.
create schema if not exists web;
set search_path to web;

create table visitors (
    visitor_id            varchar(36)    not null,          -- first-party cookie
    user_id               bigint,                            -- only after a login
    first_seen_at         timestamp      not null,
    last_seen_at          timestamp      not null,
    first_referrer        varchar(1024),
    first_utm_source      varchar(60),
    first_utm_medium      varchar(30),
    session_count         integer        default 1,
    consent_analytics     boolean        default false,
    consent_ads           boolean        default false,
    primary key (visitor_id)
) distkey (visitor_id) sortkey (first_seen_at);

create table sessions (
    session_id            char(32)       not null,          -- md5 of visitor and start
    visitor_id            varchar(36)    not null references visitors (visitor_id),
    session_number        integer        not null,
    session_start         timestamp      not null,
    session_end           timestamp      not null,
    duration_seconds      integer        not null,
    pageviews             smallint       not null,
    event_count           integer        not null,
    engaged_session       boolean        not null,
    is_bounce             boolean        not null,
    landing_page          varchar(512),
    exit_page             varchar(512),
    referrer_url          varchar(1024),
    referrer_host         varchar(255),
    utm_source            varchar(60),
    utm_medium            varchar(30),
    utm_campaign          varchar(80),
    utm_term              varchar(80),
    utm_content           varchar(80),
    gclid                 varchar(100),
    channel_group         varchar(20)    encode bytedict,   -- Organic Search, Paid Search, Direct, Email
    device_category       varchar(8)     encode bytedict,   -- desktop, mobile, tablet
    operating_system      varchar(20),
    os_version            varchar(12),
    browser               varchar(20),
    browser_version       varchar(20),
    screen_resolution     varchar(11),                      -- 1920x1080
    user_agent            varchar(512)   encode zstd,
    ip_address            varchar(45),
    geo_country           varchar(60),
    geo_country_iso       char(2),
    geo_region            varchar(60),
    geo_city              varchar(80),
    geo_latitude          real,
    geo_longitude         real,
    browser_language      varchar(5),
    conversions           smallint       default 0,
    revenue               decimal(12,2)  default 0,
    currency              char(3),
    primary key (session_id)
) distkey (visitor_id) compound sortkey (session_start, channel_group);

create table event_definitions (
    event_name            varchar(40)    not null primary key,
    event_category        varchar(20)    not null,
    is_conversion         boolean        not null default false
) diststyle all;

insert into event_definitions values
    ('session_start', 'automatic', false),
    ('page_view', 'automatic', false),
    ('scroll', 'enhanced', false),
    ('view_item', 'ecommerce', false),
    ('add_to_cart', 'ecommerce', false),
    ('begin_checkout', 'ecommerce', false),
    ('purchase', 'ecommerce', true);

create table events (
    event_id              bigint         identity(1, 1) not null,
    event_date            char(8)        not null,          -- 20240131, as in the export
    event_timestamp       bigint         not null,          -- microseconds since 1970
    event_ts              timestamp      not null,
    event_name            varchar(40)    not null references event_definitions (event_name),
    session_id            char(32)       not null references sessions (session_id),
    visitor_id            varchar(36)    not null,
    hit_number            integer        not null,          -- 1, 2, 3 within the session
    page_location         varchar(2048)  encode zstd,
    page_path             varchar(512),
    page_title            varchar(255),
    page_referrer         varchar(2048)  encode zstd,
    http_status           smallint,
    page_load_ms          integer,
    engagement_time_msec  integer,
    scroll_depth_pct      smallint,
    search_term           varchar(120),
    event_params          super,
    primary key (event_id)
) distkey (visitor_id) compound sortkey (event_date, event_name);

create table event_items (
    event_id              bigint         not null references events (event_id),
    item_index            smallint       not null,
    item_id               varchar(20)    not null,
    item_name             varchar(120),
    item_brand            varchar(40),
    item_category         varchar(60),
    item_variant          varchar(30),
    price                 decimal(10,2)  not null,
    quantity              smallint       not null default 1,
    discount              decimal(10,2)  default 0,
    item_revenue          decimal(12,2),
    coupon                varchar(20),
    primary key (event_id, item_index)
) distkey (event_id);

create table daily_traffic (
    traffic_date          date           not null,
    channel_group         varchar(20)    not null,
    device_category       varchar(8)     not null,
    users                 integer        not null,
    new_users             integer        not null,
    sessions              integer        not null,
    engaged_sessions      integer        not null,
    pageviews             integer        not null,
    bounce_rate           decimal(5,4),                     -- fraction
    avg_session_duration  decimal(8,2),
    conversion_rate_pct   decimal(5,2),                     -- percent
    transactions          integer        not null,
    revenue               decimal(14,2)  not null,
    primary key (traffic_date, channel_group, device_category)
) diststyle even sortkey (traffic_date);
