-- Scheduled flights, bookings and delays. Scheduled and actual times stand side by side; local times are HHMM numbers.
CREATE TABLE air.airport (
    iata_code           CHAR(3)       NOT NULL PRIMARY KEY,
    icao_code           CHAR(4),
    airport_name        VARCHAR(120)  NOT NULL,
    city                VARCHAR(80),
    country_iso2        CHAR(2)       NOT NULL,
    continent           VARCHAR(13),
    latitude_deg        NUMERIC(9,6),
    longitude_deg       NUMERIC(9,6),
    elevation_ft        INTEGER,
    tz_name             VARCHAR(40),
    utc_offset_minutes  SMALLINT
)
DISTSTYLE ALL
SORTKEY (iata_code);

CREATE TABLE air.carrier (
    carrier_code        CHAR(2)       NOT NULL PRIMARY KEY,
    carrier_name        VARCHAR(60)   NOT NULL,
    callsign            VARCHAR(20),
    alliance            VARCHAR(12),
    is_low_cost         BOOLEAN       DEFAULT FALSE
)
DISTSTYLE ALL;

CREATE TABLE air.aircraft (
    tail_number         VARCHAR(6)    NOT NULL PRIMARY KEY,
    carrier_code        CHAR(2)       NOT NULL REFERENCES air.carrier (carrier_code),
    aircraft_type       VARCHAR(4)    NOT NULL,
    manufacturer        VARCHAR(20),
    seats_economy       SMALLINT,
    seats_business      SMALLINT,
    range_km            INTEGER,
    first_flight_date   DATE,
    retired_date        DATE
)
DISTSTYLE ALL;

CREATE TABLE air.flight_leg (
    flight_leg_id       BIGINT        NOT NULL IDENTITY(1,1),
    flight_date         DATE          NOT NULL ENCODE raw,
    carrier_code        CHAR(2)       NOT NULL REFERENCES air.carrier (carrier_code),
    flight_number       SMALLINT      NOT NULL,
    tail_number         VARCHAR(6)    REFERENCES air.aircraft (tail_number),
    origin              CHAR(3)       NOT NULL REFERENCES air.airport (iata_code),
    dest                CHAR(3)       NOT NULL REFERENCES air.airport (iata_code),
    sched_dep_utc       TIMESTAMPTZ   NOT NULL,
    sched_arr_utc       TIMESTAMPTZ   NOT NULL,
    actual_dep_utc      TIMESTAMPTZ,
    actual_arr_utc      TIMESTAMPTZ,
    crs_dep_time        SMALLINT,
    crs_arr_time        SMALLINT,
    dep_delay_min       SMALLINT,
    arr_delay_min       SMALLINT,
    taxi_out_min        SMALLINT,
    taxi_in_min         SMALLINT,
    air_time_min        SMALLINT,
    distance_miles      INTEGER,
    cancelled           BOOLEAN       NOT NULL DEFAULT FALSE,
    cancellation_code   CHAR(1),
    diverted            BOOLEAN       NOT NULL DEFAULT FALSE,
    gate                VARCHAR(4),
    terminal            VARCHAR(2),
    load_factor         NUMERIC(4,3),
    PRIMARY KEY (flight_leg_id)
)
DISTKEY (flight_leg_id)
INTERLEAVED SORTKEY (flight_date, origin, dest);

CREATE TABLE air.passenger (
    passenger_id        BIGINT        NOT NULL PRIMARY KEY,
    title               VARCHAR(4),
    given_name          VARCHAR(50),
    surname             VARCHAR(50),
    date_of_birth       DATE,
    nationality         CHAR(3),
    passport_number     VARCHAR(9),
    passport_expiry     DATE,
    frequent_flyer_no   VARCHAR(12),
    ff_tier             VARCHAR(8),
    email               VARCHAR(120),
    phone_e164          VARCHAR(16)
)
DISTKEY (passenger_id);

CREATE TABLE air.booking (
    pnr                 CHAR(6)       NOT NULL PRIMARY KEY,
    booked_at           TIMESTAMPTZ   NOT NULL SORTKEY,
    booking_channel     VARCHAR(8),
    point_of_sale       CHAR(2),
    currency            CHAR(3)       NOT NULL,
    base_fare           NUMERIC(10,2),
    taxes_and_fees      NUMERIC(10,2),
    total_fare          NUMERIC(10,2),
    passenger_count     SMALLINT,
    status              VARCHAR(9)
)
DISTSTYLE EVEN;

-- Bridge of booking, passenger and leg.
CREATE TABLE air.ticket_coupon (
    ticket_number       CHAR(13)      NOT NULL,
    coupon_number       SMALLINT      NOT NULL,
    pnr                 CHAR(6)       NOT NULL REFERENCES air.booking (pnr),
    passenger_id        BIGINT        NOT NULL REFERENCES air.passenger (passenger_id),
    flight_leg_id       BIGINT        NOT NULL DISTKEY REFERENCES air.flight_leg (flight_leg_id),
    cabin_class         CHAR(1),
    fare_basis          VARCHAR(8),
    seat_number         VARCHAR(3),
    checked_bags        SMALLINT      DEFAULT 0,
    bag_weight_kg       NUMERIC(5,1),
    is_checked_in       BOOLEAN,
    checked_in_at       TIMESTAMPTZ,
    boarded_at          TIMESTAMPTZ,
    coupon_fare         NUMERIC(10,2),
    PRIMARY KEY (ticket_number, coupon_number)
);
