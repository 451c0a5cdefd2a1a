"""The time limit of a query: DuckDB is interrupted when its working time reaches the limit.

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
from engine.warehouse.querying.failures import query_error, timeout_error
from engine.warehouse.querying.query_text import QueryText
from engine.warehouse.querying.session import Session

_BEFORE_ROWS = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)
"""Errors before a query has read a row."""


class Deadline:
    """The time limit of one query; DuckDB errors inside `running()` become `QueryError`."""

    def __init__(self, session: Session, seconds: float) -> None:
        self._session = session
        self._limit_seconds = seconds
        self._used_seconds = 0.0
        self._has_expired = False

    @contextmanager
    def running(self, text: QueryText) -> Iterator[None]:
        """Time the work on `text`; raises `QueryError` at the limit and for DuckDB errors."""
        timer = threading.Timer(max(0.0, self._limit_seconds - self._used_seconds), self._expire)
        timer.daemon = True
        started = time.perf_counter()
        timer.start()
        try:
            yield
        except WorkbenchError as error:
            if self._has_expired:
                raise timeout_error(self._limit_seconds) from error
            raise
        except (duckdb.Error, pa.ArrowException, OSError, RuntimeError) as error:
            if not isinstance(error, _BEFORE_ROWS):
                self._session.note_failure()
            if self._has_expired:
                raise timeout_error(self._limit_seconds) from error
            raise query_error(error, text, self._session) from error
        finally:
            timer.cancel()
            timer.join()  # a thread alive at exit keeps DuckDB objects, which DuckDB reports on stderr
            self._used_seconds += time.perf_counter() - started

    def _expire(self) -> None:
        self._has_expired = True
        self._session.interrupt()
