-- Subscriptions of a software company and the movement of monthly recurring revenue (MRR).
create table if not exists analytics.dim_plan (
    plan_id             varchar(24)     not null primary key comment 'Such as plan_team_monthly',
    plan_name           varchar(40)     not null,
    tier                varchar(4)      comment 'free, pro, team or ent',
    billing_interval    varchar(5)      comment 'month or year',
    price_per_seat      number(8,2),
    included_seats      number(4,0),
    trial_days          number(3,0)     default 14,
    is_public           boolean         default true
);

create table if not exists analytics.dim_month (
    month_key           number(6,0)     not null primary key comment 'Such as 202405',
    month_start         date            not null,
    month_end           date            not null,
    month_label         varchar(8),
    year_number         number(4,0),
    quarter_number      number(1,0),
    days_in_month       number(2,0),
    is_current_month    boolean
);

create table if not exists analytics.account (
    account_id          varchar(36)     not null primary key,
    company_name        varchar(120)    not null,
    domain              varchar(100),
    slug                varchar(60),
    industry            varchar(40),
    employee_band       varchar(7)      comment 'Such as 11-50',
    country_iso         char(2),
    vat_id              varchar(14),
    signup_source       varchar(10),
    signed_up_at        timestamp_ntz   not null,
    activated_at        timestamp_ntz,
    churned_at          timestamp_ntz,
    is_churned          boolean         not null default false,
    health_score        number(3,0),
    nps_score           number(2,0)
);

create table if not exists analytics.app_user (
    user_id             varchar(36)     not null primary key,
    account_id          varchar(36)     not null references analytics.account (account_id),
    username            varchar(30),
    email               varchar(160)    not null,
    email_verified      boolean,
    email_verified_at   timestamp_ntz,
    role                varchar(6)      not null default 'member',
    locale              varchar(5),
    timezone            varchar(40),
    avatar_url          varchar(300),
    last_login_at       timestamp_ntz,
    last_login_ip       varchar(45),
    login_count         number(9,0),
    created_at          timestamp_ntz   not null,
    deactivated_at      timestamp_ntz
);

create table if not exists analytics.subscription (
    subscription_id     varchar(28)     not null primary key comment 'Such as sub_ and 24 letters or digits',
    account_id          varchar(36)     not null references analytics.account (account_id),
    plan_id             varchar(24)     not null references analytics.dim_plan (plan_id),
    status              varchar(10)     not null,
    seats               number(5,0)     not null,
    discount_percent    number(5,2),
    coupon_code         varchar(16),
    mrr                 number(12,2),
    arr                 number(12,2) as (mrr * 12),
    trial_start         timestamp_ntz,
    trial_end           timestamp_ntz,
    current_period_start timestamp_ntz  not null,
    current_period_end  timestamp_ntz   not null,
    cancel_at_period_end boolean        default false,
    canceled_at         timestamp_ntz,
    cancellation_reason varchar(60),
    created_at          timestamp_ntz   not null
);

create table if not exists analytics.invoice (
    invoice_id          number(12,0)    autoincrement primary key,
    invoice_number      varchar(16)     not null,
    subscription_id     varchar(28)     not null references analytics.subscription (subscription_id),
    currency            char(3)         not null default 'USD',
    subtotal            number(12,2)    not null,
    discount_amount     number(12,2)    default 0,
    tax_rate            number(5,4),
    tax_amount          number(12,2),
    total               number(12,2)    not null,
    amount_paid         number(12,2),
    amount_due          number(12,2),
    period_start        date,
    period_end          date,
    issued_on           date            not null,
    due_on              date            not null,
    paid_at             timestamp_ntz,
    is_paid             boolean,
    hosted_invoice_url  varchar(300)
);

create table if not exists analytics.fct_mrr_movement (
    account_id          varchar(36)     not null references analytics.account (account_id),
    month_key           number(6,0)     not null references analytics.dim_month (month_key),
    opening_mrr         number(12,2)    not null,
    new_mrr             number(12,2)    default 0,
    expansion_mrr       number(12,2)    default 0,
    contraction_mrr     number(12,2)    default 0 comment 'Zero or negative',
    churned_mrr         number(12,2)    default 0 comment 'Zero or negative',
    closing_mrr         number(12,2)    not null,
    active_seats        number(5,0),
    primary key (account_id, month_key)
);

create table if not exists analytics.feature_event (
    event_id            varchar(36)     not null,
    user_id             varchar(36),
    event_name          varchar(60),
    page_path           varchar(200),
    properties          variant,
    user_agent          varchar(400),
    occurred_at         timestamp_ntz
)
cluster by (to_date(occurred_at));
