"""The text of SQL dialects: DDL scripts to schemas, schemas to DDL, queries to DuckDB's dialect."""
