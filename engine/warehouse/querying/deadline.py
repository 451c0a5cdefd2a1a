"""The time limit of a query: DuckDB is interrupted when the seconds it has worked reach the limit.

Only the time inside `running()` counts, so that a slow reader of a stream does not use up the query's time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from engine.errors import WorkbenchError
from engine.warehouse.querying.failures import interruption, query_error
from engine.warehouse.querying.query_text import QueryText
from engine.warehouse.querying.session import Session


class Deadline:
    """The limit of one query in a session; errors of DuckDB inside `running()` become `QueryError`."""

    def __init__(self, session: Session, seconds: float) -> None:
        self._session = session
        self._limit_seconds = seconds
        self._used_seconds = 0.0
        self._has_struck = False

    @contextmanager
    def running(self, text: QueryText) -> Iterator[None]:
        """Let DuckDB work on `text`; raises `QueryError` at the limit, and for what goes wrong."""
        timer = threading.Timer(max(0.0, self._limit_seconds - self._used_seconds), self._strike)
        timer.daemon = True
        started = time.perf_counter()
        timer.start()
        try:
            yield
        except WorkbenchError as error:
            if self._has_struck:
                raise interruption(self._limit_seconds) from error
            raise
        except (duckdb.Error, pa.ArrowException, OSError, RuntimeError) as error:
            if self._has_struck:
                raise interruption(self._limit_seconds) from error
            raise query_error(error, text, self._session) from error
        finally:
            timer.cancel()
            timer.join()  # a thread that outlives the program keeps DuckDB's objects, which DuckDB reports on stderr
            self._used_seconds += time.perf_counter() - started

    def _strike(self) -> None:
        self._has_struck = True
        self._session.interrupt()
