select
    user_id,
    account_id,
    lower(email) as email,
    role,
    last_seen_at
from {{ source('app', 'users') }}
where email not like '%@acme-internal.io'
  and role in ('owner', 'admin', 'billing_contact')
qualify row_number() over (partition by lower(email) order by last_seen_at desc nulls last) = 1
