"""Rewrites of whole queries: FROM, set operations, joins, hierarchies, recursion and pivots."""
