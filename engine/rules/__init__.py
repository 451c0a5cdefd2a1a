"""Generation of single columns: each rule of a schema compiles to a Polars expression of the row number."""
