select
    c.region,
    t.priority,
    date_trunc('quarter', t.opened_at)::date as quarter,
    percentile_cont(0.9) within group (order by datediff('hour', t.opened_at, t.solved_at)) as p90_hours,
    count(*) as tickets
from {{ source('support', 'tickets') }} t
join {{ ref('stg_accounts') }} a on a.account_id = t.account_id
join {{ source('support', 'country_codes') }} c on c.iso2 = a.country_code
where t.opened_at >= '2024-01-01' and t.opened_at < '2024-07-01'
  and t.solved_at > t.opened_at
  and datediff('hour', t.opened_at, t.solved_at) > 48
  and t.satisfaction <= 2
  and c.country_name in ('Germany', 'Austria', 'Switzerland')
group by all
