select
    i.invoice_id,
    i.subscription_id,
    i.invoice_total,
    i.issued_on,
    sum(case when p.outcome = 'succeeded' then p.amount else 0 end) as paid_amount,
    count_if(p.outcome = 'failed') as failed_attempts,
    min(case when p.outcome = 'succeeded' then p.paid_at end) as first_paid_at
from {{ ref('stg_invoices') }} as i
left join {{ ref('stg_payments') }} as p on p.invoice_id = i.invoice_id
where i.terms_days in (14, 30)
group by 1, 2, 3, 4
