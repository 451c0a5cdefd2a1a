-- Telemetry of a mobile game: players, sessions, levels, purchases and the economy.
create database if not exists GAME_PROD;
use database GAME_PROD;
create schema if not exists ANALYTICS;
use schema ANALYTICS;

create or replace table Player (
    playerId          varchar(36)    not null primary key comment 'UUID given at first launch',
    playerName        varchar(24)    not null,
    avatarUrl         varchar(300),
    email             varchar(200),
    birthYear         number(4,0),
    countryCode       varchar(2),
    platform          varchar(8)     not null comment 'ios, android',
    deviceModel       varchar(60),
    osVersion         varchar(12),
    appVersion        varchar(12)    comment 'Semantic version, such as 2.14.1',
    advertisingId     varchar(36),
    acquisitionChannel varchar(30),
    installedAt       timestamp_ntz  not null,
    lastSeenAt        timestamp_ntz,
    currentLevel      number(4,0)    default 1,
    experiencePoints  number(12,0)   default 0,
    softCurrency      number(12,0)   default 0,
    hardCurrency      number(9,0)    default 0,
    isPayer           boolean        default false,
    firstPurchaseAt   timestamp_ntz,
    lifetimeValueUsd  number(10,2)   default 0,
    isBanned          boolean        default false,
    bannedUntil       timestamp_ntz
);

create or replace table Guild (
    guildId           number(10,0)   autoincrement primary key,
    guildTag          varchar(5)     not null unique,
    guildName         varchar(40)    not null,
    leaderPlayerId    varchar(36)    references Player (playerId),
    memberCount       number(3,0)    not null,
    maxMembers        number(3,0)    default 50,
    trophies          number(8,0),
    foundedOn         date           not null
);

create or replace table GuildMembership (
    guildId           number(10,0)   not null references Guild (guildId),
    playerId          varchar(36)    not null references Player (playerId),
    role              varchar(10)    default 'member',
    joinedAt          timestamp_ntz  not null,
    leftAt            timestamp_ntz,
    constraint pkGuildMembership primary key (guildId, playerId, joinedAt)
);

create or replace table GameSession (
    sessionId         varchar(36)    not null primary key,
    playerId          varchar(36)    not null references Player (playerId),
    sessionNumber     number(6,0)    not null comment 'First session of the player is 1',
    startedAt         timestamp_ntz  not null,
    endedAt           timestamp_ntz,
    durationSeconds   number(6,0),
    ipAddress         varchar(45),
    networkType       varchar(10),
    avgFps            number(5,1),
    minFps            number(5,1),
    maxFps            number(5,1),
    avgPingMs         number(5,0),
    crashed           boolean        default false,
    batteryStartPct   number(3,0),
    batteryEndPct     number(3,0)
) cluster by (to_date(startedAt));

create or replace table LevelAttempt (
    attemptId         number(18,0)   not null primary key,
    sessionId         varchar(36)    not null references GameSession (sessionId),
    playerId          varchar(36)    not null references Player (playerId),
    worldNo           number(2,0)    not null,
    levelNo           number(3,0)    not null,
    difficulty        varchar(8)     default 'normal' comment 'easy, normal, hard',
    attemptNo         number(4,0)    not null,
    outcome           varchar(10)    not null comment 'won, lost, abandoned',
    stars             number(1,0)    comment 'From 0 to 3',
    score             number(9,0)    not null,
    movesUsed         number(4,0),
    timeSpentSec      number(5,0),
    attemptedAt       timestamp_ntz  not null,
    positionX         float,
    positionY         float
);

create or replace table StoreItem (
    sku               varchar(40)    not null primary key,
    itemName          varchar(80)    not null,
    itemType          varchar(16)    not null,
    rarity            varchar(10),
    listPriceUsd      number(8,2)    not null,
    salePriceUsd      number(8,2),
    gemsGranted       number(7,0),
    availableFrom     timestamp_ntz,
    availableTo       timestamp_ntz,
    check (listPriceUsd >= 0)
);

create or replace table Purchase (
    transactionId     varchar(40)    not null primary key,
    playerId          varchar(36)    not null references Player (playerId),
    sessionId         varchar(36)    references GameSession (sessionId),
    sku               varchar(40)    not null references StoreItem (sku),
    quantity          number(3,0)    default 1,
    unitPrice         number(10,2)   not null,
    totalPrice        number(12,2)   not null,
    currency          varchar(3)     not null,
    fxRateToUsd       number(12,6)   not null,
    grossUsd          number(10,2)   not null,
    storeFeePct       number(5,2)    default 30.00,
    netUsd            number(10,2)   not null,
    store             varchar(12)    comment 'app_store, google_play',
    receiptHash       varchar(64),
    purchasedAt       timestamp_tz   not null,
    refundedAt        timestamp_tz,
    isRefunded        boolean        default false
);

create or replace table DailyMetrics (
    metricDate        date           not null,
    platform          varchar(8)     not null,
    dau               number(9,0)    not null comment 'Daily active users',
    mau               number(9,0)    not null comment 'Monthly active users',
    newInstalls       number(9,0)    not null,
    d1Retention       number(5,4)    comment 'Fraction back on day 1',
    d7Retention       number(5,4),
    arpdauUsd         number(8,4),
    payerConversionPct number(5,2),
    revenueUsd        number(12,2),
    primary key (metricDate, platform)
);
