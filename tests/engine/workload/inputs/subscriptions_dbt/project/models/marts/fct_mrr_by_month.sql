{{ config(materialized='table', cluster_by=['month']) }}

with months as (
    select dateadd('month', seq4(), '{{ var("reporting_start") }}'::date) as month
    from table(generator(rowcount => 24))
)
select
    m.month,
    s.plan_family,
    count(distinct s.account_id) as accounts,
    sum(s.mrr) as mrr,
    sum(s.mrr) - lag(sum(s.mrr)) over (partition by s.plan_family order by m.month) as mrr_change
from months m
join {{ ref('stg_subscriptions') }} s
  on s.started_on <= last_day(m.month)
 and (s.canceled_on is null or s.canceled_on > m.month)
where s.currency = 'EUR'
group by 1, 2
