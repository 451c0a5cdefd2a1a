-- Weather stations: sensors, hourly observations, daily climate, forecasts and alerts.
create schema if not exists METEO.OBS;
use schema METEO.OBS;

create or replace table STATION (
    STATION_ID           varchar(11)    not null comment 'Two letters of the country, then nine digits',
    WMO_ID               varchar(5),
    ICAO_CD              varchar(4),
    STATION_NAME         varchar(80)    not null,
    LATITUDE_DEG         number(8,5)    not null,
    LONGITUDE_DEG        number(8,5)    not null,
    ELEVATION_M          number(6,1),
    COUNTRY_CD           varchar(2)     not null,
    REGION_NAME          varchar(60),
    NEAREST_CITY         varchar(60),
    TIME_ZONE            varchar(40),
    UTC_OFFSET_HOURS     number(4,2),
    INSTALLED_DT         date           not null,
    DECOMMISSIONED_DT    date,
    IS_AUTOMATIC         boolean        default true,
    OPERATOR_EMAIL       varchar(120),
    constraint PK_STATION primary key (STATION_ID),
    constraint CK_STATION_LAT check (LATITUDE_DEG between -90 and 90),
    constraint CK_STATION_LON check (LONGITUDE_DEG between -180 and 180)
);

create or replace table SENSOR (
    SENSOR_ID            number(9,0)    not null primary key,
    STATION_ID           varchar(11)    not null references STATION (STATION_ID),
    SENSOR_TYPE          varchar(16)    not null comment 'thermometer, barometer, anemometer, rain gauge',
    SERIAL_NBR           varchar(24)    not null,
    MANUFACTURER         varchar(40),
    RANGE_MIN            number(9,3),
    RANGE_MAX            number(9,3),
    UNIT_CD              varchar(6),
    ACCURACY             number(6,3),
    CALIBRATED_DT        date,
    NEXT_CALIBRATION_DT  date,
    HEIGHT_ABOVE_GROUND_M number(4,1)
);

create or replace table WEATHER_CODE (
    WEATHER_CD           number(2,0)    not null primary key,
    WEATHER_DESC         varchar(40)    not null,
    IS_PRECIPITATION     boolean        not null
);

insert into WEATHER_CODE values
    (0, 'Clear sky', false), (3, 'Overcast', false), (45, 'Fog', false),
    (61, 'Light rain', true), (65, 'Heavy rain', true), (71, 'Light snow', true), (95, 'Thunderstorm', true);

create or replace table HOURLY_OBSERVATION (
    STATION_ID           varchar(11)    not null references STATION (STATION_ID),
    OBSERVED_AT_UTC      timestamp_ntz  not null,
    TEMP_C               number(4,1),
    FEELS_LIKE_C         number(4,1),
    DEW_POINT_C          number(4,1)    comment 'Never above the temperature',
    HUMIDITY_PCT         number(3,0),
    PRESSURE_HPA         number(6,1),
    WIND_SPEED_MS        number(4,1),
    WIND_GUST_MS         number(4,1),
    WIND_DIR_DEG         number(3,0),
    WIND_DIR_TXT         varchar(3)     comment 'N, NNE, NE and so on',
    CLOUD_COVER_OKTAS    number(1,0)    comment 'Eighths of the sky, 0 to 8',
    VISIBILITY_M         number(6,0),
    RAIN_1H_MM           number(5,1)    default 0,
    SNOW_DEPTH_CM        number(4,0),
    SOLAR_RADIATION_WM2  number(5,0),
    UV_INDEX             number(3,1),
    WEATHER_CD           number(2,0)    references WEATHER_CODE (WEATHER_CD),
    QUALITY_FLG          char(1)        default 'G' comment 'G good, S suspect, M missing',
    RECEIVED_TS          timestamp_tz,
    primary key (STATION_ID, OBSERVED_AT_UTC)
) cluster by (to_date(OBSERVED_AT_UTC), STATION_ID);

create or replace table DAILY_CLIMATE (
    STATION_ID           varchar(11)    not null references STATION (STATION_ID),
    OBS_DATE             date           not null,
    TMIN_C               number(4,1),
    TAVG_C               number(4,1),
    TMAX_C               number(4,1),
    TRANGE_C             number(4,1)    as (TMAX_C - TMIN_C),
    PRECIP_MM            number(6,1),
    SNOWFALL_CM          number(5,1),
    WIND_AVG_MS          number(4,1),
    WIND_MAX_MS          number(4,1),
    SUNSHINE_HOURS       number(4,1)    comment 'From 0 to 24',
    SUNRISE_LOCAL        time,
    SUNSET_LOCAL         time,
    MOON_PHASE           number(3,2)    comment '0 new, 0.5 full',
    OBS_COUNT            number(2,0)    not null comment 'Hourly observations used, up to 24',
    COMPLETENESS_PCT     number(5,2),
    FROST_YN             char(1),
    primary key (STATION_ID, OBS_DATE)
);

create or replace table FORECAST (
    FORECAST_ID          number(18,0)   identity primary key,
    STATION_ID           varchar(11)    not null references STATION (STATION_ID),
    MODEL_CD             varchar(10)    not null,
    ISSUED_AT_UTC        timestamp_ntz  not null,
    VALID_AT_UTC         timestamp_ntz  not null,
    LEAD_HOURS           number(3,0)    not null comment 'Hours from issued to valid',
    TEMP_C_P10           number(4,1),
    TEMP_C_P50           number(4,1),
    TEMP_C_P90           number(4,1),
    PRECIP_PROBABILITY   number(4,3)    comment 'From 0 to 1',
    PRECIP_MM            number(5,1),
    WIND_SPEED_MS        number(4,1)
);

create or replace table WEATHER_ALERT (
    ALERT_UUID           varchar(36)    not null primary key,
    STATION_ID           varchar(11)    references STATION (STATION_ID),
    HAZARD_TYPE          varchar(20)    not null,
    SEVERITY_LVL         varchar(8)     not null comment 'yellow, orange, red',
    HEADLINE             varchar(160),
    ISSUED_TS            timestamp_tz   not null,
    ONSET_TS             timestamp_tz   not null,
    EXPIRES_TS           timestamp_tz   not null,
    CANCELLED_FLG        char(1)        default 'N',
    CANCELLED_TS         timestamp_tz,
    DETAIL_URL           varchar(300)
);
