"""Query workers: processes that run queries under memory and time limits, and their pool."""
