"""Columns that follow a probability distribution, exact and identical on every machine."""
