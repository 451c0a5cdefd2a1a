{%- set tracked = ['report_exported', 'workspace_created', 'sso_enabled'] -%}

select
    event_id,
    user_id,
    event_name,
    occurred_at,
    date_trunc('week', occurred_at) as event_week,
    platform
from {{ source('app', 'events') }}
where event_name in (
    {%- for name in tracked %}
    '{{ name }}'{% if not loop.last %},{% endif %}
    {%- endfor %}
)
and occurred_at between '2024-03-01' and '2024-06-30'
and try_to_number(split_part(app_version, '.', 1)) >= 7
