"""Trailing blanks: where Redshift ignores them, and how CHAR(n) is padded."""
