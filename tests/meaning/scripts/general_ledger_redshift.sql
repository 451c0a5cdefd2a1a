-- General ledger: chart of accounts, fiscal calendar, journals, balances by period.
-- The fiscal year begins on 1 July; period 13 takes the closing entries.
create schema if not exists finance;
set search_path to finance;

create table dim_date (
    date_key             integer       not null,           -- 20240131
    calendar_date        date          not null unique,
    day_of_week_no       smallint      not null,           -- 1 is Monday, 7 is Sunday
    day_name             varchar(9)    not null,
    day_name_short       char(3)       not null,
    day_of_month         smallint      not null,
    day_of_year          smallint      not null,
    iso_week             smallint      not null,
    iso_year             smallint      not null,
    month_no             smallint      not null,
    month_name           varchar(9)    not null,
    month_start_date     date          not null,
    month_end_date       date          not null,
    quarter_no           smallint      not null,
    quarter_name         char(2)       not null,           -- Q1
    calendar_year        smallint      not null,
    year_month           char(7)       not null,           -- 2024-01
    fiscal_year          smallint      not null,
    fiscal_quarter       smallint      not null,
    fiscal_period        smallint      not null,
    is_weekend           boolean       not null,
    is_month_end         boolean       not null,
    is_holiday           boolean       not null default false,
    holiday_name         varchar(40),
    is_business_day      boolean       not null,
    primary key (date_key)
) diststyle all sortkey (date_key);

create table dim_ledger_entity (
    entity_key           smallint      not null,
    entity_code          varchar(6)    not null unique,
    legal_name           varchar(100)  not null,
    country_code         char(2)       not null,
    functional_currency  char(3)       not null,
    tax_id               varchar(20),
    parent_entity_key    smallint,
    ownership_pct        decimal(5,2)  default 100.00,
    primary key (entity_key),
    foreign key (parent_entity_key) references dim_ledger_entity (entity_key)
) diststyle all;

create table dim_gl_account (
    account_key          integer       not null,
    account_no           char(6)       not null unique,
    account_name         varchar(80)   not null,
    account_type         varchar(10)   not null,           -- asset, liability, equity, revenue, expense
    normal_balance       char(1)       not null,           -- D debit, C credit
    parent_account_no    char(6),
    account_level        smallint      not null,
    is_posting_account   boolean       not null default true,
    is_reconciled        boolean       not null default false,
    opened_date          date          not null,
    closed_date          date,
    primary key (account_key)
) diststyle all;

create table dim_cost_center (
    cost_center_key      integer       not null,
    cost_center_code     varchar(8)    not null,
    cost_center_name     varchar(60)   not null,
    owner_name           varchar(80),
    owner_email          varchar(120),
    valid_from           date          not null,
    valid_to             date          not null,
    is_current           boolean       not null,
    primary key (cost_center_key)
) diststyle all;

create table fiscal_period_status (
    entity_key           smallint      not null references dim_ledger_entity (entity_key),
    fiscal_year          smallint      not null,
    fiscal_period        smallint      not null,           -- 1 to 13
    period_start_date    date          not null,
    period_end_date      date          not null,
    status               varchar(8)    not null,           -- open, closed, locked
    closed_by            varchar(40),
    closed_at            timestamp,
    primary key (entity_key, fiscal_year, fiscal_period)
) diststyle all;

create table journal_header (
    journal_id           bigint        not null,
    journal_no           varchar(14)   not null unique,    -- JE-2024-000123
    entity_key           smallint      not null references dim_ledger_entity (entity_key),
    journal_source       varchar(12)   not null,           -- AP, AR, PAYROLL, MANUAL
    description          varchar(200),
    document_date        date          not null,
    posting_date         date          not null,
    posting_date_key     integer       not null references dim_date (date_key),
    fiscal_year          smallint      not null,
    fiscal_period        smallint      not null,
    currency_code        char(3)       not null,
    exchange_rate        decimal(12,6) not null default 1,
    total_debit          decimal(18,2) not null,
    total_credit         decimal(18,2) not null,
    line_count           smallint      not null,
    is_reversal          boolean       not null default false,
    reversed_journal_id  bigint,
    entered_by           varchar(40)   not null,
    entered_at           timestamp     not null,
    approved_by          varchar(40),
    approved_at          timestamp,
    primary key (journal_id)
) distkey (journal_id) sortkey (posting_date);

create table journal_line (
    journal_id           bigint        not null references journal_header (journal_id),
    line_no              smallint      not null,
    account_key          integer       not null references dim_gl_account (account_key),
    cost_center_key      integer       references dim_cost_center (cost_center_key),
    debit_amount         decimal(18,2) not null default 0,
    credit_amount        decimal(18,2) not null default 0,
    base_debit_amount    decimal(18,2) not null default 0,
    base_credit_amount   decimal(18,2) not null default 0,
    tax_code             varchar(4),
    tax_rate             decimal(5,4),                     -- 0.2000 is 20 percent
    line_memo            varchar(120),
    primary key (journal_id, line_no)
) distkey (journal_id) compound sortkey (journal_id, line_no);

create table account_balance (
    entity_key           smallint      not null references dim_ledger_entity (entity_key),
    account_key          integer       not null references dim_gl_account (account_key),
    fiscal_year          smallint      not null,
    fiscal_period        smallint      not null,
    opening_balance      decimal(18,2) not null,
    period_debits        decimal(18,2) not null,
    period_credits       decimal(18,2) not null,
    closing_balance      decimal(18,2) not null,           -- opening plus debits minus credits
    budget_amount        decimal(18,2),
    variance_amount      decimal(18,2),
    primary key (entity_key, account_key, fiscal_year, fiscal_period)
) diststyle even;
