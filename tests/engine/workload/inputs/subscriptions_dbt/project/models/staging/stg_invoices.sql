select
    id as invoice_id,
    subscription_id,
    invoice_number,
    issued_on,
    due_on,
    datediff('day', issued_on, due_on) as terms_days,
    {{ cents_to_units('total_cents') }} as invoice_total,
    state
from {{ source('billing', 'invoices') }}
where invoice_number like 'INV-2024-%'
  and state in ('open', 'paid', 'uncollectible')
  and _fivetran_deleted = false
