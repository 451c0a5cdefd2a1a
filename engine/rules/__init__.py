"""How one column is made: each rule of a schema compiles into a Polars expression of the row number."""
