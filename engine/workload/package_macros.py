"""Macros that most projects of dbt use, of `dbt_utils` and of dbt itself, as the SQL of Snowflake and Redshift."""

DBT_UTILS = """
{%- macro generate_surrogate_key(fields) -%}
md5(cast({% for field in fields %}coalesce(cast({{ field }} as varchar), '_dbt_utils_surrogate_key_null_')
{%- if not loop.last %} || '-' || {% endif %}{% endfor %} as varchar))
{%- endmacro -%}
{%- macro surrogate_key(fields) -%}{{ generate_surrogate_key(fields) }}{%- endmacro -%}
{%- macro safe_divide(numerator, denominator) -%}
( {{ numerator }} ) / nullif( ( {{ denominator }} ), 0)
{%- endmacro -%}
{%- macro safe_add(fields) -%}
{% for field in fields %}coalesce({{ field }}, 0){% if not loop.last %} + {% endif %}{% endfor %}
{%- endmacro -%}
{%- macro group_by(n) -%}
group by {% for i in range(1, n + 1) %}{{ i }}{% if not loop.last %}, {% endif %}{% endfor %}
{%- endmacro -%}
"""

DBT = """
{%- macro dateadd(datepart, interval, from_date_or_timestamp) -%}
dateadd({{ datepart }}, {{ interval }}, {{ from_date_or_timestamp }})
{%- endmacro -%}
{%- macro datediff(first_date, second_date, datepart) -%}
datediff({{ datepart }}, {{ first_date }}, {{ second_date }})
{%- endmacro -%}
{%- macro date_trunc(datepart, date) -%}date_trunc('{{ datepart }}', {{ date }}){%- endmacro -%}
{%- macro concat(fields) -%}
{% for field in fields %}{{ field }}{% if not loop.last %} || {% endif %}{% endfor %}
{%- endmacro -%}
{%- macro safe_cast(field, type) -%}cast({{ field }} as {{ type }}){%- endmacro -%}
{%- macro type_string() -%}varchar{%- endmacro -%}
{%- macro type_int() -%}int{%- endmacro -%}
{%- macro type_numeric() -%}numeric(28, 6){%- endmacro -%}
{%- macro type_timestamp() -%}timestamp{%- endmacro -%}
{%- macro current_timestamp() -%}current_timestamp{%- endmacro -%}
"""
