-- Public transport: the timetable in the shape of a GTFS feed, then what really happened.
-- Times of the timetable are text, as 25:10:00 is ten past one of the next morning.
use role transit_loader;
use schema transit.gtfs;

create or replace table agency (
    agency_id            varchar(10)    not null primary key,
    agency_name          varchar(80)    not null,
    agency_url           varchar(200)   not null,
    agency_timezone      varchar(40)    not null,
    agency_lang          varchar(2),
    agency_phone         varchar(20),
    agency_email         varchar(120)
);

create or replace table stops (
    stop_id              varchar(20)    not null primary key,
    stop_code            varchar(8),
    stop_name            varchar(100)   not null,
    stop_desc            varchar(200),
    stop_lat             number(9,6)    not null,
    stop_lon             number(9,6)    not null,
    zone_id              varchar(4),
    location_type        number(1,0)    default 0 comment '0 stop, 1 station, 2 entrance',
    parent_station       varchar(20)    references stops (stop_id),
    wheelchair_boarding  number(1,0)    comment '0 unknown, 1 yes, 2 no',
    platform_code        varchar(4)
);

create or replace table routes (
    route_id             varchar(20)    not null primary key,
    agency_id            varchar(10)    not null references agency (agency_id),
    route_short_name     varchar(8)     not null,
    route_long_name      varchar(120),
    route_type           number(4,0)    not null comment '0 tram, 1 metro, 2 rail, 3 bus, 4 ferry',
    route_color          varchar(6)     comment 'Six hexadecimal digits without #',
    route_text_color     varchar(6),
    route_sort_order     number(5,0)
);

create or replace table calendar (
    service_id           varchar(20)    not null primary key,
    monday               number(1,0)    not null,
    tuesday              number(1,0)    not null,
    wednesday            number(1,0)    not null,
    thursday             number(1,0)    not null,
    friday               number(1,0)    not null,
    saturday             number(1,0)    not null,
    sunday               number(1,0)    not null,
    start_date           varchar(8)     not null comment 'YYYYMMDD',
    end_date             varchar(8)     not null comment 'YYYYMMDD'
);

create or replace table trips (
    trip_id              varchar(30)    not null primary key,
    route_id             varchar(20)    not null references routes (route_id),
    service_id           varchar(20)    not null references calendar (service_id),
    trip_headsign        varchar(80),
    direction_id         number(1,0)    comment '0 outbound, 1 inbound',
    block_id             varchar(12),
    bikes_allowed        number(1,0)
);

create or replace table stop_times (
    trip_id              varchar(30)    not null references trips (trip_id),
    stop_sequence        number(4,0)    not null,
    stop_id              varchar(20)    not null references stops (stop_id),
    arrival_time         varchar(8)     not null comment 'HH:MM:SS, hours may pass 24',
    departure_time       varchar(8)     not null,
    pickup_type          number(1,0)    default 0,
    drop_off_type        number(1,0)    default 0,
    shape_dist_traveled  number(9,2)    comment 'Metres from the first stop',
    timepoint            number(1,0)    default 1,
    constraint stop_times_pk primary key (trip_id, stop_sequence)
);

create or replace table fare_products (
    fare_product_id      varchar(12)    not null primary key,
    fare_name            varchar(60)    not null,
    rider_category       varchar(10)    not null comment 'adult, child, senior, student',
    price                number(7,2)    not null,
    currency_type        varchar(3)     not null default 'EUR',
    transfers            number(1,0),
    transfer_duration_s  number(6,0)
);

insert into fare_products values
    ('SGL-A', 'Single journey', 'adult', 2.80, 'EUR', 1, 5400),
    ('SGL-C', 'Single journey', 'child', 1.40, 'EUR', 1, 5400),
    ('DAY-A', 'Day ticket', 'adult', 7.50, 'EUR', null, 86400),
    ('MON-A', 'Monthly pass', 'adult', 62.00, 'EUR', null, null);

create or replace table vehicle_positions (
    vehicle_id           varchar(12)    not null,
    trip_id              varchar(30)    references trips (trip_id),
    recorded_at          timestamp_tz   not null,
    latitude             float          not null,
    longitude            float          not null,
    bearing              number(5,1)    comment 'Degrees clockwise from north, 0 to 360',
    speed_kmh            number(5,1),
    odometer_m           number(12,0),
    delay_seconds        number(6,0)    comment 'Below zero when early',
    occupancy_pct        number(3,0),
    occupancy_status     varchar(24)
) cluster by (to_date(recorded_at));

create or replace table ticket_taps (
    tap_id               number(18,0)   autoincrement primary key,
    card_hash            varchar(64)    not null,
    fare_product_id      varchar(12)    references fare_products (fare_product_id),
    tapped_on_at         timestamp_ntz  not null,
    tapped_off_at        timestamp_ntz,
    board_stop_id        varchar(20)    not null references stops (stop_id),
    alight_stop_id       varchar(20)    references stops (stop_id),
    fare_charged         number(7,2)    not null,
    is_transfer          boolean        default false
);
