"""Conformance: queries in the warehouses' dialects and the results that the vendors' documentation implies."""
