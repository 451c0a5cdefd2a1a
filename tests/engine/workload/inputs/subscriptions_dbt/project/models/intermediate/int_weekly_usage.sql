select
    u.account_id,
    e.event_week,
    count(*) as events,
    count(distinct u.user_id) as active_users,
    count(distinct case when e.event_name = 'sso_enabled' then u.user_id end) as sso_users
from {{ ref('stg_events') }} e
join {{ ref('stg_users') }} u on u.user_id = e.user_id
where e.platform = 'ios'
group by u.account_id, e.event_week
