with usage as (
    select account_id, sum(events) as events, max(active_users) as peak_users
    from {{ ref('int_weekly_usage') }}
    group by account_id
),
tickets as (
    select account_id, count(*) as open_tickets
    from {{ source('support', 'tickets') }}
    where solved_at is null and priority in ('high', 'urgent')
    group by 1
)
select
    a.account_id,
    a.industry_group,
    u.events,
    t.open_tickets,
    case when u.events < 5 and t.open_tickets >= 1 then 'red' when u.events < 20 then 'amber' else 'green' end as health
from {{ ref('stg_accounts') }} a
join usage u on u.account_id = a.account_id
join tickets t on t.account_id = a.account_id
where a.owner_domain = 'northwind-sales.com'
