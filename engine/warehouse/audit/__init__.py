"""Checks on the loaded data: the audit of a schema, key coverage, and run comparison."""
