"""The response of one worker to one request: awaited with a time limit, and read.

Each wait ends shortly after the query's time limit (the worker's own limit comes first), on cancellation, and when the
worker process ends, which is reported as its most likely cause: a query that needed too much memory.
"""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import RawIOBase
from typing import Any

from engine.errors import QueryError
from engine.warehouse.querying.failures import timeout_error
from engine.warehouse.querying.handle import QueryHandle
from engine.warehouse.workers.process import WorkerGoneError, WorkerProcess
from engine.warehouse.workers.protocol import DATA, END, MESSAGE, REQUEST, TABLES, Request, error_from

Tables = Callable[[], Sequence[str]]
_GRACE_SECONDS = 3.0


class WorkerRetiredError(Exception):
    """The worker exited by itself before it took the query: send it to another worker."""


class Answer:
    """The response of `worker`, which is released at its end, with a flag for whether it is reusable.

    `rows` is the number of rows of a whole CSV, known at its end.
    """

    def __init__(
        self,
        worker: WorkerProcess,
        request: Request,
        tables: Tables,
        handle: QueryHandle,
        release: Callable[[WorkerProcess, bool], None],
    ) -> None:
        self.rows = 0
        self._worker = worker
        self._request = request
        self._tables = tables
        self._handle = handle
        self._release = release
        self._has_started = False
        self._is_complete = False
        self._has_expired = False
        self._is_closed = False

    def head(self, kind: str) -> Any:
        """Send the request and return the head of the response; raises the query's errors."""
        with self._watch():
            self._worker.send(REQUEST, self._request.pack())
            while True:
                message = self._parse_message(self._worker.receive()[1])
                if kind in message:
                    self._has_started = True
                    return message[kind]
                self._worker.send(TABLES, "\n".join(self._tables()).encode())

    def data(self) -> Iterator[bytes]:
        """Yield the bytes of the response; raises later errors of the query."""
        while not self._is_complete:
            with self._watch():
                kind, data = self._worker.receive()
                if kind == MESSAGE:
                    self.rows = self._parse_message(data)["rows"]
                self._is_complete = kind in (MESSAGE, END)
            if kind == DATA:
                yield data

    def close(self) -> None:
        """Release the worker; it is reusable only after a complete response."""
        if not self._is_closed:
            self._is_closed = True
            self._release(self._worker, self._is_complete and not self._has_expired)

    def _parse_message(self, data: bytes) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(data)
        if "error" in message:
            self._is_complete = True
            raise error_from(message["error"])
        return message

    @contextmanager
    def _watch(self) -> Iterator[None]:
        timer = threading.Timer(self._request.settings.query_timeout_seconds + _GRACE_SECONDS, self._expire)
        timer.daemon = True
        with self._handle.stopping(self._worker.cancel):
            timer.start()
            try:
                yield
            except WorkerGoneError as gone:
                if gone.status == 0 and not self._has_started:
                    raise WorkerRetiredError from gone
                raise self._end_error(gone) from gone
            finally:
                timer.cancel()

    def _expire(self) -> None:
        self._has_expired = True
        self._worker.kill()

    def _end_error(self, gone: WorkerGoneError) -> QueryError:
        settings = self._request.settings
        if self._has_expired:
            return timeout_error(settings.query_timeout_seconds)
        how = ""
        if gone.status is not None and gone.status < 0:
            with suppress(ValueError):
                how = f" ({signal.Signals(-gone.status).name})"
        return QueryError(
            f"The query's process ended{how}, probably because it exceeded its memory limit of "
            f"{settings.query_memory_mb:,} MB.",
            hint="Read fewer rows or columns, or raise DW_SIM_QUERY_MEMORY_MB.",
        )


class WorkerFile(Iterator[bytes]):
    """The exported file of a whole query in chunks; `rows` is known at the end."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._chunks = answer.data()

    @property
    def rows(self) -> int:
        """The rows of the whole result, known once all of it is read."""
        return self._answer.rows

    def __next__(self) -> bytes:
        try:
            return next(self._chunks)
        except BaseException:  # its end as well
            self.close()
            raise

    def close(self) -> None:
        """End the query; does nothing when it has ended."""
        self._answer.close()


class AnswerFile(RawIOBase):
    """The data of a response as a readable file; `failure` is the error raised while reading."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.failure: BaseException | None = None
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Return True."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes, fewer only at the end."""
        pieces, wanted = [], size if size >= 0 else 1 << 62
        while wanted:
            if not self._rest:
                chunk = self._next()
                if chunk is None:
                    break
                self._rest = memoryview(chunk)
            piece, self._rest = self._rest[:wanted], self._rest[wanted:]
            pieces.append(piece)
            wanted -= len(piece)
        return b"".join(pieces)

    def _next(self) -> bytes | None:
        try:
            return next(self._chunks, None)
        except BaseException as error:
            self.failure = error
            raise
