"""The pool of query workers of a server: started before they are needed, replaced when they die.

A worker answers one query at a time. A query that stays silent past its time limit, because DuckDB does not hear the
interruption, is ended by ending its worker.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from io import RawIOBase
from typing import Any, BinaryIO

import pyarrow as pa

from engine.errors import QueryError
from engine.settings import Settings
from engine.warehouse.failures import interruption
from engine.warehouse.handle import QueryHandle
from engine.warehouse.result import QueryResult, ResultColumn
from engine.warehouse.wire import CANCEL, DATA, END, MESSAGE, REQUEST, TABLES, Request, error_from, receive, send

_COMMAND = (sys.executable, "-P", "-m", "engine.warehouse.worker")
_GRACE_SECONDS = 3.0
_CANCEL_GRACE_SECONDS = 1.0
_WAIT_SECONDS = 30.0
Tables = Callable[[], Sequence[str]]


class WorkerGoneError(Exception):
    """The process of a worker ended; `status` is how, as `Popen.returncode` has it."""

    def __init__(self, status: int | None) -> None:
        self.status = status
        super().__init__(f"worker ended with {status}")


class WorkerRetiredError(Exception):
    """The worker ended by itself instead of taking the query: another one must be asked."""


class WorkerProcess:
    """One worker as its server sees it."""

    def __init__(self) -> None:
        environment = {**os.environ, "MALLOC_ARENA_MAX": "2"}
        self._process = subprocess.Popen(
            _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._to: BinaryIO = self._process.stdin  # type: ignore[assignment]
        self._from: BinaryIO = self._process.stdout  # type: ignore[assignment]
        self._sending = threading.Lock()
        self.is_ready = False

    @property
    def process_id(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Wait for its first word; raises `WorkerGoneError`."""
        if not self.is_ready:
            self.receive()
            self.is_ready = True

    def send(self, kind: bytes, data: bytes = b"") -> None:
        """Send a frame; raises `WorkerGoneError`."""
        try:
            with self._sending:
                send(self._to, kind, data)
        except (OSError, ValueError) as error:
            raise self._gone() from error

    def receive(self) -> tuple[bytes, bytes]:
        """Return the next frame; raises `WorkerGoneError`."""
        try:
            return receive(self._from)
        except (EOFError, OSError, ValueError) as error:
            raise self._gone() from error

    def cancel(self) -> None:
        """Ask it to stop its query, and end it when it does not hear."""
        with suppress(WorkerGoneError):
            self.send(CANCEL)
        timer = threading.Timer(_CANCEL_GRACE_SECONDS, self.kill)
        timer.daemon = True
        timer.start()
        self._cancel_timer = timer

    def calm(self) -> None:
        """Forget a cancellation that has been answered."""
        timer = getattr(self, "_cancel_timer", None)
        if timer is not None:
            timer.cancel()

    def kill(self) -> None:
        """End the process at once."""
        with suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """End the process and its pipes."""
        self.kill()
        self._process.wait()
        for stream in (self._to, self._from):
            with suppress(OSError):
                stream.close()

    def _gone(self) -> WorkerGoneError:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE_SECONDS)
        return WorkerGoneError(self._process.returncode)


class WorkerPool:
    """At most `size` workers; safe for many threads."""

    def __init__(self, size: int) -> None:
        self._idle: list[WorkerProcess] = []
        self._all: set[WorkerProcess] = set()
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(size)
        self._size = size
        self._end = weakref.finalize(self, _close_all, self._all)

    def warm(self, count: int = 1) -> None:
        """Start workers that the next queries need not wait for."""
        with self._lock:
            for _ in range(min(count, self._size) - len(self._all)):
                self._idle.append(self._started())

    def close(self) -> None:
        """End all workers; a later query starts new ones."""
        with self._lock:
            self._idle.clear()
            _close_all(self._all)

    def process_ids(self) -> list[int]:
        """Return the ids of the workers' processes."""
        with self._lock:
            return [worker.process_id for worker in self._all if worker.is_alive]

    def query(self, request: Request, tables: Tables, handle: QueryHandle) -> QueryResult:
        """Run a query in a worker; raises what the query raises, and `QueryError` when the worker dies of it."""
        answer, head = self._begun(request, tables, handle, "result")
        try:
            chunks = answer.data()
            table = pa.ipc.open_stream(pa.PythonFile(_Reader(chunks), mode="r")).read_all()
            for _ in chunks:  # Arrow does not look beyond its own end
                pass
            answer.finish()
        except (pa.ArrowException, OSError) as error:
            answer.abandon()
            raise answer.failure or QueryError(f"The result was cut short: {error}") from error
        except BaseException:
            answer.abandon()
            raise
        columns = tuple(ResultColumn(name, kind) for name, kind in head["columns"])
        named = table.rename_columns([column.name for column in columns])
        return QueryResult(named, columns, head["seconds"], head["sql"], head["truncated"], tuple(head["notes"]))

    def stream_csv(self, request: Request, tables: Tables, handle: QueryHandle) -> WorkerCsv:
        """Start a query in a worker and return its CSV; what fails within its first rows is raised here."""
        return WorkerCsv(self._begun(request, tables, handle, "csv")[0])

    def give_back(self, worker: WorkerProcess, *, is_sound: bool) -> None:
        """Take a worker back; one that is not sound is ended."""
        worker.calm()
        with self._lock:
            if is_sound and worker.is_alive and worker in self._all:
                self._idle.append(worker)
            elif worker in self._all:
                self._all.discard(worker)
                worker.close()
                self._idle.insert(0, self._started())  # the next query need not wait for one
        self._places.release()

    def _begun(self, request: Request, tables: Tables, handle: QueryHandle, kind: str) -> tuple[Answer, Any]:
        """Return the answer of a worker that has begun to give it, and its head."""
        while True:
            answer = Answer(self, self._take(), request, tables, handle)
            try:
                return answer, answer.head(kind)
            except WorkerRetiredError:
                answer.abandon()
            except BaseException:
                answer.abandon()
                raise

    def _take(self) -> WorkerProcess:
        if not self._places.acquire(timeout=_WAIT_SECONDS):
            raise QueryError(
                f"All {self._size} query workers are busy.", hint="Try again later, or raise DW_SIM_QUERY_WORKERS."
            )
        try:
            with self._lock:
                while self._idle:
                    worker = self._idle.pop()
                    if worker.is_alive:
                        return worker
                    self._all.discard(worker)
                    worker.close()
                return self._started()
        except BaseException:
            self._places.release()
            raise

    def _started(self) -> WorkerProcess:
        worker = WorkerProcess()
        self._all.add(worker)
        return worker


class Answer:
    """The answer of one worker to one request, until it is finished or abandoned."""

    def __init__(
        self, pool: WorkerPool, worker: WorkerProcess, request: Request, tables: Tables, handle: QueryHandle
    ) -> None:
        self.rows = 0
        self.has_begun = False
        self.failure: BaseException | None = None
        self._pool = pool
        self._worker = worker
        self._request = request
        self._tables = tables
        self._handle = handle
        self._is_over = False
        self._has_struck = False

    def head(self, kind: str) -> Any:
        """Send the request and return the head of the answer."""
        with self._watched():
            self._worker.wait_until_ready()
            self._worker.send(REQUEST, self._request.packed())
            return self._message(kind)[kind]

    def data(self) -> Iterator[bytes]:
        """Yield the bytes of the answer."""
        try:
            while True:
                with self._watched():
                    kind, data = self._worker.receive()
                    if kind == MESSAGE:
                        self.rows = self._checked(json.loads(data)).get("rows", 0)
                if kind in (MESSAGE, END):
                    return
                assert kind == DATA
                yield data
        except BaseException as error:
            self.failure = error
            raise

    def finish(self) -> None:
        """Give the worker back for the next query."""
        self._end(is_sound=True)

    def abandon(self) -> None:
        """Give up the answer; its worker is ended unless it has said all it had to say."""
        self._end(is_sound=isinstance(self.failure, QueryError) and self._worker.is_alive and not self._has_struck)

    def _end(self, *, is_sound: bool) -> None:
        if not self._is_over:
            self._is_over = True
            self._pool.give_back(self._worker, is_sound=is_sound)

    def _message(self, wanted: str) -> dict[str, Any]:
        while True:
            _, data = self._worker.receive()
            message = self._checked(json.loads(data))
            if wanted in message:
                self.has_begun = True
                return message
            if message.get("asks") == "tables":
                self._worker.send(TABLES, "\n".join(self._tables()).encode())

    def _checked(self, message: dict[str, Any]) -> dict[str, Any]:
        if "error" in message:
            self.failure = error_from(message["error"])
            raise self.failure
        return message

    def _watched(self) -> _Watch:
        return _Watch(self)


class _Watch:
    """Watches over one wait for a worker: its time limit, its cancellation, its death."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        limit = answer._request.settings.query_timeout_seconds
        self._timer = threading.Timer(limit + _GRACE_SECONDS, self._strike)
        self._timer.daemon = True
        self._stopping = answer._handle.stopping(answer._worker.cancel)

    def __enter__(self) -> None:
        self._stopping.__enter__()
        self._timer.start()

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        self._timer.cancel()
        if isinstance(error, WorkerGoneError) and error.status == 0 and not self._answer.has_begun:
            self._stopping.__exit__(None, None, None)
            raise WorkerRetiredError from error
        if isinstance(error, WorkerGoneError):
            try:
                raise self._reason(error) from error
            except QueryError as known:
                self._answer.failure = None
                self._stopping.__exit__(QueryError, known, known.__traceback__)
                raise
        self._stopping.__exit__(kind, error, trace)

    def _strike(self) -> None:
        self._answer._has_struck = True
        self._answer._worker.kill()

    def _reason(self, gone: WorkerGoneError) -> QueryError:
        settings: Settings = self._answer._request.settings
        if self._answer._has_struck:
            return interruption(settings.query_timeout_seconds)
        how = ""
        if gone.status is not None and gone.status < 0:
            with suppress(ValueError):
                how = f" ({signal.Signals(-gone.status).name})"
        return QueryError(
            f"The query's process died{how}, most likely because it needs more memory than its limit of "
            f"{settings.query_memory_mb:,} MB.",
            hint="Ask for less, or raise DW_SIM_QUERY_MEMORY_MB.",
        )


class WorkerCsv(Iterator[bytes]):
    """The CSV of a whole query in chunks, the header first; `rows` is known at the end."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._chunks = answer.data()

    @property
    def rows(self) -> int:
        """The rows of the whole result, once all of it was read."""
        return self._answer.rows

    def __next__(self) -> bytes:
        try:
            return next(self._chunks)
        except StopIteration:
            self._answer.finish()
            raise
        except BaseException:
            self._answer.abandon()
            raise

    def close(self) -> None:
        """End the query; harmless when it has ended."""
        self._answer.abandon()


class _Reader(RawIOBase):
    """The data of an answer as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Return that it is for reading."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes, fewer only at the end."""
        pieces, wanted = [], size if size >= 0 else 1 << 62
        while wanted:
            if not self._rest:
                chunk = next(self._chunks, None)
                if chunk is None:
                    break
                self._rest = memoryview(chunk)
            piece, self._rest = self._rest[:wanted], self._rest[wanted:]
            pieces.append(piece)
            wanted -= len(piece)
        return b"".join(pieces)


def _close_all(workers: set[WorkerProcess]) -> None:
    while workers:
        workers.pop().close()
