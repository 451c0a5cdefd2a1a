"""The DuckDB side: loading, sandboxed queries, charts, profiles and audits of the loaded data."""
