{% macro cents_to_units(column_name, places=2) %}
    round({{ column_name }} / 100.0, {{ places }})
{% endmacro %}
