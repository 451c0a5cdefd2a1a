-- Store sales, returns and stock in a star: every fact points to date_dim by a number, column prefixes name the table.
CREATE TABLE date_dim (
    d_date_sk           INTEGER     NOT NULL ENCODE raw,
    d_date              DATE        NOT NULL ENCODE az64,
    d_year              SMALLINT    NOT NULL ENCODE az64,
    d_quarter           SMALLINT    NOT NULL,
    d_quarter_name      CHAR(6)     NOT NULL,   -- 2024Q1
    d_month             SMALLINT    NOT NULL,
    d_month_name        VARCHAR(9)  NOT NULL,
    d_week_of_year      SMALLINT    NOT NULL,
    d_day_of_month      SMALLINT    NOT NULL,
    d_day_of_week       SMALLINT    NOT NULL,
    d_day_name          VARCHAR(9)  NOT NULL,
    d_weekend_flag      CHAR(1)     NOT NULL,
    d_holiday_flag      CHAR(1)     NOT NULL DEFAULT 'N',
    d_first_of_month    DATE,
    d_last_of_month     DATE,
    d_fiscal_year       SMALLINT,
    PRIMARY KEY (d_date_sk),
    UNIQUE (d_date)
)
DISTSTYLE ALL
SORTKEY (d_date_sk);

CREATE TABLE time_dim (
    t_time_sk           INTEGER     NOT NULL PRIMARY KEY,
    t_second_of_day     INTEGER     NOT NULL,
    t_hour              SMALLINT    NOT NULL,
    t_minute            SMALLINT    NOT NULL,
    t_am_pm             CHAR(2)     NOT NULL,
    t_shift             VARCHAR(8),
    t_meal_time         VARCHAR(10)
)
DISTSTYLE ALL
SORTKEY (t_time_sk);

CREATE TABLE item (
    i_item_sk           BIGINT      NOT NULL PRIMARY KEY,
    i_item_id           CHAR(16)    NOT NULL,
    i_item_desc         VARCHAR(200),
    i_brand             VARCHAR(50),
    i_class             VARCHAR(30),
    i_category          VARCHAR(30),
    i_size              VARCHAR(5),
    i_color             VARCHAR(12),
    i_units             VARCHAR(6),
    i_current_price     NUMERIC(7,2),
    i_wholesale_cost    NUMERIC(7,2),
    i_ean               CHAR(13),
    i_rec_start_date    DATE,
    i_rec_end_date      DATE
)
DISTKEY (i_item_sk)
SORTKEY (i_category, i_item_sk);

CREATE TABLE customer (
    c_customer_sk       BIGINT      NOT NULL PRIMARY KEY,
    c_customer_id       CHAR(16)    NOT NULL,
    c_salutation        VARCHAR(5),
    c_first_name        VARCHAR(20),
    c_last_name         VARCHAR(30),
    c_gender            CHAR(1),
    c_birth_day         SMALLINT,
    c_birth_month       SMALLINT,
    c_birth_year        SMALLINT,
    c_birth_country     VARCHAR(40),
    c_email_address     VARCHAR(80),
    c_loyalty_tier      VARCHAR(6),
    c_first_purchase_date_sk INTEGER REFERENCES date_dim (d_date_sk)
)
DISTSTYLE ALL;

CREATE TABLE store (
    s_store_sk          INTEGER     NOT NULL PRIMARY KEY,
    s_store_id          CHAR(16)    NOT NULL,
    s_store_name        VARCHAR(50),
    s_manager           VARCHAR(40),
    s_floor_space       INTEGER,
    s_number_employees  INTEGER,
    s_opening_hours     VARCHAR(11),
    s_street_name       VARCHAR(60),
    s_city              VARCHAR(60),
    s_state             CHAR(2),
    s_zip               CHAR(10),
    s_country           VARCHAR(20),
    s_gmt_offset        NUMERIC(5,2),
    s_tax_rate          NUMERIC(5,2),
    s_closed_date_sk    INTEGER
)
DISTSTYLE ALL;

CREATE TABLE store_sales (
    ss_sold_date_sk     INTEGER     REFERENCES date_dim (d_date_sk),
    ss_sold_time_sk     INTEGER     REFERENCES time_dim (t_time_sk),
    ss_item_sk          BIGINT      NOT NULL REFERENCES item (i_item_sk),
    ss_customer_sk      BIGINT      REFERENCES customer (c_customer_sk),
    ss_store_sk         INTEGER     REFERENCES store (s_store_sk),
    ss_ticket_number    BIGINT      NOT NULL,
    ss_quantity         INTEGER,
    ss_wholesale_cost   NUMERIC(7,2),
    ss_list_price       NUMERIC(7,2),
    ss_sales_price      NUMERIC(7,2),
    ss_discount_amt     NUMERIC(9,2),
    ss_tax_amt          NUMERIC(9,2),
    ss_net_paid         NUMERIC(9,2),
    ss_net_profit       NUMERIC(9,2),
    PRIMARY KEY (ss_item_sk, ss_ticket_number)
)
DISTKEY (ss_item_sk)
COMPOUND SORTKEY (ss_sold_date_sk, ss_store_sk);

CREATE TABLE store_returns (
    sr_returned_date_sk INTEGER     REFERENCES date_dim (d_date_sk),
    sr_item_sk          BIGINT      NOT NULL REFERENCES item (i_item_sk),
    sr_customer_sk      BIGINT,
    sr_store_sk         INTEGER,
    sr_ticket_number    BIGINT      NOT NULL,
    sr_return_quantity  INTEGER,
    sr_return_amt       NUMERIC(9,2),
    sr_return_tax       NUMERIC(9,2),
    sr_fee              NUMERIC(7,2),
    sr_refunded_cash    NUMERIC(9,2),
    sr_reason_code      CHAR(2),
    PRIMARY KEY (sr_item_sk, sr_ticket_number)
)
DISTKEY (sr_item_sk)
SORTKEY (sr_returned_date_sk);

CREATE TABLE store_inventory (
    inv_date_sk         INTEGER     NOT NULL,
    inv_item_sk         BIGINT      NOT NULL,
    inv_store_sk        INTEGER     NOT NULL,
    inv_quantity_on_hand INTEGER,
    inv_reorder_level   INTEGER
)
DISTKEY (inv_item_sk)
SORTKEY (inv_date_sk);
