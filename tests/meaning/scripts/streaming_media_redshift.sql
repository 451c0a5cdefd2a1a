-- Video and music on demand: catalogue, accounts, plays, and revenue by title.
CREATE SCHEMA IF NOT EXISTS media;
SET search_path TO media;

CREATE TABLE d_title (
    title_sk             INTEGER       NOT NULL,
    title_nk             VARCHAR(12)   NOT NULL,            -- key of the source
    title_name           VARCHAR(200)  NOT NULL,
    original_title       VARCHAR(200),
    title_type           VARCHAR(10)   NOT NULL,            -- movie, series, special
    release_year         SMALLINT,
    release_date         DATE,
    runtime_min          SMALLINT,
    maturity_rating      VARCHAR(6),                        -- G, PG, PG-13, R
    original_language    CHAR(2),
    production_country   CHAR(2),
    studio               VARCHAR(80),
    director             VARCHAR(80),
    avg_user_rating      DECIMAL(3,1),                      -- 0 to 10
    rating_count         INTEGER,
    imdb_id              VARCHAR(10),
    poster_url           VARCHAR(300),
    synopsis             VARCHAR(2000),
    license_start_dt     DATE,
    license_end_dt       DATE,
    is_original          BOOLEAN       DEFAULT FALSE,
    scd_start_ts         TIMESTAMP     NOT NULL,
    scd_end_ts           TIMESTAMP,
    scd_current_flg      CHAR(1)       NOT NULL DEFAULT 'Y',
    scd_hash             CHAR(32),
    PRIMARY KEY (title_sk)
) DISTSTYLE ALL SORTKEY (title_sk);

CREATE TABLE d_genre (
    genre_sk             SMALLINT      NOT NULL PRIMARY KEY,
    genre_cd             VARCHAR(6)    NOT NULL,
    genre_name           VARCHAR(30)   NOT NULL
) DISTSTYLE ALL;

INSERT INTO d_genre (genre_sk, genre_cd, genre_name) VALUES
    (1, 'ACT', 'Action'), (2, 'COM', 'Comedy'), (3, 'DRA', 'Drama'),
    (4, 'DOC', 'Documentary'), (5, 'SCI', 'Science fiction'), (6, 'KID', 'Children');

-- A title has several genres; the weights of one title add up to 1.
CREATE TABLE b_title_genre (
    title_sk             INTEGER       NOT NULL REFERENCES d_title (title_sk),
    genre_sk             SMALLINT      NOT NULL REFERENCES d_genre (genre_sk),
    weight_factor        DECIMAL(5,4)  NOT NULL,
    is_primary           BOOLEAN       NOT NULL DEFAULT FALSE,
    PRIMARY KEY (title_sk, genre_sk)
) DISTSTYLE ALL;

CREATE TABLE d_account (
    account_sk           BIGINT        NOT NULL DISTKEY,
    account_nk           CHAR(36)      NOT NULL,
    email_hash           CHAR(64)      NOT NULL,
    plan_cd              VARCHAR(8)    NOT NULL,            -- BASIC, STD, PREM
    monthly_price_amt    DECIMAL(6,2)  NOT NULL,
    currency_cd          CHAR(3)       NOT NULL,
    country_cd           CHAR(2)       NOT NULL,
    payment_method       VARCHAR(12),
    signup_dt            DATE          NOT NULL,
    trial_end_dt         DATE,
    cancel_dt            DATE,
    is_cancelled         BOOLEAN       DEFAULT FALSE,
    cancel_reason        VARCHAR(60),
    profile_cnt          SMALLINT      DEFAULT 1,
    PRIMARY KEY (account_sk)
) SORTKEY (signup_dt);

CREATE TABLE d_profile (
    profile_sk           BIGINT        NOT NULL,
    account_sk           BIGINT        NOT NULL REFERENCES d_account (account_sk),
    profile_name         VARCHAR(30)   NOT NULL,
    is_kids_yn           CHAR(1)       DEFAULT 'N',
    ui_language          VARCHAR(5),
    autoplay_enabled     BOOLEAN       DEFAULT TRUE,
    created_ts           TIMESTAMP     NOT NULL,
    PRIMARY KEY (profile_sk)
) DISTKEY (account_sk);

CREATE TABLE d_date (
    date_sk              INTEGER       NOT NULL PRIMARY KEY, -- YYYYMMDD
    full_dt              DATE          NOT NULL,
    day_nm               VARCHAR(9)    NOT NULL,
    day_of_wk_nbr        SMALLINT      NOT NULL,            -- 1 is Sunday
    wk_of_yr_nbr         SMALLINT      NOT NULL,
    mth_nbr              SMALLINT      NOT NULL,
    mth_nm               VARCHAR(9)    NOT NULL,
    qtr_nbr              SMALLINT      NOT NULL,
    yr_nbr               SMALLINT      NOT NULL,
    weekend_flg          CHAR(1)       NOT NULL
) DISTSTYLE ALL SORTKEY (date_sk);

CREATE TABLE f_playback (
    playback_id          BIGINT        NOT NULL,
    play_date_sk         INTEGER       NOT NULL REFERENCES d_date (date_sk),
    account_sk           BIGINT        NOT NULL REFERENCES d_account (account_sk),
    profile_sk           BIGINT        NOT NULL REFERENCES d_profile (profile_sk),
    title_sk             INTEGER       NOT NULL REFERENCES d_title (title_sk),
    season_nbr           SMALLINT,
    episode_nbr          SMALLINT,
    start_ts             TIMESTAMP     NOT NULL,
    end_ts               TIMESTAMP,
    watched_sec          INTEGER       NOT NULL,
    title_length_sec     INTEGER       NOT NULL,
    completion_pct       DECIMAL(5,2),                      -- 0 to 100
    completed_flg        CHAR(1)       DEFAULT 'N',
    device_type          VARCHAR(12)   ENCODE bytedict,     -- tv, phone, tablet, web, console
    video_quality        VARCHAR(6),                        -- 480p, 720p, 1080p, 4K
    avg_bitrate_kbps     INTEGER,
    rebuffer_cnt         SMALLINT      DEFAULT 0,
    rebuffer_ratio       DECIMAL(6,5),
    audio_lang           CHAR(2),
    subtitle_lang        CHAR(2),
    client_ip            VARCHAR(45),
    user_agent           VARCHAR(400)  ENCODE zstd,
    PRIMARY KEY (playback_id)
) DISTKEY (account_sk) COMPOUND SORTKEY (play_date_sk, title_sk);
