"""Keys: row counts, foreign keys, fan-out, composite keys, and the domains of unique columns."""
