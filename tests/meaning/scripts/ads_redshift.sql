-- Paid media: dimensions of the account tree, one fact per day and ad, one per click.
CREATE TABLE ads.dim_network (
    network_id      SMALLINT      NOT NULL PRIMARY KEY,
    network_name    VARCHAR(20)   NOT NULL
)
DISTSTYLE ALL;

CREATE TABLE ads.dim_ad_account (
    ad_account_id   BIGINT        NOT NULL PRIMARY KEY,
    account_name    VARCHAR(100)  NOT NULL,
    network_id      SMALLINT      NOT NULL REFERENCES ads.dim_network (network_id),
    currency_code   CHAR(3)       NOT NULL,
    time_zone       VARCHAR(40),
    country_code    CHAR(2),
    is_manager      BOOLEAN       DEFAULT FALSE
)
DISTSTYLE ALL;

CREATE TABLE ads.dim_campaign (
    campaign_key        BIGINT        NOT NULL IDENTITY(1,1),
    campaign_id         BIGINT        NOT NULL,
    ad_account_id       BIGINT        NOT NULL REFERENCES ads.dim_ad_account (ad_account_id),
    campaign_name       VARCHAR(255)  NOT NULL ENCODE zstd,
    campaign_status     VARCHAR(7)    ENCODE bytedict,
    channel_type        VARCHAR(12)   ENCODE bytedict,
    objective           VARCHAR(30),
    bidding_strategy    VARCHAR(30),
    daily_budget        NUMERIC(12,2),
    start_date          DATE          NOT NULL,
    end_date            DATE,
    utm_source          VARCHAR(50),
    utm_medium          VARCHAR(50),
    utm_campaign        VARCHAR(100),
    PRIMARY KEY (campaign_key),
    UNIQUE (campaign_id)
)
DISTSTYLE ALL;

CREATE TABLE ads.dim_ad_group (
    ad_group_id         BIGINT        NOT NULL PRIMARY KEY,
    campaign_key        BIGINT        NOT NULL REFERENCES ads.dim_campaign (campaign_key),
    ad_group_name       VARCHAR(255)  NOT NULL,
    status              VARCHAR(7),
    max_cpc             NUMERIC(8,2),
    target_cpa          NUMERIC(8,2),
    target_roas         NUMERIC(6,3)
)
DISTSTYLE ALL;

CREATE TABLE ads.dim_ad (
    ad_id               BIGINT        NOT NULL PRIMARY KEY,
    ad_group_id         BIGINT        NOT NULL REFERENCES ads.dim_ad_group (ad_group_id),
    headline            VARCHAR(30),
    description         VARCHAR(90),
    final_url           VARCHAR(2048),
    display_path        VARCHAR(15),
    creative_format     VARCHAR(10),
    image_width_px      SMALLINT,
    image_height_px     SMALLINT,
    approved_at         TIMESTAMP,
    is_approved         BOOLEAN
)
DISTSTYLE ALL;

CREATE TABLE ads.dim_keyword (
    keyword_id          BIGINT        NOT NULL PRIMARY KEY,
    ad_group_id         BIGINT        NOT NULL REFERENCES ads.dim_ad_group (ad_group_id),
    keyword_text        VARCHAR(80)   NOT NULL,
    match_type          VARCHAR(6),
    is_negative         BOOLEAN       NOT NULL DEFAULT FALSE,
    quality_score       SMALLINT
)
DISTSTYLE ALL;

CREATE TABLE ads.fct_ad_performance_daily (
    report_date         DATE          NOT NULL ENCODE az64,
    ad_id               BIGINT        NOT NULL REFERENCES ads.dim_ad (ad_id),
    device              VARCHAR(7)    NOT NULL ENCODE bytedict,
    impressions         INTEGER       NOT NULL DEFAULT 0 ENCODE az64,
    clicks              INTEGER       NOT NULL DEFAULT 0 ENCODE az64,
    conversions         NUMERIC(10,2) NOT NULL DEFAULT 0,
    conversion_value    NUMERIC(14,2),
    cost                NUMERIC(14,2) NOT NULL DEFAULT 0,
    cost_micros         BIGINT,
    ctr                 NUMERIC(7,6),
    cpc                 NUMERIC(10,4),
    cpm                 NUMERIC(10,4),
    conversion_rate     NUMERIC(7,6),
    roas                NUMERIC(10,4),
    avg_position        NUMERIC(4,2),
    video_views         INTEGER,
    view_rate           NUMERIC(7,6),
    bounce_rate         NUMERIC(5,4),
    PRIMARY KEY (report_date, ad_id, device)
)
DISTKEY (ad_id)
COMPOUND SORTKEY (report_date, ad_id);

-- The click log has no declared keys.
CREATE TABLE ads.fct_click (
    click_id            VARCHAR(36)   NOT NULL,
    ad_id               BIGINT        NOT NULL DISTKEY,
    keyword_id          BIGINT,
    clicked_at          TIMESTAMP     NOT NULL SORTKEY,
    ip_address          VARCHAR(45),
    user_agent          VARCHAR(512),
    landing_page_url    VARCHAR(2048),
    referrer_domain     VARCHAR(100),
    browser             VARCHAR(20),
    os                  VARCHAR(20),
    country_code        CHAR(2),
    postal_code         VARCHAR(10),
    converted           BOOLEAN       NOT NULL DEFAULT FALSE,
    converted_at        TIMESTAMP,
    session_seconds     INTEGER,
    url_parameters      SUPER
);

COMMENT ON COLUMN ads.fct_ad_performance_daily.ctr IS 'Clicks divided by impressions, between 0 and 1';
COMMENT ON COLUMN ads.fct_ad_performance_daily.cpc IS 'Cost divided by clicks';
COMMENT ON COLUMN ads.fct_ad_performance_daily.cost_micros IS 'Cost in millionths of the currency';
