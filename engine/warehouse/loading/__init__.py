"""Loading of a run's Parquet files into one DuckDB file, and the layout of its tables."""
