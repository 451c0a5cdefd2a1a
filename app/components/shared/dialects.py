"""The SQL dialects on offer, with their labels."""

DIALECTS = {"redshift": "Redshift", "snowflake": "Snowflake", "duckdb": "DuckDB"}
