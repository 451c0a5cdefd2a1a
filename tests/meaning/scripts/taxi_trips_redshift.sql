-- Trips of a licensed taxi fleet, with zones and code lists; the trip table mixes the spellings of two vendors.
CREATE TABLE taxi.vendor (
    VendorID            SMALLINT    NOT NULL PRIMARY KEY,
    VendorName          VARCHAR(60) NOT NULL
)
DISTSTYLE ALL;

CREATE TABLE taxi.rate_code (
    RatecodeID          SMALLINT    NOT NULL PRIMARY KEY,
    RateDescription     VARCHAR(30) NOT NULL
)
DISTSTYLE ALL;

CREATE TABLE taxi.payment_type (
    payment_type        SMALLINT    NOT NULL PRIMARY KEY,
    payment_type_name   VARCHAR(12) NOT NULL
)
DISTSTYLE ALL;

CREATE TABLE taxi.zone (
    LocationID          INTEGER     NOT NULL PRIMARY KEY,
    Borough             VARCHAR(20) NOT NULL,
    Zone                VARCHAR(60) NOT NULL,
    service_zone        VARCHAR(20),
    centroid_lat        DOUBLE PRECISION,
    centroid_lng        DOUBLE PRECISION,
    area_sq_km          REAL
)
DISTSTYLE ALL;

CREATE TABLE taxi.driver (
    driver_id           INTEGER     NOT NULL IDENTITY(1,1),
    hack_license_no     CHAR(7)     NOT NULL,
    full_name           VARCHAR(100),
    mobile_phone        VARCHAR(20),
    license_issued_on   DATE,
    license_expires_on  DATE,
    avg_rating          NUMERIC(3,2),
    is_active           BOOLEAN     DEFAULT TRUE,
    PRIMARY KEY (driver_id)
)
DISTSTYLE ALL;

CREATE TABLE taxi.vehicle (
    vehicle_id          INTEGER     NOT NULL PRIMARY KEY,
    medallion           CHAR(4)     NOT NULL,
    license_plate       VARCHAR(8),
    vin                 CHAR(17),
    make                VARCHAR(30),
    model               VARCHAR(30),
    model_year          SMALLINT,
    seats               SMALLINT,
    fuel_type           VARCHAR(8),
    wheelchair_accessible_flag CHAR(1),
    odometer_km         INTEGER
)
DISTSTYLE ALL;

CREATE TABLE taxi.yellow_trip (
    trip_id                 BIGINT        NOT NULL IDENTITY(1,1) ENCODE raw,
    VendorID                SMALLINT      REFERENCES taxi.vendor (VendorID),
    driver_id               INTEGER       REFERENCES taxi.driver (driver_id),
    vehicle_id              INTEGER       REFERENCES taxi.vehicle (vehicle_id),
    tpep_pickup_datetime    TIMESTAMP     NOT NULL ENCODE az64,
    tpep_dropoff_datetime   TIMESTAMP     NOT NULL ENCODE az64,
    passenger_count         SMALLINT,
    trip_distance           NUMERIC(8,2),
    RatecodeID              SMALLINT      REFERENCES taxi.rate_code (RatecodeID),
    store_and_fwd_flag      CHAR(1),
    PULocationID            INTEGER       REFERENCES taxi.zone (LocationID),
    DOLocationID            INTEGER       REFERENCES taxi.zone (LocationID),
    pickup_latitude         DOUBLE PRECISION,
    pickup_longitude        DOUBLE PRECISION,
    dropoff_latitude        DOUBLE PRECISION,
    dropoff_longitude       DOUBLE PRECISION,
    payment_type            SMALLINT      REFERENCES taxi.payment_type (payment_type),
    fare_amount             NUMERIC(8,2),
    extra                   NUMERIC(8,2)  DEFAULT 0,
    mta_tax                 NUMERIC(8,2),
    tip_amount              NUMERIC(8,2)  DEFAULT 0,
    tolls_amount            NUMERIC(8,2)  DEFAULT 0,
    improvement_surcharge   NUMERIC(8,2),
    congestion_surcharge    NUMERIC(8,2),
    total_amount            NUMERIC(8,2),
    PRIMARY KEY (trip_id)
)
DISTKEY (PULocationID)
SORTKEY (tpep_pickup_datetime);

CREATE TABLE taxi.driver_shift (
    shift_id            BIGINT      NOT NULL,
    driver_id           INTEGER     NOT NULL,
    vehicle_id          INTEGER     NOT NULL,
    shift_start         TIMESTAMP   NOT NULL SORTKEY,
    shift_end           TIMESTAMP,
    trip_count          SMALLINT,
    duration_minutes    INTEGER,
    gross_fares         NUMERIC(10,2)
);

COMMENT ON COLUMN taxi.yellow_trip.trip_distance IS 'Miles by the taximeter';
COMMENT ON COLUMN taxi.yellow_trip.store_and_fwd_flag IS 'Y when the record was held in the vehicle before it was sent';
