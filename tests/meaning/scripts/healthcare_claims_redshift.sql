-- Medical claims of a health insurer: members, providers, claim headers and lines, pharmacy.
-- Dates of service are kept apart from dates of processing.
CREATE SCHEMA IF NOT EXISTS claims;

CREATE TABLE claims.plan (
    plan_id              VARCHAR(10)   NOT NULL PRIMARY KEY,
    plan_name            VARCHAR(80)   NOT NULL,
    plan_type            VARCHAR(4)    NOT NULL,            -- HMO, PPO, EPO, POS
    metal_level          VARCHAR(8),
    monthly_premium      DECIMAL(8,2)  NOT NULL,
    individual_deductible DECIMAL(9,2) NOT NULL,
    family_deductible    DECIMAL(9,2)  NOT NULL,
    out_of_pocket_max    DECIMAL(9,2)  NOT NULL,
    coinsurance_rate     DECIMAL(4,3)  NOT NULL,            -- 0.200 is 20 percent
    plan_year            SMALLINT      NOT NULL
) DISTSTYLE ALL;

CREATE TABLE claims.member (
    member_sk            BIGINT        NOT NULL,
    member_id            VARCHAR(12)   NOT NULL,
    subscriber_id        VARCHAR(12)   NOT NULL,
    relationship_cd      CHAR(2)       NOT NULL,            -- 18 self, 01 spouse, 19 child
    first_name           VARCHAR(40)   NOT NULL,
    last_name            VARCHAR(60)   NOT NULL,
    dob                  DATE          NOT NULL,
    dod                  DATE,
    sex_cd               CHAR(1)       NOT NULL,
    ssn_last4            CHAR(4),
    street_addr          VARCHAR(100),
    city                 VARCHAR(60),
    state_cd             CHAR(2),
    zip5                 CHAR(5),
    county_fips          CHAR(5),
    phone_nbr            VARCHAR(14),
    pcp_npi              CHAR(10),
    PRIMARY KEY (member_sk)
) DISTKEY (member_sk) SORTKEY (member_id);

CREATE TABLE claims.enrollment_span (
    member_sk            BIGINT        NOT NULL REFERENCES claims.member (member_sk),
    plan_id              VARCHAR(10)   NOT NULL REFERENCES claims.plan (plan_id),
    eff_dt               DATE          NOT NULL,
    term_dt              DATE          NOT NULL DEFAULT '9999-12-31',
    group_nbr            VARCHAR(10),
    is_active            BOOLEAN       NOT NULL,
    PRIMARY KEY (member_sk, plan_id, eff_dt)
) DISTKEY (member_sk);

CREATE TABLE claims.provider (
    npi                  CHAR(10)      NOT NULL PRIMARY KEY,
    entity_type_cd       CHAR(1)       NOT NULL,            -- 1 person, 2 organisation
    provider_name        VARCHAR(100)  NOT NULL,
    credential           VARCHAR(10),
    taxonomy_cd          CHAR(10),
    specialty_desc       VARCHAR(60),
    tax_id               CHAR(9),
    practice_city        VARCHAR(60),
    practice_state       CHAR(2),
    practice_zip         VARCHAR(10),
    in_network_flg       CHAR(1)       DEFAULT 'Y'
) DISTSTYLE ALL;

CREATE TABLE claims.diagnosis_code (
    icd10_cd             VARCHAR(8)    NOT NULL PRIMARY KEY,
    short_desc           VARCHAR(60)   NOT NULL,
    chapter_nbr          SMALLINT,
    is_billable          BOOLEAN       DEFAULT TRUE
) DISTSTYLE ALL;

INSERT INTO claims.diagnosis_code VALUES
    ('E11.9', 'Type 2 diabetes without complications', 4, TRUE),
    ('I10', 'High blood pressure', 9, TRUE),
    ('J45.909', 'Asthma, not specified', 10, TRUE),
    ('M54.50', 'Low back pain', 13, TRUE);

CREATE TABLE claims.claim_header (
    claim_id             VARCHAR(15)   NOT NULL,
    member_sk            BIGINT        NOT NULL REFERENCES claims.member (member_sk),
    claim_type_cd        CHAR(1)       NOT NULL,            -- P professional, I institutional
    billing_npi          CHAR(10)      NOT NULL REFERENCES claims.provider (npi),
    rendering_npi        CHAR(10)      REFERENCES claims.provider (npi),
    primary_icd10_cd     VARCHAR(8)    NOT NULL REFERENCES claims.diagnosis_code (icd10_cd),
    admit_dt             DATE,
    discharge_dt         DATE,
    length_of_stay_days  SMALLINT,
    drg_cd               CHAR(3),
    service_from_dt      DATE          NOT NULL,
    service_to_dt        DATE          NOT NULL,
    received_dt          DATE          NOT NULL,
    adjudicated_dt       DATE,
    paid_dt              DATE,
    claim_status_cd      VARCHAR(6)    NOT NULL,            -- PAID, DENIED, PEND
    denial_reason_cd     VARCHAR(5),
    total_billed_amt     DECIMAL(12,2) NOT NULL,
    total_allowed_amt    DECIMAL(12,2),
    total_paid_amt       DECIMAL(12,2),
    member_liability_amt DECIMAL(12,2),
    line_cnt             SMALLINT      NOT NULL,
    PRIMARY KEY (claim_id)
) DISTKEY (member_sk) COMPOUND SORTKEY (service_from_dt, member_sk);

CREATE TABLE claims.claim_line (
    claim_id             VARCHAR(15)   NOT NULL REFERENCES claims.claim_header (claim_id),
    line_nbr             SMALLINT      NOT NULL,
    service_dt           DATE          NOT NULL,
    cpt_cd               CHAR(5),                           -- five digits
    modifier_cd          CHAR(2),
    revenue_cd           CHAR(4),
    place_of_service_cd  CHAR(2),
    units_qty            DECIMAL(7,2)  NOT NULL DEFAULT 1,
    billed_amt           DECIMAL(10,2) NOT NULL,
    allowed_amt          DECIMAL(10,2),
    deductible_amt       DECIMAL(10,2) DEFAULT 0,
    copay_amt            DECIMAL(10,2) DEFAULT 0,
    coinsurance_amt      DECIMAL(10,2) DEFAULT 0,
    paid_amt             DECIMAL(10,2),
    PRIMARY KEY (claim_id, line_nbr)
) SORTKEY (service_dt);

CREATE TABLE claims.pharmacy_claim (
    rx_claim_id          BIGINT        NOT NULL PRIMARY KEY,
    member_sk            BIGINT        NOT NULL REFERENCES claims.member (member_sk),
    prescriber_npi       CHAR(10)      REFERENCES claims.provider (npi),
    ndc11                CHAR(11)      NOT NULL,
    drug_name            VARCHAR(80)   NOT NULL,
    brand_generic_cd     CHAR(1),                           -- B or G
    written_dt           DATE          NOT NULL,
    fill_dt              DATE          NOT NULL,
    refill_nbr           SMALLINT      DEFAULT 0,
    days_supply          SMALLINT      NOT NULL,
    dispensed_qty        DECIMAL(8,2)  NOT NULL,
    ingredient_cost_amt  DECIMAL(10,2) NOT NULL,
    dispensing_fee_amt   DECIMAL(6,2)  NOT NULL,
    patient_pay_amt      DECIMAL(9,2)  NOT NULL,
    plan_pay_amt         DECIMAL(10,2) NOT NULL,
    mail_order_flg       CHAR(1)       DEFAULT 'N'
) DISTKEY (member_sk) SORTKEY (fill_dt);
