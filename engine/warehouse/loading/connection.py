"""A DuckDB connection that keeps to itself."""

from __future__ import annotations

from contextlib import suppress

import duckdb


def quiet_connection() -> duckdb.DuckDBPyConnection:
    """Return a new in-memory connection that draws no progress bar into the output of a program.

    A notebook without the package for its widgets draws none and refuses the setting.
    """
    connection = duckdb.connect()
    with suppress(duckdb.InvalidInputException):
        connection.execute("set enable_progress_bar = false")
    return connection
