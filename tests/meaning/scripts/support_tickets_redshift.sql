-- Help desk of a software vendor. Keys are not declared: the team joins by name.
set search_path to helpdesk;

create table agents (
    agent_id               integer        not null encode az64,
    agent_name             varchar(80)    not null,
    agent_email            varchar(120)   not null,
    team_id                smallint       not null,
    role                   varchar(20)    default 'agent',
    locale                 varchar(5)     default 'en-US',
    hourly_cost            numeric(7,2),
    is_active              boolean        default true,
    hired_on               date,
    last_login_at          timestamp
) diststyle all;

create table teams (
    team_id                smallint       not null,
    team_name              varchar(40)    not null,
    tier                   smallint       not null,        -- 1, 2 or 3
    manager_agent_id       integer,
    slack_channel          varchar(40)
) diststyle all;

create table priorities (
    priority_cd            char(2)        not null,
    priority_name          varchar(10)    not null,
    sort_order             smallint       not null,
    first_response_sla_min integer        not null,
    resolution_sla_hours   integer        not null
) diststyle all;

insert into priorities (priority_cd, priority_name, sort_order, first_response_sla_min, resolution_sla_hours) values
    ('P1', 'Urgent', 1, 15, 4),
    ('P2', 'High', 2, 60, 24),
    ('P3', 'Normal', 3, 240, 72),
    ('P4', 'Low', 4, 1440, 168);

create table organizations (
    organization_id        integer        not null,
    organization_name      varchar(120)   not null,
    domain_name            varchar(120),
    industry               varchar(40),
    employee_count         integer,
    plan                   varchar(12)    default 'standard',
    arr_usd                numeric(12,2),                  -- annual recurring revenue
    billing_country        char(2),
    customer_since         date,
    churned_on             date
) diststyle all sortkey (organization_id);

create table requesters (
    requester_id           bigint         not null distkey,
    organization_id        integer,
    full_name              varchar(100)   not null,
    email                  varchar(160)   not null,
    phone                  varchar(24),
    time_zone              varchar(40),
    is_vip                 boolean        default false,
    created_at             timestamp      not null,
    updated_at             timestamp,
    deleted_at             timestamp
) sortkey (requester_id);

create table tickets (
    ticket_id              bigint         not null,
    ticket_number          varchar(12)    not null,        -- TCK-0012345
    requester_id           bigint         not null,
    organization_id        integer,
    assigned_agent_id      integer,
    assigned_team_id       smallint,
    subject                varchar(200)   not null,
    description            varchar(max),
    channel                varchar(10)    not null,        -- email, chat, phone, web
    status                 varchar(10)    not null,        -- new, open, pending, solved, closed
    priority_cd            char(2)        not null,
    category               varchar(30),
    product_version        varchar(12),
    language_code          char(2),
    created_at             timestamp      not null,
    first_response_at      timestamp,
    solved_at              timestamp,
    closed_at              timestamp,
    due_at                 timestamp,
    first_response_minutes integer,
    resolution_hours       numeric(8,2),
    reopen_count           smallint       default 0,
    reply_count            smallint       default 0,
    is_escalated           boolean        default false,
    escalated_at           timestamp,
    sla_breached_flg       char(1)        default 'N',
    sentiment_score        numeric(4,3)                    -- -1 to 1
) distkey (requester_id) compound sortkey (created_at, status);

create table ticket_comments (
    comment_id             bigint         not null,
    ticket_id              bigint         not null,
    comment_no             integer        not null,        -- 1, 2, 3 within the ticket
    author_type            varchar(10)    not null,        -- agent, requester, bot
    author_name            varchar(100),
    body                   varchar(max),
    word_count             integer,
    is_public              boolean        default true,
    attachment_count       smallint       default 0,
    attachment_url         varchar(500),
    created_at             timestamp      not null
) distkey (ticket_id) sortkey (ticket_id, comment_no);

create table ticket_tags (
    ticket_id              bigint         not null,
    tag_name               varchar(30)    not null
) distkey (ticket_id);

create table satisfaction_surveys (
    survey_id              bigint         not null,
    ticket_id              bigint         not null,
    csat_score             smallint,                       -- 1 to 5
    nps_score              smallint,                       -- 0 to 10
    feedback               varchar(1000),
    sent_at                timestamp      not null,
    answered_at            timestamp
) distkey (ticket_id);
