-- Raw vault of an order system. Hash keys are MD5 in hexadecimal, hash differences SHA-256 in hexadecimal.
create schema if not exists raw_vault;

create or replace table raw_vault.hub_customer (
    customer_hk     char(32)        not null comment 'MD5 of the business key',
    customer_bk     varchar(20)     not null comment 'Customer number of the source',
    load_dts        timestamp_ntz   not null,
    record_source   varchar(50)     not null,
    constraint pk_hub_customer primary key (customer_hk),
    constraint uq_hub_customer unique (customer_bk)
);

create or replace table raw_vault.hub_product (
    product_hk      char(32)        not null,
    product_bk      varchar(30)     not null comment 'Stock keeping unit',
    load_dts        timestamp_ntz   not null,
    record_source   varchar(50)     not null,
    constraint pk_hub_product primary key (product_hk)
);

create or replace table raw_vault.hub_order (
    order_hk        char(32)        not null,
    order_bk        number(18,0)    not null,
    load_dts        timestamp_ntz   not null,
    record_source   varchar(50)     not null,
    constraint pk_hub_order primary key (order_hk)
);

create or replace table raw_vault.link_customer_order (
    customer_order_hk   char(32)        not null,
    customer_hk         char(32)        not null,
    order_hk            char(32)        not null,
    load_dts            timestamp_ntz   not null,
    record_source       varchar(50)     not null,
    constraint pk_link_customer_order primary key (customer_order_hk),
    constraint fk_lco_customer foreign key (customer_hk) references raw_vault.hub_customer (customer_hk),
    constraint fk_lco_order foreign key (order_hk) references raw_vault.hub_order (order_hk)
);

-- The references of this link are by convention only.
create or replace table raw_vault.link_order_product (
    order_product_hk    char(32)        not null primary key,
    order_hk            char(32)        not null,
    product_hk          char(32)        not null,
    line_number         number(4,0)     not null comment 'Dependent child key',
    load_dts            timestamp_ntz   not null,
    record_source       varchar(50)     not null
);

create or replace table raw_vault.sat_customer_details (
    customer_hk     char(32)        not null,
    load_dts        timestamp_ntz   not null,
    load_end_dts    timestamp_ntz,
    is_current      boolean         not null default true,
    hash_diff       char(64)        not null,
    record_source   varchar(50)     not null,
    first_name      varchar(50),
    last_name       varchar(50),
    email           varchar(254),
    phone           varchar(20),
    birth_date      date,
    country_code    char(2),
    marketing_consent_flag  char(1),
    constraint pk_sat_customer_details primary key (customer_hk, load_dts),
    constraint fk_sat_customer_details foreign key (customer_hk) references raw_vault.hub_customer (customer_hk)
)
cluster by (load_dts);

create or replace table raw_vault.sat_product_price (
    product_hk      char(32)        not null,
    load_dts        timestamp_ntz   not null,
    load_end_dts    timestamp_ntz,
    hash_diff       char(64)        not null,
    record_source   varchar(50)     not null,
    product_name    varchar(120),
    category        varchar(40),
    list_price      number(12,2),
    cost_price      number(12,2),
    currency_code   char(3),
    price_valid_from date,
    price_valid_to  date,
    constraint pk_sat_product_price primary key (product_hk, load_dts),
    constraint fk_sat_product_price foreign key (product_hk) references raw_vault.hub_product (product_hk)
);

create or replace table raw_vault.sat_order_status (
    order_hk        char(32)        not null,
    load_dts        timestamp_ntz   not null,
    hash_diff       char(64)        not null,
    record_source   varchar(50)     not null,
    order_status    varchar(12),
    ordered_at      timestamp_ntz,
    shipped_at      timestamp_ntz,
    delivered_at    timestamp_ntz,
    is_cancelled    boolean,
    payload         variant,
    constraint pk_sat_order_status primary key (order_hk, load_dts)
)
cluster by (to_date(load_dts));

create or replace table raw_vault.sat_link_order_product (
    order_product_hk    char(32)        not null,
    load_dts            timestamp_ntz   not null,
    hash_diff           char(64)        not null,
    record_source       varchar(50)     not null,
    quantity            number(9,0),
    unit_price          number(12,2),
    discount_pct        number(5,2),
    line_amount         number(14,2),
    constraint pk_sat_lop primary key (order_product_hk, load_dts),
    constraint fk_sat_lop foreign key (order_product_hk) references raw_vault.link_order_product (order_product_hk)
);
