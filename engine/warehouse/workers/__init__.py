"""Query workers: processes that answer queries under memory and time limits, and their pool."""
