-- Clinical observations in the manner of a common data model: one row per person, visit, condition and drug exposure.
-- Standard codes live in concept; the *_source_value columns hold what the hospital system sent.
CREATE SCHEMA IF NOT EXISTS cdm;

CREATE TABLE cdm.concept (
    concept_id          INTEGER      NOT NULL ENCODE az64,
    concept_name        VARCHAR(255) NOT NULL ENCODE zstd,
    domain_id           VARCHAR(20)  NOT NULL ENCODE bytedict,
    vocabulary_id       VARCHAR(20)  NOT NULL ENCODE bytedict,
    concept_class_id    VARCHAR(20)  NOT NULL ENCODE bytedict,
    standard_concept    CHAR(1),
    concept_code        VARCHAR(50)  NOT NULL ENCODE lzo,
    valid_start_date    DATE         NOT NULL,
    valid_end_date      DATE         NOT NULL,
    invalid_reason      CHAR(1),
    PRIMARY KEY (concept_id)
)
DISTSTYLE ALL
SORTKEY (concept_id);

CREATE TABLE cdm.care_site (
    care_site_id            INTEGER NOT NULL PRIMARY KEY,
    care_site_name          VARCHAR(255),
    place_of_service        VARCHAR(50),
    street_address          VARCHAR(100),
    city                    VARCHAR(50),
    state                   CHAR(2),
    zip                     VARCHAR(9),
    county                  VARCHAR(20),
    latitude                DECIMAL(9,6),
    longitude               DECIMAL(9,6)
)
DISTSTYLE ALL;

CREATE TABLE cdm.provider (
    provider_id             INTEGER NOT NULL,
    provider_name           VARCHAR(255),
    npi                     VARCHAR(10),
    specialty_source_value  VARCHAR(50),
    care_site_id            INTEGER REFERENCES cdm.care_site (care_site_id),
    year_of_birth           SMALLINT,
    gender_source_value     CHAR(1),
    PRIMARY KEY (provider_id)
)
DISTSTYLE ALL;

CREATE TABLE cdm.person (
    person_id               BIGINT    NOT NULL ENCODE az64,
    gender_concept_id       INTEGER   NOT NULL REFERENCES cdm.concept (concept_id),
    year_of_birth           SMALLINT  NOT NULL,
    month_of_birth          SMALLINT,
    day_of_birth            SMALLINT,
    birth_datetime          TIMESTAMP,
    death_datetime          TIMESTAMP,
    race_source_value       VARCHAR(50),
    ethnicity_source_value  VARCHAR(50),
    gender_source_value     VARCHAR(6),
    provider_id             INTEGER REFERENCES cdm.provider (provider_id),
    care_site_id            INTEGER REFERENCES cdm.care_site (care_site_id),
    person_source_value     VARCHAR(50),
    PRIMARY KEY (person_id)
)
DISTKEY (person_id)
SORTKEY (person_id);

CREATE TABLE cdm.visit_occurrence (
    visit_occurrence_id             BIGINT    NOT NULL,
    person_id                       BIGINT    NOT NULL DISTKEY,
    visit_concept_id                INTEGER   NOT NULL,
    visit_start_date                DATE      NOT NULL,
    visit_start_datetime            TIMESTAMP,
    visit_end_date                  DATE      NOT NULL,
    visit_end_datetime              TIMESTAMP,
    admitted_from_source_value      VARCHAR(50),
    discharged_to_source_value      VARCHAR(50),
    length_of_stay_days             SMALLINT,
    provider_id                     INTEGER,
    preceding_visit_occurrence_id   BIGINT,
    PRIMARY KEY (visit_occurrence_id),
    FOREIGN KEY (person_id) REFERENCES cdm.person (person_id),
    FOREIGN KEY (visit_concept_id) REFERENCES cdm.concept (concept_id),
    FOREIGN KEY (preceding_visit_occurrence_id) REFERENCES cdm.visit_occurrence (visit_occurrence_id)
)
COMPOUND SORTKEY (person_id, visit_start_date);

-- The keys of the next two tables are not declared in this warehouse.
CREATE TABLE cdm.condition_occurrence (
    condition_occurrence_id     BIGINT  NOT NULL,
    person_id                   BIGINT  NOT NULL DISTKEY,
    condition_concept_id        INTEGER NOT NULL,
    condition_start_date        DATE    NOT NULL SORTKEY,
    condition_end_date          DATE,
    condition_status            VARCHAR(12),
    stop_reason                 VARCHAR(20),
    visit_occurrence_id         BIGINT,
    icd10_code                  VARCHAR(8)
);

CREATE TABLE cdm.drug_exposure (
    drug_exposure_id            BIGINT  NOT NULL,
    person_id                   BIGINT  NOT NULL DISTKEY,
    drug_concept_id             INTEGER NOT NULL,
    drug_exposure_start_date    DATE    NOT NULL SORTKEY,
    drug_exposure_end_date      DATE,
    verbatim_end_date           DATE,
    refills                     SMALLINT DEFAULT 0,
    quantity                    NUMERIC(10,2),
    days_supply                 SMALLINT,
    dose_unit                   VARCHAR(10),
    route                       VARCHAR(20),
    lot_number                  VARCHAR(50),
    sig                         VARCHAR(500),
    visit_occurrence_id         BIGINT
);

COMMENT ON TABLE cdm.person IS 'One row per patient, without names';
COMMENT ON COLUMN cdm.drug_exposure.days_supply IS 'Days the dispensed quantity lasts as prescribed';
