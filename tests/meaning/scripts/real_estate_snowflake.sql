-- Listings, viewings, offers and sales of an estate agency, plus the market by postcode.
create or replace database estate_dw;
create or replace schema estate_dw.core;
use schema estate_dw.core;

create or replace table agency_branches (
    branch_id           int            not null primary key,
    branch_name         varchar(60)    not null,
    street_address      varchar(120),
    city                varchar(60)    not null,
    postcode            varchar(10),
    phone_number        varchar(20),
    email               varchar(120),
    website             varchar(200),
    opened_on           date
);

create or replace table agents (
    agent_id            int            not null primary key,
    branch_id           int            not null references agency_branches (branch_id),
    first_name          varchar(40)    not null,
    last_name           varchar(60)    not null,
    mobile              varchar(20),
    email               varchar(120)   not null unique,
    licence_no          varchar(16),
    commission_rate     number(5,4)    comment 'Fraction of the sale price, 0.0150 is 1.5 percent',
    photo_url           varchar(300),
    hired_date          date           not null,
    left_date           date,
    is_active           boolean        default true
);

create or replace table property_types (
    property_type_code  varchar(4)     not null primary key,
    property_type       varchar(30)    not null
);

insert into property_types (property_type_code, property_type)
values ('DET', 'Detached house'), ('SEMI', 'Semi-detached house'), ('TERR', 'Terraced house'),
       ('FLAT', 'Flat'), ('LAND', 'Building land');

create or replace table properties (
    property_id         number(12,0)   autoincrement primary key,
    parcel_number       varchar(20)    unique,
    property_type_code  varchar(4)     not null references property_types (property_type_code),
    house_number        varchar(8),
    street_name         varchar(80),
    unit_number         varchar(8),
    city                varchar(60)    not null,
    county              varchar(60),
    state               varchar(2),
    zip                 varchar(10),
    country             varchar(2)     default 'US',
    latitude            number(9,6),
    longitude           number(9,6),
    location            geography,
    year_built          number(4,0),
    bedrooms            number(2,0),
    bathrooms           number(3,1)    comment 'A half is a toilet without a bath',
    floors              number(2,0),
    living_area_sqft    number(7,0),
    lot_size_acres      number(8,3),
    garage_spaces       number(2,0),
    heating_type        varchar(20),
    energy_rating       varchar(1)     comment 'From A to G',
    has_pool            boolean        default false,
    has_garden          boolean        default false,
    hoa_fee_monthly     number(8,2),
    assessed_value      number(12,2),
    annual_property_tax number(10,2),
    created_at          timestamp_ntz  default current_timestamp(),
    updated_at          timestamp_ntz
);

create or replace table listings (
    listing_id          number(12,0)   not null primary key,
    mls_number          varchar(12)    unique,
    property_id         number(12,0)   not null references properties (property_id),
    agent_id            int            not null references agents (agent_id),
    listing_status      varchar(12)    not null comment 'active, pending, sold, withdrawn, expired',
    headline            varchar(120),
    description         text,
    list_price          number(12,2)   not null,
    original_price      number(12,2)   not null,
    price_per_sqft      number(9,2),
    min_acceptable_price number(12,2),
    listed_date         date           not null,
    expires_date        date,
    withdrawn_date      date,
    days_on_market      number(5,0),
    view_count          number(7,0)    default 0,
    virtual_tour_url    varchar(300),
    amenities           array
);

create or replace table viewings (
    viewing_id          number(14,0)   not null primary key,
    listing_id          number(12,0)   not null references listings (listing_id),
    visitor_name        varchar(100)   not null,
    visitor_phone       varchar(20),
    visitor_email       varchar(120),
    scheduled_start     timestamp_ntz  not null,
    scheduled_end       timestamp_ntz  not null,
    attended            boolean,
    interest_level      number(1,0)    comment '1 low, 5 high',
    feedback            varchar(500)
);

create or replace table offers (
    offer_id            number(14,0)   not null primary key,
    listing_id          number(12,0)   not null references listings (listing_id),
    offer_no            number(3,0)    not null comment 'Counts from 1 within the listing',
    buyer_name          varchar(100)   not null,
    offer_amount        number(12,2)   not null,
    deposit_amount      number(12,2),
    loan_to_value_pct   number(5,2),
    is_cash_buyer       boolean        default false,
    submitted_at        timestamp_ntz  not null,
    responded_at        timestamp_ntz,
    offer_status        varchar(10)    default 'open'
);

create or replace table sales (
    sale_id             number(12,0)   not null primary key,
    listing_id          number(12,0)   not null unique references listings (listing_id),
    offer_id            number(14,0)   references offers (offer_id),
    contract_date       date           not null,
    closing_date        date           not null,
    sale_price          number(12,2)   not null,
    commission_rate     number(5,4)    not null,
    commission_amount   number(12,2)   as (sale_price * commission_rate),
    transfer_tax        number(12,2),
    mortgage_rate_pct   number(5,3),
    mortgage_term_years number(2,0),
    buyer_age           number(3,0)
);

create or replace table market_stats_monthly (
    zip                 varchar(10)    not null,
    month_start         date           not null,
    homes_sold          number(6,0)    not null,
    min_sale_price      number(12,2),
    median_sale_price   number(12,2),
    avg_sale_price      number(12,2),
    max_sale_price      number(12,2),
    avg_days_on_market  number(6,1),
    yoy_change_pct      number(6,2)    comment 'May be negative',
    primary key (zip, month_start)
);
