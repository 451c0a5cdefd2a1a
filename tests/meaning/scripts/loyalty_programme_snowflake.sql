-- Loyalty of a retail chain: members, tiers, points earned and burnt, rewards.
-- Keys are known to the analysts but not declared, apart from the primary ones.
use schema loyalty.mart;

create or replace table tier_lkp (
    tier_cd             char(1)        not null,
    tier_nm             varchar(10)    not null,
    tier_rank           number(1,0)    not null,
    min_points          number(9,0)    not null,
    max_points          number(9,0),
    earn_multiplier     number(4,2)    not null,
    birthday_bonus_pts  number(6,0)    default 0,
    primary key (tier_cd)
);

insert into tier_lkp values
    ('B', 'Bronze', 1, 0, 4999, 1.00, 100),
    ('S', 'Silver', 2, 5000, 19999, 1.25, 250),
    ('G', 'Gold', 3, 20000, 49999, 1.50, 500),
    ('P', 'Platinum', 4, 50000, null, 2.00, 1000);

create or replace table store_dim (
    store_key           number(6,0)    not null primary key,
    store_nbr           varchar(5)     not null,
    store_nm            varchar(60)    not null,
    banner              varchar(20),
    addr_line_1         varchar(100),
    city_nm             varchar(60),
    state_cd            varchar(2),
    zip_cd              varchar(10),
    country_cd          varchar(2)     default 'US',
    region_nm           varchar(30),
    open_dt             date           not null,
    close_dt            date,
    selling_area_sqft   number(7,0),
    lat                 number(8,5),
    lon                 number(8,5)
);

create or replace table member_dim (
    member_key          number(12,0)   not null primary key,
    member_id           varchar(12)    not null comment 'Card number without the check digit',
    card_nbr            varchar(16)    not null,
    tier_cd             char(1)        not null,
    first_nm            varchar(40),
    last_nm             varchar(60),
    gender_cd           char(1)        comment 'F, M, X or U',
    birth_dt            date,
    age_band            varchar(6)     comment '18-24, 25-34, up to 65+',
    email_addr          varchar(160),
    email_opt_in_yn     char(1)        default 'N',
    phone_nbr           varchar(20),
    sms_opt_in_yn       char(1)        default 'N',
    home_store_key      number(6,0),
    household_size      number(2,0),
    enroll_dt           date           not null,
    enroll_channel      varchar(10),
    last_activity_dt    date,
    points_balance      number(9,0)    default 0,
    lifetime_points     number(12,0)   default 0,
    eff_start_dt        date           not null,
    eff_end_dt          date           not null default '9999-12-31'::date,
    curr_flg            char(1)        not null default 'Y',
    row_hash            varchar(64)    comment 'SHA-256 of the tracked columns',
    dw_insert_ts        timestamp_ntz  default current_timestamp(),
    dw_update_ts        timestamp_ntz
);

create or replace table points_txn_fact (
    points_txn_id       number(18,0)   not null primary key,
    member_key          number(12,0)   not null,
    store_key           number(6,0),
    txn_dt_key          number(8,0)    not null comment 'YYYYMMDD',
    txn_ts              timestamp_ntz  not null,
    txn_type_cd         varchar(4)     not null comment 'EARN, BURN, EXPI, ADJU',
    receipt_nbr         varchar(20),
    spend_amt           number(10,2),
    base_points         number(7,0)    not null,
    bonus_points        number(7,0)    default 0,
    total_points        number(7,0)    as (base_points + bonus_points),
    multiplier          number(4,2)    default 1.00,
    points_expiry_dt    date,
    balance_after       number(9,0)
) cluster by (txn_dt_key);

create or replace table reward_dim (
    reward_key          number(6,0)    not null primary key,
    reward_cd           varchar(10)    not null,
    reward_nm           varchar(80)    not null,
    reward_type         varchar(12)    comment 'voucher, product, donation, upgrade',
    points_cost         number(7,0)    not null,
    retail_value_amt    number(8,2),
    stock_qty           number(6,0),
    start_dt            date           not null,
    end_dt              date,
    active_flg          char(1)        default 'Y',
    image_url           varchar(300)
);

create or replace table redemption_fact (
    redemption_id       number(14,0)   not null primary key,
    member_key          number(12,0)   not null,
    reward_key          number(6,0)    not null,
    redeemed_ts         timestamp_ntz  not null,
    voucher_cd          varchar(12),
    redeemed_qty        number(3,0)    default 1,
    points_used         number(8,0)    not null,
    voucher_valid_to_dt date,
    voucher_used_yn     char(1)        default 'N',
    voucher_used_ts     timestamp_ntz
);

create or replace table member_month_agg (
    member_key          number(12,0)   not null,
    month_key           number(6,0)    not null comment 'YYYYMM',
    visits_cnt          number(5,0)    not null,
    gross_sales_amt     number(12,2)   not null,
    discount_amt        number(12,2)   not null,
    net_sales_amt       number(12,2)   not null comment 'Gross less discount',
    avg_basket_amt      number(10,2),
    points_earned       number(9,0)    not null,
    points_redeemed     number(9,0)    not null,
    redemption_rate     number(5,4),
    churn_risk_pct      number(5,2),
    rfm_score           char(3)        comment 'Three digits from 1 to 5',
    primary key (member_key, month_key)
);
