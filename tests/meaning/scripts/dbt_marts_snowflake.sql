-- What a dbt project of an online shop leaves in Snowflake: staging, intermediate, and marts.
-- No keys are declared, as the tests of the project check them; surrogate keys are MD5 hashes as text.
create or replace schema analytics.dbt_prod;
use schema analytics.dbt_prod;

create or replace transient table stg_shop__customers (
    customer_id             number(38,0),
    first_name              varchar(16777216),
    last_name               varchar(16777216),
    email                   varchar(16777216),
    phone                   varchar(16777216),
    accepts_marketing       boolean,
    is_deleted              boolean,
    created_at              timestamp_ntz(9),
    updated_at              timestamp_ntz(9),
    deleted_at              timestamp_ntz(9),
    _fivetran_synced        timestamp_tz(9),
    _fivetran_deleted       boolean
);

create or replace transient table stg_shop__orders (
    order_id                number(38,0),
    customer_id             number(38,0),
    order_number            varchar(16777216),
    order_status            varchar(16777216),
    currency_code           varchar(3),
    subtotal_cents          number(38,0),
    tax_cents               number(38,0),
    shipping_cents          number(38,0),
    total_cents             number(38,0),
    ordered_at              timestamp_ntz(9),
    shipped_at              timestamp_ntz(9),
    cancelled_at            timestamp_ntz(9),
    _fivetran_synced        timestamp_tz(9)
);

create or replace transient table int_order_items_joined (
    order_item_key          varchar(32) comment 'MD5 of order_id and line_number',
    order_id                number(38,0),
    line_number             number(38,0),
    product_id              number(38,0),
    sku                     varchar(40),
    quantity                number(38,0),
    list_price              number(12,2),
    unit_price              number(12,2),
    discount_rate           number(5,4) comment 'Fraction from 0 to 1',
    gross_item_amount       number(14,2) comment 'quantity * unit_price',
    discount_amount         number(14,2),
    net_item_amount         number(14,2) comment 'quantity * unit_price * (1 - discount_rate)'
);

create or replace table dim_customers (
    customer_key            varchar(32)   not null,
    customer_id             number(38,0)  not null,
    full_name               varchar(200),
    email_domain            varchar(100),
    billing_city            varchar(80),
    billing_state           varchar(40),
    billing_postal_code     varchar(12),
    billing_country         varchar(60),
    first_order_date        date,
    most_recent_order_date  date,
    number_of_orders        number(9,0),
    lifetime_value          number(14,2),
    average_order_value     number(12,2),
    customer_segment        varchar(20),
    is_repeat_customer      boolean,
    dbt_valid_from          timestamp_ntz not null,
    dbt_valid_to            timestamp_ntz,
    dbt_scd_id              varchar(32),
    dbt_updated_at          timestamp_ntz
);

create or replace table dim_products (
    product_key             varchar(32)   not null,
    product_id              number(38,0)  not null,
    product_name            varchar(200)  not null,
    product_category        varchar(60),
    product_subcategory     varchar(60),
    brand_name              varchar(60),
    product_url             varchar(400),
    color                   varchar(20),
    size                    varchar(6),
    list_price              number(12,2),
    sale_price              number(12,2),
    unit_cost               number(12,2),
    margin_pct              number(5,2),
    is_active               boolean
);

create or replace table dim_dates (
    date_key                number(8,0)   not null comment '20240131',
    date_day                date          not null,
    prior_date_day          date,
    next_date_day           date,
    day_of_week             number(1,0),
    day_of_week_iso         number(1,0),
    day_of_week_name        varchar(9),
    day_of_week_name_short  varchar(3),
    week_start_date         date,
    week_end_date           date,
    iso_week_of_year        number(2,0),
    month_of_year           number(2,0),
    month_name              varchar(9),
    month_start_date        date,
    month_end_date          date,
    quarter_of_year         number(1,0),
    year_number             number(4,0),
    fiscal_year             number(4,0)   comment 'Begins in February, named by the year it ends in',
    fiscal_quarter          varchar(6)    comment 'FY24Q1',
    is_weekend              boolean,
    is_last_day_of_month    boolean
);

create or replace table fct_orders (
    order_key               varchar(32)   not null,
    order_id                number(38,0)  not null,
    customer_key            varchar(32)   not null,
    order_date_key          number(8,0)   not null,
    order_status            varchar(20),
    item_count              number(6,0),
    subtotal_amount         number(14,2),
    discount_amount         number(14,2),
    tax_amount              number(14,2),
    shipping_amount         number(14,2),
    total_amount            number(14,2),
    is_first_order          boolean,
    days_since_prior_order  number(6,0),
    ordered_at              timestamp_ntz,
    shipped_at              timestamp_ntz,
    delivered_at            timestamp_ntz
) cluster by (order_date_key);

create or replace table fct_order_items (
    order_item_key          varchar(32)   not null,
    order_key               varchar(32)   not null,
    product_key             varchar(32)   not null,
    line_number             number(4,0)   not null,
    quantity                number(6,0)   not null,
    unit_price              number(12,2)  not null,
    discount_rate           number(5,4)   not null,
    line_total              number(14,2)  not null,
    is_returned             boolean,
    returned_at             timestamp_ntz
);

comment on table fct_orders is 'One row for each order, cancelled ones too';
