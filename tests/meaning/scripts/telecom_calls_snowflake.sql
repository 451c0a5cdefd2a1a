-- Call detail records of a mobile operator, rated and ready for billing.
-- Natural identifiers of the network: MSISDN, IMSI, IMEI, cell (LAC and CI).
USE ROLE TELCO_LOADER;
CREATE SCHEMA IF NOT EXISTS TELCO.CDR;
USE SCHEMA TELCO.CDR;

CREATE OR REPLACE TABLE DIM_TIME_OF_DAY (
    TIME_KEY            NUMBER(6,0)   NOT NULL PRIMARY KEY COMMENT 'HHMMSS as a number, 142500 is 14:25:00',
    TIME_OF_DAY         TIME          NOT NULL,
    HOUR_24             NUMBER(2,0)   NOT NULL,
    HOUR_12             NUMBER(2,0)   NOT NULL,
    AM_PM               CHAR(2)       NOT NULL,
    MINUTE_OF_HOUR      NUMBER(2,0)   NOT NULL,
    SECOND_OF_MINUTE    NUMBER(2,0)   NOT NULL,
    MINUTE_OF_DAY       NUMBER(4,0)   NOT NULL,
    DAY_PART            VARCHAR(12)   COMMENT 'night, morning, afternoon, evening',
    PEAK_FLG            CHAR(1)       COMMENT 'Y or N'
);

CREATE OR REPLACE TABLE DIM_TARIFF (
    TARIFF_SK           NUMBER(9,0)   NOT NULL PRIMARY KEY,
    TARIFF_CD           VARCHAR(8)    NOT NULL,
    TARIFF_NAME         VARCHAR(60)   NOT NULL,
    PAYMENT_TYPE        VARCHAR(8)    COMMENT 'PREPAID or POSTPAID',
    MONTHLY_FEE_AMT     NUMBER(8,2)   NOT NULL,
    VOICE_RATE_PER_MIN  NUMBER(8,4)   NOT NULL,
    SMS_RATE            NUMBER(8,4)   NOT NULL,
    DATA_RATE_PER_MB    NUMBER(10,6)  NOT NULL,
    INCLUDED_MINUTES    NUMBER(6,0),
    INCLUDED_DATA_GB    NUMBER(6,1),
    CURRENCY_CD         CHAR(3)       DEFAULT 'EUR',
    VALID_FROM_DT       DATE          NOT NULL,
    VALID_TO_DT         DATE,
    CURRENT_FLG         CHAR(1)       DEFAULT 'Y'
);

CREATE OR REPLACE TABLE DIM_CELL_SITE (
    CELL_SK             NUMBER(9,0)   NOT NULL PRIMARY KEY,
    CELL_GLOBAL_ID      VARCHAR(20)   NOT NULL UNIQUE COMMENT 'MCC-MNC-LAC-CI',
    MCC                 CHAR(3)       NOT NULL COMMENT 'Mobile country code',
    MNC                 VARCHAR(3)    NOT NULL COMMENT 'Mobile network code',
    LAC                 NUMBER(5,0)   NOT NULL,
    SITE_NAME           VARCHAR(60),
    RADIO_TECH          VARCHAR(4)    COMMENT '2G, 3G, 4G, 5G',
    FREQUENCY_MHZ       NUMBER(5,0),
    AZIMUTH_DEG         NUMBER(3,0)   COMMENT 'From 0 to 359',
    ANTENNA_HEIGHT_M    NUMBER(5,1),
    LATITUDE            NUMBER(9,6)   NOT NULL,
    LONGITUDE           NUMBER(9,6)   NOT NULL,
    CITY                VARCHAR(60),
    REGION              VARCHAR(60),
    COUNTRY_CD          CHAR(2)
);

CREATE OR REPLACE TABLE DIM_SUBSCRIBER (
    SUBSCRIBER_SK       NUMBER(12,0)  NOT NULL PRIMARY KEY,
    MSISDN              VARCHAR(15)   NOT NULL COMMENT 'Phone number in E.164 without the plus',
    IMSI                CHAR(15)      NOT NULL,
    IMEI                CHAR(15),
    ICCID               VARCHAR(20),
    TARIFF_SK           NUMBER(9,0)   NOT NULL REFERENCES DIM_TARIFF (TARIFF_SK),
    CUSTOMER_SEGMENT    VARCHAR(12),
    FIRST_NM            VARCHAR(40),
    LAST_NM             VARCHAR(60),
    EMAIL_ADDR          VARCHAR(120),
    BIRTH_DT            DATE,
    LANGUAGE_CD         CHAR(2),
    ACTIVATION_DT       DATE          NOT NULL,
    DEACTIVATION_DT     DATE,
    STATUS_CD           CHAR(1)       DEFAULT 'A' COMMENT 'A active, S suspended, D deactivated',
    CHURN_SCORE         NUMBER(5,4)   COMMENT 'Probability to leave within 90 days'
);

CREATE OR REPLACE TABLE LKP_CALL_TYPE (
    CALL_TYPE_CD        VARCHAR(4)    NOT NULL PRIMARY KEY,
    CALL_TYPE_DESC      VARCHAR(40)   NOT NULL
);

INSERT INTO LKP_CALL_TYPE (CALL_TYPE_CD, CALL_TYPE_DESC) VALUES
    ('MOC', 'Mobile originated call'),
    ('MTC', 'Mobile terminated call'),
    ('SMSO', 'Short message sent'),
    ('SMST', 'Short message received'),
    ('GPRS', 'Data session');

CREATE OR REPLACE TABLE FCT_CDR (
    CDR_ID              NUMBER(18,0)  AUTOINCREMENT START 1 INCREMENT 1 PRIMARY KEY,
    CALL_TYPE_CD        VARCHAR(4)    NOT NULL REFERENCES LKP_CALL_TYPE (CALL_TYPE_CD),
    SUBSCRIBER_SK       NUMBER(12,0)  NOT NULL REFERENCES DIM_SUBSCRIBER (SUBSCRIBER_SK),
    CALLING_NUMBER      VARCHAR(15)   NOT NULL,
    CALLED_NUMBER       VARCHAR(15),
    ORIG_CELL_SK        NUMBER(9,0)   REFERENCES DIM_CELL_SITE (CELL_SK),
    TERM_CELL_SK        NUMBER(9,0)   REFERENCES DIM_CELL_SITE (CELL_SK),
    START_DATE_KEY      NUMBER(8,0)   NOT NULL COMMENT 'YYYYMMDD',
    START_TIME_KEY      NUMBER(6,0)   NOT NULL REFERENCES DIM_TIME_OF_DAY (TIME_KEY),
    CALL_START_TS       TIMESTAMP_NTZ NOT NULL,
    CALL_END_TS         TIMESTAMP_NTZ,
    DURATION_SEC        NUMBER(6,0)   NOT NULL DEFAULT 0,
    BILLED_DURATION_MIN NUMBER(6,0),
    BYTES_UP            NUMBER(15,0),
    BYTES_DOWN          NUMBER(15,0),
    RELEASE_CAUSE_CD    NUMBER(3,0)   COMMENT 'Q.850 cause, 16 is normal clearing',
    DROPPED_FLG         CHAR(1)       DEFAULT 'N',
    ROAMING_YN          CHAR(1)       DEFAULT 'N',
    NET_CHARGE_AMT      NUMBER(10,4)  NOT NULL,
    TAX_AMT             NUMBER(10,4)  NOT NULL,
    GROSS_CHARGE_AMT    NUMBER(10,4)  NOT NULL,
    SIGNAL_DBM          NUMBER(4,0)   COMMENT 'From -120 to -40',
    LOAD_TS             TIMESTAMP_LTZ DEFAULT CURRENT_TIMESTAMP()
) CLUSTER BY (START_DATE_KEY);
