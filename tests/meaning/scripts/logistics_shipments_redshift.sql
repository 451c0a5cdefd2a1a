-- Freight from order to proof of delivery: header, packages, legs and scan events.
CREATE TABLE logi.ref_country (
    iso2                CHAR(2)       NOT NULL PRIMARY KEY,
    iso3                CHAR(3)       NOT NULL,
    iso_numeric         SMALLINT,
    country_nm          VARCHAR(60)   NOT NULL,
    dial_code           VARCHAR(5),
    is_eu               BOOLEAN       NOT NULL DEFAULT FALSE
)
DISTSTYLE ALL;

CREATE TABLE logi.ref_service_level (
    service_cd          VARCHAR(4)    NOT NULL PRIMARY KEY,
    service_nm          VARCHAR(30)   NOT NULL,
    max_transit_days    SMALLINT
)
DISTSTYLE ALL;

CREATE TABLE logi.carrier (
    carrier_id          INTEGER       NOT NULL PRIMARY KEY,
    scac                CHAR(4)       NOT NULL,
    carrier_nm          VARCHAR(80)   NOT NULL,
    mode_cd             VARCHAR(5)    NOT NULL,
    on_time_pct         NUMERIC(5,2),
    contract_from       DATE,
    contract_to         DATE,
    support_phone       VARCHAR(24),
    tracking_url_tmpl   VARCHAR(200)
)
DISTSTYLE ALL;

CREATE TABLE logi.warehouse (
    wh_cd               CHAR(5)       NOT NULL PRIMARY KEY,
    wh_nm               VARCHAR(60)   NOT NULL,
    addr1               VARCHAR(80),
    addr2               VARCHAR(80),
    city                VARCHAR(50),
    state_prov          VARCHAR(3),
    postcode            VARCHAR(10),
    country_iso2        CHAR(2)       REFERENCES logi.ref_country (iso2),
    lat                 NUMERIC(9,6),
    lon                 NUMERIC(9,6),
    capacity_m3         INTEGER,
    dock_doors          SMALLINT
)
DISTSTYLE ALL;

CREATE TABLE logi.shipment_hdr (
    shipment_id         BIGINT        NOT NULL ENCODE raw,
    shipment_no         VARCHAR(14)   NOT NULL ENCODE zstd,
    po_number           VARCHAR(12),
    shipper_ref         VARCHAR(30),
    carrier_id          INTEGER       NOT NULL REFERENCES logi.carrier (carrier_id),
    service_cd          VARCHAR(4)    NOT NULL REFERENCES logi.ref_service_level (service_cd),
    origin_wh_cd        CHAR(5)       NOT NULL REFERENCES logi.warehouse (wh_cd),
    consignee_nm        VARCHAR(80),
    consignee_city      VARCHAR(50),
    consignee_postcode  VARCHAR(10),
    consignee_country   CHAR(2)       REFERENCES logi.ref_country (iso2),
    consignee_email     VARCHAR(120),
    incoterm            CHAR(3),
    status_cd           VARCHAR(3)    NOT NULL ENCODE bytedict,
    order_dt            DATE          NOT NULL,
    planned_pickup_ts   TIMESTAMP,
    actual_pickup_ts    TIMESTAMP,
    eta_ts              TIMESTAMP,
    ata_ts              TIMESTAMP,
    pod_signed_by       VARCHAR(60),
    pod_flag            BOOLEAN       DEFAULT FALSE,
    package_cnt         SMALLINT      NOT NULL DEFAULT 1,
    gross_weight_kg     NUMERIC(10,3),
    net_weight_kg       NUMERIC(10,3),
    volume_m3           NUMERIC(9,4),
    declared_value      NUMERIC(14,2),
    freight_cost        NUMERIC(12,2),
    fuel_surcharge_pct  NUMERIC(5,2),
    duty_amt            NUMERIC(12,2),
    currency_cd         CHAR(3),
    is_hazmat           BOOLEAN       NOT NULL DEFAULT FALSE,
    un_number           CHAR(4),
    created_by          VARCHAR(30),
    created_ts          TIMESTAMP     NOT NULL DEFAULT GETDATE(),
    updated_ts          TIMESTAMP,
    PRIMARY KEY (shipment_id)
)
DISTKEY (shipment_id)
SORTKEY (order_dt);

CREATE TABLE logi.shipment_dtl (
    shipment_id         BIGINT        NOT NULL REFERENCES logi.shipment_hdr (shipment_id),
    package_seq         SMALLINT      NOT NULL,
    sscc                CHAR(18)      NOT NULL,
    package_type        VARCHAR(6),
    length_cm           NUMERIC(6,1),
    width_cm            NUMERIC(6,1),
    height_cm           NUMERIC(6,1),
    weight_kg           NUMERIC(9,3),
    hs_code             VARCHAR(10),
    goods_desc          VARCHAR(120),
    qty                 INTEGER,
    uom                 VARCHAR(3),
    temp_min_c          NUMERIC(4,1),
    temp_max_c          NUMERIC(4,1),
    PRIMARY KEY (shipment_id, package_seq)
)
DISTKEY (shipment_id);

CREATE TABLE logi.shipment_leg (
    shipment_id         BIGINT        NOT NULL DISTKEY,
    leg_no              SMALLINT      NOT NULL,
    from_unlocode       CHAR(5),
    to_unlocode         CHAR(5),
    mode_cd             VARCHAR(5),
    vehicle_reg         VARCHAR(10),
    container_no        CHAR(11),
    depart_ts           TIMESTAMP,
    arrive_ts           TIMESTAMP,
    distance_km         NUMERIC(8,1),
    co2_kg              NUMERIC(10,2)
)
SORTKEY (shipment_id, leg_no);

CREATE TABLE logi.scan_event (
    event_id            BIGINT        NOT NULL IDENTITY(1,1),
    shipment_id         BIGINT        NOT NULL DISTKEY,
    tracking_no         VARCHAR(20),
    event_cd            VARCHAR(4)    NOT NULL,
    event_ts            TIMESTAMPTZ   NOT NULL SORTKEY,
    facility_city       VARCHAR(50),
    scan_lat            NUMERIC(9,6),
    scan_lon            NUMERIC(9,6),
    scanner_id          VARCHAR(12),
    exception_reason    VARCHAR(60)
);
