{{ config(materialized='table', alias='dim_accounts') }}

with latest as (
    select * from {{ ref('int_account_subscriptions') }} where recency = 1
),
tickets as (
    select
        account_id,
        count(*) as urgent_tickets,
        avg(satisfaction) as avg_satisfaction
    from {{ source('support', 'tickets') }}
    where priority = 'urgent'
      and subject ilike '%outage%'
    group by account_id
)
select
    {{ dbt_utils.generate_surrogate_key(['latest.account_id', 'latest.subscription_id']) }} as account_key,
    latest.account_id,
    latest.account_name,
    latest.plan_family,
    latest.mrr,
    coalesce(t.urgent_tickets, 0) as urgent_tickets,
    t.avg_satisfaction
from latest
left join tickets t on t.account_id = latest.account_id
where latest.country_code in ('DE', 'AT', 'CH')
