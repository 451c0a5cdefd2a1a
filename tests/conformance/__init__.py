"""Conformance: queries in the warehouses' dialects against the rows that the vendors' documentation implies."""
