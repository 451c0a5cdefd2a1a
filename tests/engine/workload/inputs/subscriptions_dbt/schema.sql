create table raw_billing.accounts (
    id varchar(18) not null primary key,
    account_name varchar(120) not null,
    billing_country char(2),
    industry varchar(60),
    created_at timestamp_ntz not null,
    owner_email varchar(120),
    is_test boolean default false,
    _fivetran_deleted boolean default false
);
create table raw_billing.subscriptions (
    id varchar(24) not null primary key,
    account_id varchar(18) not null references raw_billing.accounts (id),
    plan_code varchar(40) not null,
    status varchar(24) not null,
    started_at timestamp_ntz not null,
    canceled_at timestamp_ntz,
    quantity number(6,0) not null,
    mrr_cents number(12,0) not null,
    currency char(3) not null,
    _fivetran_deleted boolean default false
);
create table raw_billing.invoices (
    id varchar(24) not null primary key,
    subscription_id varchar(24) not null references raw_billing.subscriptions (id),
    invoice_number varchar(20) not null,
    issued_on date not null,
    due_on date not null,
    total_cents number(14,0) not null,
    state varchar(16) not null,
    _fivetran_deleted boolean default false
);
create table raw_billing.payments (
    id varchar(24) not null primary key,
    invoice_id varchar(24) not null references raw_billing.invoices (id),
    paid_at timestamp_ntz not null,
    amount_cents number(14,0) not null,
    method varchar(30) not null,
    failure_code varchar(60),
    processor varchar(20) not null
);
create table raw_app.users (
    user_id number(18,0) not null primary key,
    account_id varchar(18) not null references raw_billing.accounts (id),
    email varchar(160) not null,
    role varchar(20) not null,
    last_seen_at timestamp_ntz
);
create table raw_app.events (
    event_id number(18,0) not null primary key,
    user_id number(18,0) not null references raw_app.users (user_id),
    event_name varchar(80) not null,
    occurred_at timestamp_ntz not null,
    platform varchar(16),
    app_version varchar(16)
);
create table raw_support.tickets (
    ticket_id number(18,0) not null primary key,
    account_id varchar(18) not null references raw_billing.accounts (id),
    opened_at timestamp_ntz not null,
    solved_at timestamp_ntz,
    priority varchar(10) not null,
    subject varchar(200),
    satisfaction number(1,0)
);
create table raw_support.country_codes (
    iso2 char(2) not null primary key,
    country_name varchar(80) not null,
    region varchar(30) not null
);
