create table devices (
    device_id number(18,0) not null primary key,
    serial_no varchar(24) not null,
    model varchar(40) not null,
    site_code varchar(12) not null,
    installed_on date not null,
    attributes variant
);
create table raw_events (
    event_id number(18,0) not null primary key,
    device_id number(18,0) not null references devices (device_id),
    received_at timestamp_ntz not null,
    event_type varchar(40) not null,
    payload variant not null
);
create table app_users (
    user_id number(18,0) not null primary key,
    username varchar(60) not null,
    plan varchar(20) not null,
    signed_up_at timestamp_ntz not null,
    preferences object,
    roles array
);
create table page_views (
    view_id number(18,0) not null primary key,
    user_id number(18,0) not null references app_users (user_id),
    viewed_at timestamp_ntz not null,
    url varchar(400) not null,
    context variant
);
create table carts (
    cart_id number(18,0) not null primary key,
    user_id number(18,0) not null references app_users (user_id),
    created_at timestamp_ntz not null,
    items array not null,
    coupons array
);
create table api_requests (
    request_id varchar(36) not null primary key,
    user_id number(18,0) references app_users (user_id),
    requested_at timestamp_ntz not null,
    method varchar(8) not null,
    status_code number(3,0) not null,
    headers object,
    body variant
);
create table feature_flags (
    flag_key varchar(60) not null primary key,
    owner_team varchar(40) not null,
    rollout variant not null
);
