{{ config(materialized='view', tags=['hourly']) }}

select
    id as subscription_id,
    account_id,
    plan_code,
    split_part(plan_code, '-', 1) as plan_family,
    lower(status) as status,
    started_at::date as started_on,
    canceled_at::date as canceled_on,
    quantity as seats,
    {{ cents_to_units('mrr_cents') }} as mrr,
    currency
from {{ source('billing', 'subscriptions') }}
where not _fivetran_deleted
  and plan_code like any ('ENT-%', 'PRO-%', 'TEAM-%')
  and started_at >= '{{ var("reporting_start") }}'
