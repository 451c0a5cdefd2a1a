"""A handle to cancel a running query from another thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from engine.errors import QueryError


class QueryHandle:
    """Pass one to a query and call `cancel()` from any thread; a query started later does not run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stop: Callable[[], None] | None = None
        self.is_cancelled = False

    def cancel(self) -> None:
        """Stop the query, which then raises `QueryError`; does nothing after its end or a second time."""
        with self._lock:
            self.is_cancelled = True
            if self._stop is not None:
                self._stop()

    @contextmanager
    def stopping(self, stop: Callable[[], None]) -> Iterator[None]:
        """Call `stop` on cancellation inside the block; errors that follow become "The query was cancelled."."""
        with self._lock:
            if self.is_cancelled:
                raise cancelled_error()
            self._stop = stop
        try:
            yield
        except QueryError as error:
            if self.is_cancelled:
                raise cancelled_error() from error
            raise
        finally:
            with self._lock:
                self._stop = None


def cancelled_error() -> QueryError:
    """Return the error of a cancelled query."""
    return QueryError("The query was cancelled.")
