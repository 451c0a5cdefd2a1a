with subscriptions as (
    select * from {{ ref('stg_subscriptions') }}
),
accounts as (
    select * from {{ ref('stg_accounts') }}
)
select
    accounts.account_id,
    accounts.account_name,
    accounts.country_code,
    subscriptions.subscription_id,
    subscriptions.plan_family,
    subscriptions.mrr,
    subscriptions.seats,
    row_number() over (partition by accounts.account_id order by subscriptions.started_on desc) as recency
from subscriptions
inner join accounts using (account_id)
where subscriptions.status = 'active'
  and accounts.industry_group in ('Healthcare', 'Financial services')
