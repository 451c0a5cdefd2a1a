-- Smart meters of a utility: contracts, tariffs, readings every half hour and the bills made of them.
CREATE OR REPLACE TABLE dim_calendar (
    date_key                NUMBER(8,0)     NOT NULL PRIMARY KEY COMMENT 'Such as 20240531',
    full_date               DATE            NOT NULL UNIQUE,
    day_name                VARCHAR(9)      NOT NULL,
    day_name_short          CHAR(3)         NOT NULL,
    day_of_year             NUMBER(3,0)     NOT NULL,
    iso_week_number         NUMBER(2,0),
    month_number            NUMBER(2,0),
    month_name              VARCHAR(9),
    year_month              CHAR(7),
    calendar_quarter        CHAR(2),
    calendar_year           NUMBER(4,0),
    season                  VARCHAR(6),
    is_weekday              BOOLEAN,
    is_public_holiday       BOOLEAN         DEFAULT FALSE,
    heating_degree_days     NUMBER(4,1)
);

CREATE OR REPLACE TABLE dim_tariff (
    tariff_key              NUMBER(6,0)     AUTOINCREMENT PRIMARY KEY,
    tariff_code             VARCHAR(10)     NOT NULL,
    tariff_name             VARCHAR(60),
    fuel                    VARCHAR(4)      NOT NULL COMMENT 'elec or gas',
    standing_charge_per_day NUMBER(6,4),
    unit_rate_peak          NUMBER(8,5)     COMMENT 'Per kWh',
    unit_rate_off_peak      NUMBER(8,5),
    is_green                BOOLEAN,
    valid_from              DATE            NOT NULL,
    valid_to                DATE
);

CREATE OR REPLACE TABLE dim_premise (
    premise_key             NUMBER(12,0)    NOT NULL PRIMARY KEY,
    uprn                    VARCHAR(12),
    house_number            VARCHAR(6),
    street                  VARCHAR(80),
    town                    VARCHAR(50),
    county                  VARCHAR(50),
    postcode                VARCHAR(8),
    latitude                NUMBER(9,6),
    longitude               NUMBER(9,6),
    property_type           VARCHAR(10),
    floor_area_sqm          NUMBER(7,1),
    build_year              NUMBER(4,0),
    epc_rating              CHAR(1),
    occupants               NUMBER(2,0),
    has_solar               BOOLEAN,
    has_ev_charger          BOOLEAN
);

CREATE OR REPLACE TABLE dim_meter (
    meter_key               NUMBER(12,0)    NOT NULL PRIMARY KEY,
    mpan                    CHAR(13)        NOT NULL COMMENT 'Number of the metering point',
    serial_no               VARCHAR(14)     NOT NULL,
    premise_key             NUMBER(12,0)    NOT NULL REFERENCES dim_premise (premise_key),
    meter_type              VARCHAR(8),
    manufacturer            VARCHAR(40),
    firmware                VARCHAR(10),
    digits                  NUMBER(1,0)     DEFAULT 6,
    install_date            DATE            NOT NULL,
    removal_date            DATE,
    last_comms_at           TIMESTAMP_LTZ,
    meter_status            VARCHAR(9)      DEFAULT 'ACTIVE'
);

CREATE OR REPLACE TABLE dim_supply_contract (
    contract_key            NUMBER(12,0)    NOT NULL PRIMARY KEY,
    account_no              CHAR(10)        NOT NULL,
    customer_name           VARCHAR(100)    NOT NULL,
    customer_email          VARCHAR(160),
    customer_phone          VARCHAR(20),
    premise_key             NUMBER(12,0)    NOT NULL REFERENCES dim_premise (premise_key),
    tariff_key              NUMBER(6,0)     NOT NULL REFERENCES dim_tariff (tariff_key),
    contract_start          DATE            NOT NULL,
    contract_end            DATE,
    payment_method          VARCHAR(12),
    monthly_direct_debit    NUMBER(8,2),
    paperless_flag          CHAR(1)
);

CREATE OR REPLACE TABLE fct_half_hourly_reading (
    meter_key               NUMBER(12,0)    NOT NULL,
    date_key                NUMBER(8,0)     NOT NULL,
    settlement_period       NUMBER(2,0)     NOT NULL COMMENT '1 to 50, half hours of the local day',
    interval_start_at       TIMESTAMP_NTZ   NOT NULL,
    interval_end_at         TIMESTAMP_NTZ   NOT NULL,
    consumption_kwh         NUMBER(9,3)     NOT NULL,
    export_kwh              NUMBER(9,3)     DEFAULT 0,
    voltage_v               NUMBER(5,1),
    current_a               NUMBER(6,2),
    power_factor            NUMBER(4,3),
    frequency_hz            NUMBER(5,3),
    reading_quality         CHAR(1)         COMMENT 'A actual, E estimated',
    CONSTRAINT pk_hh PRIMARY KEY (meter_key, interval_start_at),
    CONSTRAINT fk_hh_meter FOREIGN KEY (meter_key) REFERENCES dim_meter (meter_key),
    CONSTRAINT fk_hh_date FOREIGN KEY (date_key) REFERENCES dim_calendar (date_key)
)
CLUSTER BY (date_key, meter_key);

CREATE OR REPLACE TABLE fct_register_reading (
    reading_id              VARCHAR(36)     NOT NULL PRIMARY KEY,
    meter_key               NUMBER(12,0)    NOT NULL REFERENCES dim_meter (meter_key),
    reading_date            DATE            NOT NULL,
    previous_reading_kwh    NUMBER(9,1),
    current_reading_kwh     NUMBER(9,1)     NOT NULL,
    units_used_kwh          NUMBER(9,1) AS (current_reading_kwh - previous_reading_kwh),
    read_by                 VARCHAR(8),
    photo_url               VARCHAR(300)
);

CREATE OR REPLACE TABLE fct_bill (
    bill_number             VARCHAR(14)     NOT NULL PRIMARY KEY,
    contract_key            NUMBER(12,0)    NOT NULL REFERENCES dim_supply_contract (contract_key),
    period_from             DATE            NOT NULL,
    period_to               DATE            NOT NULL,
    billing_days            NUMBER(3,0),
    usage_kwh               NUMBER(10,1),
    energy_charge           NUMBER(10,2),
    standing_charge         NUMBER(8,2),
    vat_rate                NUMBER(4,2)     COMMENT 'Percent',
    vat_amount              NUMBER(8,2),
    bill_total              NUMBER(10,2),
    issued_at               TIMESTAMP_NTZ,
    due_date                DATE,
    is_paid                 BOOLEAN         DEFAULT FALSE,
    paid_on                 DATE
);
