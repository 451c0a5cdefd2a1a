select
    s.subscription_id,
    a.account_name,
    s.plan_code,
    s.canceled_on,
    datediff('month', s.started_on, s.canceled_on) as months_active,
    s.mrr * 12 as lost_arr
from {{ ref('stg_subscriptions') }} s
join {{ ref('stg_accounts') }} a on a.account_id = s.account_id
where s.plan_code in (
    {% for plan in var('enterprise_plans', ['ENT-ANNUAL-2023', 'ENT-MONTHLY-2023']) -%}
    '{{ plan }}'{{ ',' if not loop.last }}
    {% endfor %}
)
  and s.status = 'canceled'
  and s.canceled_on between '2024-01-01'::date and dateadd(day, {{ var('churn_grace_days', 14) }}, '2024-03-31'::date)
  and s.mrr >= 2500
