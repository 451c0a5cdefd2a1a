-- Readings of watches and bands: workouts, heart rate, sleep, daily totals.
-- Column names come from the app's JSON, so they are camelCase and quoted.
set enable_case_sensitive_identifier to true;
create schema if not exists wearables;

create table wearables.users (
    "userId"            varchar(36)   not null,
    "userName"          varchar(30)   not null,
    "displayName"       varchar(60),
    "email"             varchar(160)  not null,
    "gender"            varchar(10),
    "birthDate"         date,
    "age"               smallint,
    "heightCm"          decimal(5,1),
    "weightKg"          decimal(5,1),
    "targetWeightKg"    decimal(5,1),
    "bmi"               decimal(4,1),
    "restingHeartRate"  smallint,
    "maxHeartRate"      smallint,
    "dailyStepGoal"     integer       default 10000,
    "unitSystem"        varchar(8)    default 'metric',
    "countryCode"       char(2),
    "timeZone"          varchar(40),
    "avatarUrl"         varchar(300),
    "isPremium"         boolean       default false,
    "premiumUntil"      timestamp,
    "createdAt"         timestamp     not null,
    "updatedAt"         timestamp,
    "deletedAt"         timestamp,
    primary key ("userId")
) distkey ("userId") sortkey ("createdAt");

create table wearables.devices (
    "deviceId"          varchar(36)   not null,
    "userId"            varchar(36)   not null references wearables.users ("userId"),
    "serialNumber"      varchar(20)   not null,
    "macAddress"        char(17),
    "model"             varchar(40)   not null,
    "firmwareVersion"   varchar(12),
    "batteryPercent"    smallint,
    "pairedAt"          timestamp     not null,
    "lastSyncAt"        timestamp,
    "isActive"          boolean       default true,
    primary key ("deviceId")
) distkey ("userId");

create table wearables.activity_types (
    "activityTypeId"    smallint      not null primary key,
    "activityName"      varchar(30)   not null,
    "metValue"          decimal(4,1)  not null,           -- metabolic equivalent
    "isOutdoor"         boolean       not null
) diststyle all;

insert into wearables.activity_types values
    (1, 'Walking', 3.5, true), (2, 'Running', 9.8, true), (3, 'Cycling', 7.5, true),
    (4, 'Swimming', 8.0, false), (5, 'Yoga', 2.5, false), (6, 'Rowing machine', 7.0, false);

create table wearables.workouts (
    "workoutId"         bigint        not null,
    "userId"            varchar(36)   not null references wearables.users ("userId"),
    "deviceId"          varchar(36)   references wearables.devices ("deviceId"),
    "activityTypeId"    smallint      not null references wearables.activity_types ("activityTypeId"),
    "startTime"         timestamp     not null,
    "endTime"           timestamp     not null,
    "durationSec"       integer       not null,
    "distanceMeters"    decimal(9,1),
    "steps"             integer,
    "calories"          integer,
    "avgHeartRate"      smallint,
    "minHeartRate"      smallint,
    "maxHeartRate"      smallint,
    "avgPaceSecPerKm"   smallint,
    "avgSpeedKmh"       decimal(5,2),
    "maxSpeedKmh"       decimal(5,2),
    "elevationGainM"    decimal(7,1),
    "elevationLossM"    decimal(7,1),
    "startLatitude"     decimal(9,6),
    "startLongitude"    decimal(9,6),
    "perceivedEffort"   smallint,                         -- 1 to 10
    "notes"             varchar(500),
    primary key ("workoutId")
) distkey ("userId") compound sortkey ("startTime", "userId");

create table wearables.workout_laps (
    "workoutId"         bigint        not null references wearables.workouts ("workoutId"),
    "lapNumber"         smallint      not null,
    "startedAt"         timestamp     not null,
    "lapSeconds"        integer       not null,
    "lapMeters"         decimal(8,1)  not null,
    "avgHeartRate"      smallint,
    primary key ("workoutId", "lapNumber")
);

create table wearables.heart_rate_samples (
    "userId"            varchar(36)   not null,
    "sampledAt"         timestamp     not null encode delta32k,
    "bpm"               smallint      not null,
    "confidence"        decimal(3,2),                     -- 0 to 1
    "spo2Pct"           decimal(4,1),
    "hrvMs"             decimal(5,1)
) distkey ("userId") compound sortkey ("userId", "sampledAt");

create table wearables.sleep_sessions (
    "sleepId"           bigint        not null,
    "userId"            varchar(36)   not null references wearables.users ("userId"),
    "bedTime"           timestamp     not null,
    "wakeTime"          timestamp     not null,
    "minutesAsleep"     smallint      not null,
    "minutesAwake"      smallint      not null,
    "lightSleepMin"     smallint,
    "deepSleepMin"      smallint,
    "remSleepMin"       smallint,
    "sleepScore"        smallint,                         -- 0 to 100
    "sleepEfficiency"   decimal(4,3),                     -- fraction of time in bed
    "skinTempDeltaC"    decimal(4,2),
    primary key ("sleepId")
) distkey ("userId");

create table wearables.daily_summary (
    "userId"            varchar(36)   not null references wearables.users ("userId"),
    "summaryDate"       date          not null,
    "totalSteps"        integer       not null,
    "totalDistanceKm"   decimal(6,2)  not null,
    "activeMinutes"     smallint      not null,
    "sedentaryMinutes"  smallint      not null,
    "floorsClimbed"     smallint,
    "caloriesBmr"       smallint,
    "caloriesActive"    smallint,
    "caloriesTotal"     smallint,
    "waterMl"           smallint,
    "goalReached"       boolean       not null,
    "goalPct"           decimal(6,2),
    primary key ("userId", "summaryDate")
) distkey ("userId") sortkey ("summaryDate");
