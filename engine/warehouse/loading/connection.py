"""A DuckDB connection without a progress bar."""

from __future__ import annotations

from contextlib import suppress

import duckdb


def quiet_connection() -> duckdb.DuckDBPyConnection:
    """Return a new in-memory connection that draws no progress bar.

    A notebook without the widgets package draws none and rejects the setting.
    """
    connection = duckdb.connect()
    with suppress(duckdb.InvalidInputException):
        connection.execute("set enable_progress_bar = false")
    return connection
