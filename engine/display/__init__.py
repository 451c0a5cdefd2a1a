"""Display of values and records: HTML tables and JSON values."""
