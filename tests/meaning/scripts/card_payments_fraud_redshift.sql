-- Card payments from the authorisation to the settlement, with fraud scores and chargebacks.
create schema if not exists payments;
set search_path to payments;

create table merchant_category (
    mcc                   char(4)        not null primary key,
    mcc_description       varchar(80)    not null,
    risk_level            varchar(6)     not null           -- low, medium, high
) diststyle all;

insert into merchant_category values
    ('5411', 'Grocery stores', 'low'),
    ('5812', 'Restaurants', 'low'),
    ('5732', 'Electronics', 'medium'),
    ('4829', 'Money transfer', 'high'),
    ('7995', 'Gambling', 'high');

create table response_code (
    response_code         char(2)        not null primary key,
    response_text         varchar(40)    not null,
    is_approved           boolean        not null,
    is_soft_decline       boolean        not null default false
) diststyle all;

insert into response_code values
    ('00', 'Approved', true, false), ('05', 'Do not honour', false, true),
    ('51', 'Insufficient funds', false, true), ('54', 'Expired card', false, false),
    ('59', 'Suspected fraud', false, false);

create table merchant (
    merchant_id           varchar(15)    not null,
    merchant_name         varchar(40)    not null,
    legal_entity_name     varchar(100),
    mcc                   char(4)        not null references merchant_category (mcc),
    merchant_city         varchar(40),
    merchant_postcode     varchar(10),
    merchant_country      char(2)        not null,
    settlement_currency   char(3)        not null,
    iban                  varchar(34),
    bic                   varchar(11),
    mdr_bps               smallint       not null,          -- merchant discount in basis points
    onboarded_on          date           not null,
    terminated_on         date,
    website               varchar(200),
    primary key (merchant_id)
) diststyle all;

create table cardholder (
    cardholder_id         bigint         not null,
    full_name             varchar(100)   not null,
    birth_date            date           not null,
    email                 varchar(160),
    phone_e164            varchar(16),
    country_iso2          char(2)        not null,
    kyc_status            varchar(10)    default 'pending',
    kyc_verified_at       timestamp,
    risk_band             char(1),                           -- A to E
    primary key (cardholder_id)
) distkey (cardholder_id);

create table card (
    card_token            char(36)       not null,          -- uuid that stands for the number
    cardholder_id         bigint         not null references cardholder (cardholder_id),
    bin                   char(6)        not null,
    last4                 char(4)        not null,
    card_scheme           varchar(12)    not null,          -- VISA, MASTERCARD, AMEX
    card_type             varchar(7)     not null,          -- debit, credit, prepaid
    expiry_month          smallint       not null,
    expiry_year           smallint       not null,
    issuing_country       char(2),
    credit_limit          decimal(12,2),
    available_credit      decimal(12,2),
    is_virtual            boolean        default false,
    is_blocked            boolean        default false,
    blocked_at            timestamp,
    issued_at             timestamp      not null,
    primary key (card_token)
) distkey (cardholder_id);

create table authorisation (
    auth_id               bigint         not null,
    rrn                   char(12)       not null,          -- retrieval reference number
    auth_code             char(6),
    card_token            char(36)       not null references card (card_token),
    merchant_id           varchar(15)    not null references merchant (merchant_id),
    terminal_id           char(8),
    authorised_at         timestamp      not null,
    amount                decimal(12,2)  not null,
    currency              char(3)        not null,
    amount_usd            decimal(12,2)  not null,
    fx_rate               decimal(14,8)  not null,
    entry_mode            varchar(12)    not null,          -- chip, contactless, swipe, ecom
    response_code         char(2)        not null references response_code (response_code),
    is_3ds                boolean        default false,
    eci                   char(2),
    avs_result            char(1),
    cvv_result            char(1),
    ip_address            varchar(45),
    ip_country            char(2),
    device_fingerprint    char(64),
    user_agent            varchar(400)   encode zstd,
    latitude              decimal(9,6),
    longitude             decimal(9,6),
    primary key (auth_id)
) distkey (card_token) compound sortkey (authorised_at, merchant_id);

create table settlement (
    settlement_id         bigint         not null,
    auth_id               bigint         not null references authorisation (auth_id),
    captured_at           timestamp      not null,
    cleared_at            timestamp,
    settled_at            timestamp,
    captured_amount       decimal(12,2)  not null,
    refunded_amount       decimal(12,2)  not null default 0,
    interchange_fee       decimal(10,4)  not null,
    scheme_fee            decimal(10,4)  not null,
    acquirer_fee          decimal(10,4)  not null,
    total_fees            decimal(10,4)  not null,
    net_amount            decimal(12,2)  not null,          -- captured less refunds and fees
    settlement_batch_no   varchar(12),
    primary key (settlement_id)
) sortkey (settled_at);

create table fraud_score (
    auth_id               bigint         not null references authorisation (auth_id),
    model_version         varchar(10)    not null,
    fraud_probability     decimal(7,6)   not null,          -- 0 to 1
    risk_score            smallint       not null,          -- 0 to 999
    decision              varchar(8)     not null,          -- approve, review, decline
    txn_count_24h         smallint,
    amount_sum_24h        decimal(12,2),
    distance_from_home_km decimal(8,1),
    scored_at             timestamp      not null,
    is_confirmed_fraud    boolean,
    confirmed_at          timestamp,
    primary key (auth_id, model_version)
);

create table chargeback (
    chargeback_id         bigint         not null primary key,
    settlement_id         bigint         not null references settlement (settlement_id),
    reason_code           varchar(6)     not null,
    disputed_amount       decimal(12,2)  not null,
    opened_on             date           not null,
    respond_by            date           not null,
    resolved_on           date,
    outcome               varchar(8)                         -- won, lost, pending
);
