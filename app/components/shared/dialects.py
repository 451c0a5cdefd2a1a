"""The dialects a person may choose, with their labels."""

DIALECTS = {"redshift": "Redshift", "snowflake": "Snowflake", "duckdb": "DuckDB"}
