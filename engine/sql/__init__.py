"""SQL dialects: import of DDL scripts, export of DDL, translation of queries to DuckDB."""
