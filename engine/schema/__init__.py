"""Models of experiments, tables and columns, with their types, limits and JSON files."""
