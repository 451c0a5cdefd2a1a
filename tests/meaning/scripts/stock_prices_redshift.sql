-- End-of-day and intraday prices, corporate actions and holdings.
CREATE TABLE mkt.exchange (
    mic                 CHAR(4)         NOT NULL PRIMARY KEY,
    exchange_name       VARCHAR(80)     NOT NULL,
    country_code        CHAR(2)         NOT NULL,
    currency_code       CHAR(3)         NOT NULL,
    open_time           TIME,
    close_time          TIME,
    time_zone           VARCHAR(40)
)
DISTSTYLE ALL;

CREATE TABLE mkt.trading_calendar (
    mic                 CHAR(4)         NOT NULL REFERENCES mkt.exchange (mic),
    calendar_date       DATE            NOT NULL,
    is_trading_day      BOOLEAN         NOT NULL,
    is_half_day         BOOLEAN         NOT NULL DEFAULT FALSE,
    holiday_name        VARCHAR(60),
    year_num            SMALLINT,
    month_num           SMALLINT,
    iso_week            SMALLINT,
    iso_day_of_week     SMALLINT,
    prev_trading_date   DATE,
    next_trading_date   DATE,
    PRIMARY KEY (mic, calendar_date)
)
DISTSTYLE ALL
SORTKEY (calendar_date);

CREATE TABLE mkt.security (
    security_id         INTEGER         NOT NULL PRIMARY KEY,
    ticker              VARCHAR(6)      NOT NULL,
    isin                CHAR(12)        NOT NULL,
    cusip               CHAR(9),
    figi                CHAR(12),
    company_name        VARCHAR(120)    NOT NULL,
    security_type       VARCHAR(6),
    sector              VARCHAR(30),
    industry            VARCHAR(60),
    mic                 CHAR(4)         NOT NULL REFERENCES mkt.exchange (mic),
    currency_code       CHAR(3)         NOT NULL,
    shares_outstanding  BIGINT,
    ipo_date            DATE,
    delisted_date       DATE,
    is_active           BOOLEAN         NOT NULL DEFAULT TRUE,
    investor_url        VARCHAR(200)
)
DISTSTYLE ALL
SORTKEY (ticker);

CREATE TABLE mkt.price_daily (
    security_id         INTEGER         NOT NULL ENCODE az64 REFERENCES mkt.security (security_id),
    trade_date          DATE            NOT NULL ENCODE raw,
    "open"              NUMERIC(18,6)   ENCODE az64,
    high                NUMERIC(18,6)   ENCODE az64,
    low                 NUMERIC(18,6)   ENCODE az64,
    close               NUMERIC(18,6)   ENCODE az64,
    adj_close           NUMERIC(18,6)   ENCODE az64,
    vwap                NUMERIC(18,6),
    volume              BIGINT          ENCODE az64,
    trade_count         INTEGER,
    turnover            NUMERIC(20,2),
    daily_return_pct    NUMERIC(9,6),
    high_52w            NUMERIC(18,6),
    low_52w             NUMERIC(18,6),
    market_cap          NUMERIC(20,2),
    pe_ratio            NUMERIC(10,3),
    dividend_yield      NUMERIC(7,5),
    beta                NUMERIC(6,3),
    PRIMARY KEY (security_id, trade_date)
)
DISTKEY (security_id)
COMPOUND SORTKEY (trade_date, security_id);

CREATE TABLE mkt.quote_intraday (
    quote_id            BIGINT          NOT NULL IDENTITY(1,1),
    ticker              VARCHAR(6)      NOT NULL,
    quote_ts            TIMESTAMP       NOT NULL SORTKEY,
    epoch_ms            BIGINT,
    bid_price           NUMERIC(18,6),
    ask_price           NUMERIC(18,6),
    bid_size            INTEGER,
    ask_size            INTEGER,
    mid_price           NUMERIC(18,6),
    spread_bps          NUMERIC(8,3),
    last_price          NUMERIC(18,6),
    last_size           INTEGER
)
DISTSTYLE EVEN;

CREATE TABLE mkt.corporate_action (
    action_id           BIGINT          NOT NULL PRIMARY KEY,
    security_id         INTEGER         NOT NULL REFERENCES mkt.security (security_id),
    action_type         VARCHAR(8)      NOT NULL,
    announced_on        DATE,
    ex_date             DATE            NOT NULL,
    record_date         DATE,
    payment_date        DATE,
    dividend_amount     NUMERIC(12,6),
    split_ratio_from    SMALLINT,
    split_ratio_to      SMALLINT,
    currency_code       CHAR(3)
)
DISTSTYLE ALL;

CREATE TABLE mkt.fx_rate_daily (
    rate_date           DATE            NOT NULL SORTKEY,
    base_currency       CHAR(3)         NOT NULL,
    quote_currency      CHAR(3)         NOT NULL,
    rate                NUMERIC(18,8)   NOT NULL,
    source              VARCHAR(10),
    PRIMARY KEY (rate_date, base_currency, quote_currency)
)
DISTSTYLE ALL;

-- Bridge of portfolio and security by day.
CREATE TABLE mkt.holding (
    portfolio_code      VARCHAR(10)     NOT NULL,
    security_id         INTEGER         NOT NULL DISTKEY,
    as_of_date          DATE            NOT NULL SORTKEY,
    quantity            NUMERIC(18,4)   NOT NULL,
    avg_cost            NUMERIC(18,6),
    market_value        NUMERIC(20,2),
    unrealized_pnl      NUMERIC(20,2),
    weight_pct          NUMERIC(7,4)
);

COMMENT ON COLUMN mkt.price_daily.vwap IS 'Volume-weighted average price of the day';
COMMENT ON COLUMN mkt.quote_intraday.epoch_ms IS 'quote_ts as milliseconds since 1970';
