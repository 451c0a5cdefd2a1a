create table stores (
    store_id integer not null primary key,
    store_name varchar(80) not null,
    city varchar(60) not null,
    region varchar(30) not null,
    opened_on date not null,
    format varchar(20) not null
) diststyle all;
create table products (
    product_id integer not null primary key,
    sku varchar(20) not null,
    product_name varchar(120) not null,
    category varchar(40) not null,
    subcategory varchar(40) not null,
    brand varchar(40) not null,
    list_price numeric(10,2) not null,
    discontinued boolean not null default false
) diststyle all;
create table customers (
    customer_id bigint not null primary key,
    email varchar(160) not null,
    first_name varchar(60),
    last_name varchar(60),
    loyalty_tier varchar(12),
    signup_channel varchar(30) not null,
    created_at timestamp not null,
    postal_code varchar(10),
    country varchar(2) not null
) distkey (customer_id);
create table orders (
    order_id bigint not null primary key,
    customer_id bigint not null references customers (customer_id),
    store_id integer references stores (store_id),
    ordered_at timestamp not null,
    status varchar(20) not null,
    promo_code varchar(24),
    payment_method varchar(24) not null,
    shipping_cost numeric(8,2) not null,
    total_amount numeric(12,2) not null
) distkey (customer_id) sortkey (ordered_at);
create table order_items (
    order_item_id bigint not null primary key,
    order_id bigint not null references orders (order_id),
    product_id integer not null references products (product_id),
    quantity smallint not null,
    unit_price numeric(10,2) not null,
    discount_pct numeric(5,2) not null default 0
) distkey (order_id);
create table returns (
    return_id bigint not null primary key,
    order_item_id bigint not null references order_items (order_item_id),
    returned_at timestamp not null,
    reason_code varchar(12) not null,
    refund_amount numeric(10,2) not null
);
create table web_sessions (
    session_id varchar(32) not null primary key,
    customer_id bigint references customers (customer_id),
    started_at timestamp not null,
    utm_source varchar(40),
    utm_campaign varchar(80),
    device varchar(20) not null,
    landing_page varchar(255) not null,
    pageviews integer not null,
    converted boolean not null
) sortkey (started_at);
create table inventory_snapshots (
    snapshot_date date not null,
    store_id integer not null references stores (store_id),
    product_id integer not null references products (product_id),
    on_hand integer not null,
    on_order integer not null,
    primary key (snapshot_date, store_id, product_id)
);
