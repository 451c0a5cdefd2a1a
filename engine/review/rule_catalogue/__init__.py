"""The rules that fit a column, for people: names, categories, typed parameters, and sample values."""
