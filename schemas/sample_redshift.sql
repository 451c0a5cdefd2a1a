-- A ride-hailing fleet, kept the way a Redshift team keeps it: small tables on every node, trips distributed by rider.
create schema if not exists fleet;
set search_path to fleet;

create table city (
    city_id        smallint     not null encode raw,
    city_name      varchar(60)  not null,
    country_code   char(2)      not null,
    time_zone      varchar(40)  not null default 'UTC',
    launched_on    date,
    primary key (city_id)
) diststyle all sortkey (city_id);

create table vehicle (
    vehicle_id     integer      identity(1, 1) primary key,
    plate          varchar(12)  not null unique,
    model          varchar(40)  encode lzo,
    seats          smallint     not null,
    is_electric    boolean      default false,
    battery_kwh    decimal(5,1)
) diststyle all;

create table driver (
    driver_id      bigint       not null distkey sortkey,
    full_name      varchar(80)  not null encode zstd,
    licence_number varchar(20)  not null,
    home_city_id   smallint     not null references city (city_id),
    vehicle_id     integer      references vehicle (vehicle_id),
    rating         decimal(3,2),
    joined_at      timestamp    not null default getdate(),
    constraint driver_pk primary key (driver_id)
);

create table rider (
    rider_id       bigint       not null,
    email          varchar(120) not null,
    phone          char(16),
    referred_by    bigint,
    signed_up_at   timestamptz  not null,
    preferences    super,
    primary key (rider_id)
) distkey (rider_id) compound sortkey (signed_up_at, rider_id);

/* One row for each trip, finished or not.
   Fares are in the currency of the city. */
create table trip (
    trip_id        bigint        not null,
    rider_id       bigint        not null,
    driver_id      bigint        not null,
    city_id        smallint      not null,
    status         varchar(12)   not null,
    requested_at   timestamp     not null,
    picked_up_at   timestamp,
    distance_km    decimal(7,2),
    fare           decimal(10,2) not null,
    tip            decimal(8,2)  default 0.00,
    notes          varchar(max),
    primary key (trip_id),
    foreign key (rider_id) references rider (rider_id),
    foreign key (city_id) references city (city_id)
) distkey (rider_id) interleaved sortkey (requested_at, city_id);

alter table trip add constraint trip_driver_fk foreign key (driver_id) references driver (driver_id);
alter table rider add foreign key (referred_by) references rider (rider_id);

-- The way of a trip: numbered from 1 within each trip.
create table trip_waypoint (
    trip_id        bigint       not null references trip (trip_id),
    waypoint_no    integer      not null,
    latitude       double precision not null,
    longitude      double precision not null,
    reached_at     timestamp    not null,
    primary key (trip_id, waypoint_no)
) distkey (trip_id) sortkey auto;

create table daily_city_stats (
    city_id        smallint     not null references city (city_id),
    stats_date     date         not null,
    trips          integer      not null,
    revenue        decimal(14,2) not null,
    unique (city_id, stats_date)
) backup no diststyle even;

comment on table trip is 'Every requested trip, finished or not';
comment on column trip.fare is 'In the currency of the city, tip not included';

copy city from 's3://fleet-landing/city/' iam_role 'arn:aws:iam::000000000000:role/loader' csv ignoreheader 1;
grant select on all tables in schema fleet to group analysts;
