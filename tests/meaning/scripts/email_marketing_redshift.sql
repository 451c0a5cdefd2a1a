/* E-mail marketing: lists, campaigns, sends, and what people did with the message.
   The daily rollup is what the dashboard reads. */
create schema if not exists mktg;

create table mktg.contacts (
    contact_id          char(36)      not null,           -- uuid as text
    email_address       varchar(254)  not null,
    email_sha256        char(64),
    first_name          varchar(50),
    last_name           varchar(80),
    company             varchar(120),
    job_title           varchar(80),
    country_code        char(2)       encode bytedict,
    time_zone           varchar(40),
    language_code       varchar(5)    default 'en',
    signup_source       varchar(30),
    signup_ip           varchar(45),
    age                 smallint,
    lead_score          smallint      default 0,          -- 0 to 100
    opted_in            boolean       not null default false,
    opted_in_at         timestamp,
    is_unsubscribed     boolean       not null default false,
    unsubscribed_at     timestamp,
    is_deleted          boolean       not null default false,
    deleted_at          timestamp,
    created_at          timestamp     not null default sysdate,
    updated_at          timestamp     not null default sysdate,
    primary key (contact_id)
) distkey (contact_id) sortkey (created_at);

create table mktg.lists (
    list_id             integer       identity(1, 1) not null,
    list_name           varchar(80)   not null,
    description         varchar(500),
    is_public           boolean       default false,
    member_count        integer       default 0,
    created_at          timestamp     not null,
    primary key (list_id)
) diststyle all;

create table mktg.list_members (
    list_id             integer       not null,
    contact_id          char(36)      not null,
    status              varchar(12)   not null default 'subscribed',
    joined_at           timestamp     not null,
    left_at             timestamp,
    primary key (list_id, contact_id),
    foreign key (list_id) references mktg.lists (list_id),
    foreign key (contact_id) references mktg.contacts (contact_id)
) distkey (contact_id);

create table mktg.templates (
    template_id         integer       not null primary key,
    template_name       varchar(80)   not null,
    subject_line        varchar(150)  not null,
    preheader           varchar(150),
    html_body           varchar(65535) encode zstd,
    version             smallint      not null default 1,
    is_active           boolean       default true
) diststyle all;

create table mktg.campaigns (
    campaign_id         integer       not null,
    campaign_name       varchar(120)  not null,
    campaign_type       varchar(20)   not null,           -- newsletter, promo, drip, transactional
    status              varchar(12)   not null default 'draft',
    template_id         integer       references mktg.templates (template_id),
    list_id             integer       references mktg.lists (list_id),
    from_name           varchar(60),
    from_email          varchar(120)  not null,
    reply_to            varchar(120),
    utm_source          varchar(40),
    utm_medium          varchar(40),
    utm_campaign        varchar(80),
    budget_usd          decimal(10,2),
    scheduled_at        timestamp,
    started_at          timestamp,
    finished_at         timestamp,
    primary key (campaign_id)
) diststyle all sortkey (started_at);

create table mktg.sends (
    send_id             bigint        not null,
    campaign_id         integer       not null references mktg.campaigns (campaign_id),
    contact_id          char(36)      not null references mktg.contacts (contact_id),
    ab_variant          char(1)       default 'A',
    message_id          varchar(120),
    sent_at             timestamp     not null,
    delivered_at        timestamp,
    bounced             boolean       default false,
    bounce_type         varchar(4),                       -- hard, soft
    smtp_code           smallint,
    first_opened_at     timestamp,
    first_clicked_at    timestamp,
    open_count          smallint      default 0,
    click_count         smallint      default 0,
    primary key (send_id)
) distkey (contact_id) compound sortkey (sent_at, campaign_id);

create table mktg.engagement_events (
    event_id            varchar(32)   not null,           -- md5 of the payload
    send_id             bigint        not null references mktg.sends (send_id),
    event_type          varchar(12)   not null,           -- open, click, unsubscribe, complaint
    event_ts            timestamptz   not null,
    link_url            varchar(2048) encode zstd,
    user_agent          varchar(512)  encode zstd,
    ip_address          varchar(45),
    device_type         varchar(10),
    email_client        varchar(30),
    geo_city            varchar(80),
    geo_country         char(2),
    primary key (event_id)
) distkey (send_id) sortkey (event_ts);

create table mktg.campaign_daily (
    campaign_id         integer       not null references mktg.campaigns (campaign_id),
    activity_date       date          not null,
    sent                integer       not null,
    delivered           integer       not null,
    unique_opens        integer       not null,
    total_opens         integer       not null,
    unique_clicks       integer       not null,
    unsubscribes        integer       not null,
    open_rate           decimal(6,4),                     -- fraction of delivered
    click_through_rate  decimal(6,4),
    bounce_rate_pct     decimal(5,2),                     -- percent
    revenue_usd         decimal(12,2),
    primary key (campaign_id, activity_date)
) diststyle even sortkey (activity_date);
