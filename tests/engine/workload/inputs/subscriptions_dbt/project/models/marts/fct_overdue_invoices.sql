select
    ip.invoice_id,
    acc.account_name,
    c.country_name,
    ip.invoice_total - ip.paid_amount as outstanding,
    ip.failed_attempts
from {{ ref('int_invoice_payments') }} ip
join {{ ref('stg_subscriptions') }} s using (subscription_id)
join {{ ref('stg_accounts') }} acc on acc.account_id = s.account_id
left join {{ source('support', 'country_codes') }} c on c.iso2 = acc.country_code
where ip.paid_amount < ip.invoice_total
  and ip.issued_on < '2024-05-15'
  and c.region = 'DACH'
