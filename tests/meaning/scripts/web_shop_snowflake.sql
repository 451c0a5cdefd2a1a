-- A hosted web shop, as its connector lands it: snake_case, big numeric ids, flags next to timestamps.
CREATE OR REPLACE TABLE customers (
    id                      NUMBER(38,0)    NOT NULL,
    email                   VARCHAR(320),
    first_name              VARCHAR(255),
    last_name               VARCHAR(255),
    phone                   VARCHAR(32),
    accepts_marketing       BOOLEAN         DEFAULT FALSE,
    verified_email          BOOLEAN,
    state                   VARCHAR(10)     COMMENT 'Of the account: disabled, invited, enabled or declined',
    orders_count            NUMBER(9,0)     DEFAULT 0,
    total_spent             NUMBER(14,2)    DEFAULT 0,
    currency                CHAR(3),
    tags                    VARCHAR(2000),
    default_address_city    VARCHAR(100),
    default_address_zip     VARCHAR(12),
    default_address_country_code    CHAR(2),
    created_at              TIMESTAMP_TZ    NOT NULL,
    updated_at              TIMESTAMP_TZ,
    PRIMARY KEY (id)
);

CREATE OR REPLACE TABLE products (
    id                      NUMBER(38,0)    NOT NULL PRIMARY KEY,
    title                   VARCHAR(255)    NOT NULL,
    body_html               VARCHAR,
    vendor                  VARCHAR(255),
    product_type            VARCHAR(255),
    handle                  VARCHAR(255)    COMMENT 'Lower case with hyphens, as in the address of the page',
    status                  VARCHAR(8)      COMMENT 'active, archived or draft',
    image_url               VARCHAR(1000),
    created_at              TIMESTAMP_TZ,
    published_at            TIMESTAMP_TZ,
    updated_at              TIMESTAMP_TZ,
    options                 VARIANT
);

CREATE OR REPLACE TABLE product_variants (
    id                      NUMBER(38,0)    NOT NULL PRIMARY KEY,
    product_id              NUMBER(38,0)    NOT NULL REFERENCES products (id),
    sku                     VARCHAR(40),
    barcode                 VARCHAR(14),
    title                   VARCHAR(255),
    option_size             VARCHAR(4),
    option_color            VARCHAR(20),
    price                   NUMBER(12,2)    NOT NULL,
    compare_at_price        NUMBER(12,2)    COMMENT 'The price before a reduction, above price or empty',
    inventory_quantity      NUMBER(9,0),
    grams                   NUMBER(9,0),
    weight                  NUMBER(9,3),
    weight_unit             VARCHAR(2),
    taxable                 BOOLEAN,
    position                NUMBER(3,0)
);

CREATE OR REPLACE TABLE orders (
    id                      NUMBER(38,0)    NOT NULL PRIMARY KEY,
    name                    VARCHAR(20)     COMMENT 'Number shown to the customer, such as #1001',
    order_number            NUMBER(12,0)    UNIQUE,
    customer_id             NUMBER(38,0)    REFERENCES customers (id),
    email                   VARCHAR(320),
    currency                CHAR(3)         NOT NULL,
    financial_status        VARCHAR(20),
    fulfillment_status      VARCHAR(20),
    subtotal_price          NUMBER(14,2),
    total_discounts         NUMBER(14,2),
    total_tax               NUMBER(14,2),
    total_shipping          NUMBER(14,2),
    total_price             NUMBER(14,2),
    taxes_included          BOOLEAN,
    is_test                 BOOLEAN         DEFAULT FALSE,
    browser_ip              VARCHAR(45),
    landing_site            VARCHAR(2000),
    referring_site          VARCHAR(2000),
    cart_token              VARCHAR(32),
    cancel_reason           VARCHAR(12),
    created_at              TIMESTAMP_TZ    NOT NULL,
    processed_at            TIMESTAMP_TZ,
    cancelled_at            TIMESTAMP_TZ,
    closed_at               TIMESTAMP_TZ
)
CLUSTER BY (TO_DATE(created_at));

CREATE OR REPLACE TABLE order_lines (
    id                      NUMBER(38,0)    NOT NULL PRIMARY KEY,
    order_id                NUMBER(38,0)    NOT NULL REFERENCES orders (id),
    variant_id              NUMBER(38,0)    REFERENCES product_variants (id),
    product_id              NUMBER(38,0),
    line_number             NUMBER(4,0),
    title                   VARCHAR(255),
    quantity                NUMBER(6,0)     NOT NULL,
    price                   NUMBER(12,2)    NOT NULL,
    total_discount          NUMBER(12,2)    DEFAULT 0,
    tax_rate                NUMBER(5,4),
    line_total              NUMBER(14,2) AS (quantity * price - total_discount),
    requires_shipping       BOOLEAN,
    gift_card               BOOLEAN
);

CREATE OR REPLACE TABLE refunds (
    id                      NUMBER(38,0)    NOT NULL PRIMARY KEY,
    order_id                NUMBER(38,0)    NOT NULL REFERENCES orders (id),
    amount                  NUMBER(14,2),
    reason                  VARCHAR(255),
    note                    VARCHAR(1000),
    restock                 BOOLEAN,
    created_at              TIMESTAMP_TZ,
    processed_at            TIMESTAMP_TZ
);

CREATE OR REPLACE TABLE fulfillments (
    id                      NUMBER(38,0)    NOT NULL PRIMARY KEY,
    order_id                NUMBER(38,0)    NOT NULL REFERENCES orders (id),
    status                  VARCHAR(10),
    tracking_company        VARCHAR(60),
    tracking_number         VARCHAR(40),
    tracking_url            VARCHAR(500),
    created_at              TIMESTAMP_TZ,
    shipped_at              TIMESTAMP_TZ,
    delivered_at            TIMESTAMP_TZ
);
