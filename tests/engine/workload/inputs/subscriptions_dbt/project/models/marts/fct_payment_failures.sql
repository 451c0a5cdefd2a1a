select
    date_trunc('month', p.paid_at)::date as month,
    p.method,
    p.failure_code,
    count(*) as failures,
    ratio_to_report(count(*)) over (partition by date_trunc('month', p.paid_at)::date) as share_of_month
from {{ ref('stg_payments') }} p
where p.failure_code in ('insufficient_funds', 'expired_card', 'do_not_honor')
  and p.method like 'sepa%'
group by 1, 2, 3
having count(*) >= 2
