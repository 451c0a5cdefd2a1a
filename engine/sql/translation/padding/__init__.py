"""Trailing blanks: where Redshift ignores them, and the padding of CHAR(n)."""
