-- Bicycle workshops in Snowflake, with the sessions, stages, views and policies that such scripts carry.
use role sysadmin;
create database if not exists bikes;
use database bikes;
create schema if not exists bikes.shop;
create or replace warehouse load_wh warehouse_size = 'xsmall' auto_suspend = 60;

create or replace table bikes.shop.region (
    region_id   number(18,0) not null,
    region      varchar(16777216),
    iso_country varchar(2) comment 'two letters; ISO 3166',
    primary key (region_id)
) comment = 'where the workshops are';

create or replace table bikes.shop.workshop (
    workshop_id   number(19,0) autoincrement,
    region_id     number(18,0),
    name          string not null,
    opened_on     date,
    is_open       boolean default true,
    opening_hours variant,
    latitude      float,
    constraint pk_workshop primary key (workshop_id) rely,
    constraint fk_region foreign key (region_id) references bikes.shop.region (region_id) not enforced
) cluster by (region_id);

create or replace table bikes.shop.spare_part (
    spare_part_id number(19,0) primary key,
    name          varchar(200),
    price_usd     number(38,4),
    fits          array,
    properties    object
);

create or replace transient table bikes.shop.repair (
    repair_id     number(38,0) not null unique,
    workshop_id   float,
    customer_id   number(38,0),
    brought_at    timestamp_ntz(9),
    fetched_at    timestamp_ntz(9),
    loaded_at     timestamp_ltz default current_timestamp()
) data_retention_time_in_days = 0;

create or replace table bikes.shop.repair_line (
    repair_id       number(38,0),
    line_number     number(38,0),
    spare_part_id   number(38,0),
    quantity        number(5,0),
    price           number(38,4),
    "Mechanic Note" varchar(16777216),
    primary key (repair_id, line_number)
);

create or replace table bikes.shop.customer (
    customer_id    number(38,0) not null,
    first_name     varchar(16777216),
    last_name      varchar(16777216),
    birthday_date  date,
    e_mail         varchar(16777216) with tag (governance.pii = 'email'),
    phone_number   varchar(16777216) masking policy governance.phone_mask
);

create or replace view bikes.shop.repairs_v as
select r.repair_id, r.brought_at, l.quantity from bikes.shop.repair_line l join bikes.shop.repair r on l.repair_id = r.repair_id;

create or replace stage bikes.shop.landing url = 's3://somewhere/landing/' file_format = (type = csv);
copy into bikes.shop.region (region_id, region) from @bikes.shop.landing/region/;
grant usage on database bikes to role analyst;
