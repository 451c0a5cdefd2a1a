-- A shop of bicycle parts: landing tables, a calendar, dimensions and facts, in the manner of a young Redshift team.
create schema if not exists landing;

create table landing.raw_orders (
    order_id varchar(36) not null,
    order_ts varchar(32),
    order_date varchar(10),
    amount varchar(50),
    quantity varchar(12),
    is_gift varchar(5),
    lat varchar(20),
    updated_ms varchar(20),
    payload varchar(4000),
    row_hash char(32)
);

create table dim_calendar (
    date_key int not null primary key,
    full_date date not null,
    calendaryear int not null,
    quarter int not null,
    month_of_year smallint not null,
    month_name varchar(9) not null,
    week_of_year smallint not null,
    day_of_week smallint not null,
    day_name varchar(3) not null,
    is_weekend boolean not null,
    first_day_of_month date not null
);

create table dim_customer (
    customer_id varchar(36) not null primary key,
    email varchar(40) not null,
    phone varchar(20),
    education varchar(20),
    city varchar(12),
    state char(2),
    postal_code varchar(10),
    country_code char(2),
    currency_code char(3),
    latitude decimal(9,6),
    longitude decimal(9,6),
    birth_date date,
    age int,
    is_deleted boolean not null,
    created_at timestamp not null,
    updated_at timestamp not null,
    deleted_at timestamp
);

create table fact_order_lines (
    order_number bigint not null,
    line_number smallint not null,
    customer_id varchar(36) not null references dim_customer (customer_id),
    order_date date not null,
    order_ts timestamp not null,
    shipDate date,
    delivereddate date,
    quantity int not null,
    unit_price decimal(10,2) not null,
    discount decimal(4,2) not null,
    line_total decimal(12,2) not null,
    tax_rate decimal(5,4) not null,
    min_price decimal(8,2) not null,
    max_price decimal(8,2) not null,
    promo_code varchar(20),
    primary key (order_number, line_number)
);
