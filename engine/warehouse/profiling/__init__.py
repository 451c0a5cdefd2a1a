"""Profiles of columns: NULLs, distinct values, bounds and histograms."""
