"""What the data is: the models of experiments, tables and columns, their types, limits and JSON files."""
