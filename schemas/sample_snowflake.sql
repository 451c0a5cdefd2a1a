-- A streaming service: plans, subscribers and what they watch, as Snowflake would hold it.
use role transformer;
create database if not exists streambox;
create schema if not exists streambox.core;
use schema streambox.core;

create or replace table plan (
    plan_id         number(4,0)   not null primary key,
    plan_name       varchar(40)   not null unique comment 'shown on the invoice',
    monthly_price   number(8,2)   not null,
    max_screens     number(2,0)   default 1,
    is_offered      boolean       default true
) comment = 'What a subscriber can buy';

create or replace table subscriber (
    subscriber_id   number(12,0)  autoincrement start 1 increment 1,
    email           varchar(160)  not null with tag (governance.privacy = 'email'),
    display_name    string,
    country         varchar(2)    collate 'en-ci',
    birth_date      date          masking policy governance.mask_date,
    settings        variant,
    created_at      timestamp_ntz(9) not null default current_timestamp(),
    constraint subscriber_pk primary key (subscriber_id) rely
) cluster by (country, to_date(created_at));

create or replace transient table subscription (
    subscription_id number(14,0)  not null,
    subscriber_id   number(12,0)  not null,
    plan_id         number(4,0)   not null,
    started_on      date          not null,
    ended_on        date,
    renews          boolean,
    primary key (subscription_id),
    foreign key (subscriber_id) references subscriber (subscriber_id) not enforced,
    foreign key (plan_id) references streambox.core.plan (plan_id) not enforced
) data_retention_time_in_days = 1;

create table if not exists title (
    title_id        number(10,0)  primary key,
    title_name      varchar(200)  not null,
    kind            varchar(10)   not null,
    release_year    number(4,0),
    genres          array,
    "Age Rating"    varchar(8),
    runtime_minutes number(5,0)
);

create or replace table episode (
    title_id        number(10,0)  not null references title (title_id),
    season_no       number(3,0)   not null,
    episode_no      number(4,0)   not null,
    episode_name    varchar(200),
    aired_on        date,
    primary key (title_id, season_no, episode_no) rely
);

create or replace table viewing (
    viewing_id      number(18,0)  identity(1, 1) primary key,
    subscriber_id   number(12,0)  not null,
    title_id        number(10,0)  not null,
    device          varchar(20),
    started_at      timestamp_tz  not null,
    watched_seconds number(7,0)   not null,
    player          object,
    constraint viewing_subscriber foreign key (subscriber_id) references subscriber (subscriber_id),
    constraint viewing_title foreign key (title_id) references title (title_id)
);

create table viewing_archive like viewing;

create or replace view active_subscription as
select * from subscription where ended_on is null;

create or replace stage core_landing file_format = (type = csv);
copy into plan from @core_landing/plan/ on_error = 'skip_file';
grant select on all tables in schema streambox.core to role analyst;
