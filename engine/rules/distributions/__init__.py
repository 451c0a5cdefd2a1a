"""Columns that follow a probability distribution, exact and equal on every machine."""
