"""A long statement of DuckDB, watched while it runs.

The statement runs in a thread of its own, so that the listener is called in the thread of the caller: an error that it
raises, as when a run is cancelled, interrupts the statement within the interval.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from typing import Any

import duckdb

_INTERVAL_SECONDS = 0.2


def execute_watched(
    connection: duckdb.DuckDBPyConnection, statement: str, on_fraction: Callable[[float], None] | None
) -> list[tuple[Any, ...]]:
    """Execute a statement and return its rows; `on_fraction` gets the part that is done, several times a second.

    Without a listener, it runs in this thread.
    """
    if on_fraction is None:
        return connection.execute(statement).fetchall()
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(lambda: connection.execute(statement).fetchall())
        try:
            while not _has_ended(running):
                on_fraction(min(max(connection.query_progress(), 0.0), 100.0) / 100)
        except BaseException:
            while not _has_ended(running):  # an interrupt before the statement has begun is lost
                connection.interrupt()
            raise
        return running.result()


def measure_progress(connection: duckdb.DuckDBPyConnection) -> None:
    """Make DuckDB measure the progress of statements, without printing it; a notebook may reject it."""
    with suppress(duckdb.Error):
        connection.execute("set enable_progress_bar_print = false")
        connection.execute("set enable_progress_bar = true")


def _has_ended(running: Future[list[tuple[Any, ...]]]) -> bool:
    return bool(wait([running], timeout=_INTERVAL_SECONDS).done)
