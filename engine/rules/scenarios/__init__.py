"""Scenarios: rows of several tables that take given values together."""
