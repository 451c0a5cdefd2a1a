"""The queries that people run on their data: reading them, and what they ask of tables, columns and keys."""
