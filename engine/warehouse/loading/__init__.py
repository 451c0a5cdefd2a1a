"""Loading: from the Parquet files of a run to one DuckDB file, and how its tables are laid out."""
