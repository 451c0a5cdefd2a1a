-- firmware of devices that report low batteries
select d.serial_no, e.payload:firmware::string as firmware, e.payload:battery.level::float as battery
from raw_events e
join devices d on d.device_id = e.device_id
where e.event_type = 'heartbeat'
  and e.payload:battery.level::float < 0.15
  and e.payload:firmware::string like '4.2.%'
  and d.site_code = 'HAM-02';

-- alarms by code
select e.payload:alarm.code::string as alarm_code, count(*) as alarms, max(e.received_at) as latest
from raw_events e
where e.event_type = 'alarm'
  and e.payload:alarm.severity::int >= 4
  and e.payload:alarm.code::string in ('OVERHEAT', 'DOOR_OPEN', 'PRESSURE_LOSS')
  and e.received_at >= '2024-02-01' and e.received_at < '2024-03-01'
group by 1
having count(*) >= 2;

-- devices by an attribute of their own
select attributes:manufacturer::varchar as manufacturer, count(*) as devices
from devices
where attributes:manufacturer::varchar = 'Siemens'
  and attributes['ip']::varchar like '10.20.%'
  and model ilike 'sx-%'
group by 1;

-- sensor readings, flattened
select e.device_id, r.value:sensor::string as sensor, avg(r.value:celsius::number(6,2)) as average
from raw_events e,
     lateral flatten(input => e.payload:readings) r
where r.value:sensor::string = 'inlet_temp'
  and r.value:celsius::number(6,2) > 80
  and e.event_type = 'readings'
group by 1, 2;

-- tags of payloads
select t.value::string as tag, count(distinct e.device_id) as devices
from raw_events e, table(flatten(e.payload:tags)) t
where t.value::string in ('maintenance-due', 'calibrated')
group by 1
order by 2 desc;

-- products in carts
select i.value:sku::string as sku, sum(i.value:qty::int) as units, sum(i.value:qty::int * i.value:price::float) as revenue
from carts c, lateral flatten(input => c.items) i
where i.value:sku::string in ('KB-7731', 'MS-0042')
  and i.value:qty::int >= 2
  and c.created_at::date between '2024-04-01' and '2024-04-30'
group by 1;

-- big carts with a coupon
select c.cart_id, array_size(c.items) as lines, c.coupons
from carts c
where array_size(c.items) >= 3
  and array_contains('SUMMER15'::variant, c.coupons);

-- administrators with a theme of their own
select u.username, u.preferences:theme::string as theme
from app_users u
where array_contains('workspace_admin'::variant, u.roles)
  and u.preferences:theme::string = 'solarized'
  and u.plan = 'enterprise'
  and coalesce(u.preferences:notifications.email::boolean, true) = false;

-- keys that preferences have
select k.value::string as preference, count(*) as users
from app_users u, lateral flatten(input => object_keys(u.preferences)) k
where k.value::string in ('beta_features', 'locale')
group by 1;

-- the last heartbeat of each device
select device_id, received_at, payload:uptime_s::int as uptime
from raw_events
where event_type = 'heartbeat' and payload:uptime_s::int > 864000
qualify row_number() over (partition by device_id order by received_at desc) = 1;

-- sessions by thirty minutes without a view
with gaps as (
    select user_id, viewed_at, url,
           lag(viewed_at) over (partition by user_id order by viewed_at) as previous_at
    from page_views
    where url like 'https://shop.example.com/checkout%'
),
marked as (
    select *, iff(previous_at is null or datediff('minute', previous_at, viewed_at) > 30, 1, 0) as is_new
    from gaps
),
sessions as (
    select user_id, viewed_at, sum(is_new) over (partition by user_id order by viewed_at) as session_no
    from marked
)
select user_id, session_no, count(*) as views, datediff('second', min(viewed_at), max(viewed_at)) as seconds
from sessions
group by 1, 2
having count(*) >= 2;

-- views that came from a campaign
select context:utm.campaign::string as campaign, context:device.os::string as os, count(*) as views
from page_views
where context:utm.campaign::string = 'relaunch-2024'
  and lower(context:device.os::string) in ('ios', 'android')
  and parse_url(url):host::string = 'www.example.com'
group by 1, 2;

-- returns within ten minutes
select user_id, viewed_at, lead(viewed_at) over (partition by user_id order by viewed_at) as next_at
from page_views
where url = 'https://www.example.com/pricing'
qualify datediff('minute', viewed_at, next_at) between 0 and 10;

-- slow requests by endpoint
select r.body:endpoint::string as endpoint, approx_percentile(r.body:duration_ms::float, 0.95) as p95
from api_requests r
where r.status_code = 503
  and r.headers:"User-Agent"::string like 'okhttp/%'
  and r.body:duration_ms::float > 2500
  and r.requested_at > dateadd('day', -7, '2024-06-15'::timestamp)
  and r.requested_at <= '2024-06-15'::timestamp
group by 1;

-- errors, first of a list
select r.request_id, r.body:errors[0].code::string as first_error, r.body:errors[0].field::string as field
from api_requests r
where r.method = 'PATCH' and r.body:errors[0].code::string = 'E_VALIDATION';

-- flags that are on for a team
select f.flag_key, f.rollout:percentage::int as percentage, v.value::string as country
from feature_flags f, lateral flatten(input => f.rollout:countries) v
where f.rollout:enabled::boolean
  and f.rollout:percentage::int between 25 and 75
  and f.owner_team = 'growth-platform'
  and v.value::string = 'NL';

-- users of a plan by their flags, outer
select u.plan, o.value:name::string as experiment, o.value:variant::string as arm, count(distinct u.user_id) as users
from app_users u, lateral flatten(input => u.preferences:experiments, outer => true) o
where u.plan = 'team-annual' and o.value:variant::string = 'treatment-b'
group by all;

-- distance of consecutive positions
select device_id, received_at,
       haversine(payload:lat::float, payload:lon::float,
                 lag(payload:lat::float) over (partition by device_id order by received_at),
                 lag(payload:lon::float) over (partition by device_id order by received_at)) as km
from raw_events
where event_type = 'position' and payload:lat::float between 53.4 and 53.7 and payload:lon::float between 9.7 and 10.3
qualify km > 0.5;

-- payloads of a type
select typeof(payload:value) as kind, count(*) as n
from raw_events
where event_type = 'config_changed' and typeof(payload:value) = 'INTEGER' and is_null_value(payload:previous)
group by 1;

-- objects built again
select object_construct('id', u.user_id, 'roles', u.roles) as document
from app_users u
where get_path(u.preferences, 'locale')::string = 'de-CH'
  and get(u.roles, 0)::string = 'auditor';
