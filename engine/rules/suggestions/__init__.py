"""Suggested rules and keys for columns that have none, from their names and types."""
