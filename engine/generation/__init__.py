"""Generation: the rows of every table as Parquet files, in chunks, previewed and estimated."""
