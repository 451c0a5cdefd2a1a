-- Landing area: every column is text, as the files arrive. Numbers, dates, booleans, JSON and epochs are cast later.
-- No keys are declared; the loader adds the columns that begin with an underscore.
CREATE TABLE landing.raw_customers (
    customer_id         VARCHAR(65535) ENCODE zstd,
    first_name          VARCHAR(65535) ENCODE zstd,
    last_name           VARCHAR(65535) ENCODE zstd,
    email               VARCHAR(65535) ENCODE zstd,
    phone_number        VARCHAR(65535) ENCODE zstd,
    birth_date          VARCHAR(65535) ENCODE zstd,
    age                 VARCHAR(65535) ENCODE zstd,
    country_code        VARCHAR(65535) ENCODE zstd,
    zip_code            VARCHAR(65535) ENCODE zstd,
    is_active           VARCHAR(65535) ENCODE zstd,
    opt_in_flag         VARCHAR(65535) ENCODE zstd,
    credit_limit        VARCHAR(65535) ENCODE zstd,
    preferences_json    VARCHAR(65535) ENCODE zstd,
    created_at          VARCHAR(65535) ENCODE zstd,
    updated_at          VARCHAR(65535) ENCODE zstd,
    _file_name          VARCHAR(500)   ENCODE zstd,
    _row_number         VARCHAR(20)    ENCODE zstd,
    _loaded_at          TIMESTAMP      DEFAULT GETDATE()
)
DISTSTYLE EVEN;

CREATE TABLE landing.raw_orders (
    order_id            VARCHAR(256),
    customer_id         VARCHAR(256),
    order_date          VARCHAR(256),
    order_ts_epoch_ms   VARCHAR(256),
    ship_date           VARCHAR(256),
    status              VARCHAR(256),
    currency            VARCHAR(256),
    order_total         VARCHAR(256),
    tax_amount          VARCHAR(256),
    discount_pct        VARCHAR(256),
    exchange_rate       VARCHAR(256),
    item_count          VARCHAR(256),
    is_gift             VARCHAR(256),
    coupon_code         VARCHAR(256),
    shipping_address    VARCHAR(4096),
    line_items_json     VARCHAR(65535),
    _file_name          VARCHAR(500),
    _row_number         VARCHAR(20),
    _loaded_at          TIMESTAMP      DEFAULT GETDATE()
)
DISTSTYLE EVEN;

CREATE TABLE landing.raw_order_items (
    order_id            VARCHAR(256),
    line_number         VARCHAR(256),
    sku                 VARCHAR(256),
    quantity            VARCHAR(256),
    unit_price          VARCHAR(256),
    line_total          VARCHAR(256),
    is_returned         VARCHAR(256),
    returned_on         VARCHAR(256),
    _file_name          VARCHAR(500),
    _row_number         VARCHAR(20)
)
DISTSTYLE EVEN;

CREATE TABLE landing.raw_products (
    sku                 VARCHAR(256),
    product_name        VARCHAR(1024),
    category            VARCHAR(256),
    price               VARCHAR(256),
    weight_kg           VARCHAR(256),
    stock_quantity      VARCHAR(256),
    rating              VARCHAR(256),
    image_url           VARCHAR(2048),
    attributes          VARCHAR(65535),
    discontinued        VARCHAR(256),
    valid_from          VARCHAR(256),
    valid_to            VARCHAR(256),
    last_modified_epoch VARCHAR(256)
)
DISTSTYLE EVEN;

CREATE TABLE landing.raw_web_events (
    event_id            VARCHAR(36),
    event_name          VARCHAR(256),
    event_time          VARCHAR(256),
    event_time_ms       VARCHAR(13),
    session_id          VARCHAR(36),
    user_id             VARCHAR(256),
    anonymous_id        VARCHAR(36),
    page_url            VARCHAR(4096),
    referrer            VARCHAR(4096),
    ip                  VARCHAR(45),
    user_agent          VARCHAR(1024),
    screen_width        VARCHAR(10),
    screen_height       VARCHAR(10),
    latitude            VARCHAR(32),
    longitude           VARCHAR(32),
    duration_ms         VARCHAR(16),
    is_bot              VARCHAR(5),
    properties          VARCHAR(65535),
    payload             VARCHAR(65535)
)
DISTSTYLE EVEN;

CREATE TABLE landing.raw_erp_invoices (
    "INVOICE_NO"        VARCHAR(256),
    "INVOICE_DATE"      VARCHAR(8),     -- YYYYMMDD
    "DUE_DATE"          VARCHAR(8),
    "POSTING_PERIOD"    VARCHAR(6),     -- YYYYMM
    "FISCAL_YEAR"       VARCHAR(4),
    "COMPANY_CODE"      VARCHAR(4),
    "VENDOR_NO"         VARCHAR(10),    -- padded with zeros
    "NET_AMT"           VARCHAR(18),
    "VAT_AMT"           VARCHAR(18),
    "GROSS_AMT"         VARCHAR(18),
    "CURR"              VARCHAR(3),
    "PAID_IND"          VARCHAR(1),
    "PAID_DATE"         VARCHAR(8),
    "CHANGED_AT"        VARCHAR(14)     -- YYYYMMDDHHMMSS
)
DISTSTYLE EVEN;
