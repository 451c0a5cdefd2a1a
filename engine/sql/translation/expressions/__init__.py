"""Rewrites of expressions: operators, casts, columns and patterns."""
