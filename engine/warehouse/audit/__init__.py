"""Proof on the loaded data: every promise of a schema, the coverage of keys, two runs compared."""
