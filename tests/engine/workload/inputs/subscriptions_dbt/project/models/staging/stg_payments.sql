{{
    config(
        materialized='incremental',
        unique_key='payment_id',
        on_schema_change='append_new_columns'
    )
}}

select
    id as payment_id,
    invoice_id,
    paid_at,
    {{ cents_to_units('amount_cents') }} as amount,
    method,
    failure_code,
    iff(failure_code is null, 'succeeded', 'failed') as outcome
from {{ source('billing', 'payments') }}
where processor = 'adyen'
{% if is_incremental() %}
  and paid_at > (select max(paid_at) from {{ this }})
{% endif %}
