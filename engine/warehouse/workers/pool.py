"""The pool of a server's query workers: started in advance, replaced when they end.

A worker runs one query at a time. A query that does not respond past its time limit, because DuckDB misses the
interrupt, is ended by killing its worker.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pyarrow as pa

from engine.errors import QueryError
from engine.warehouse.querying.handle import QueryHandle, cancelled_error
from engine.warehouse.querying.result import QueryResult, ResultColumn
from engine.warehouse.workers.process import WorkerGoneError, WorkerProcess
from engine.warehouse.workers.protocol import FileFormat, Request
from engine.warehouse.workers.response import Answer, AnswerFile, Tables, WorkerFile, WorkerRetiredError

_WAIT_SECONDS = 30.0
_START_SECONDS = 60.0


class WorkerPool:
    """At most `size` workers; thread-safe.

    A worker takes seconds to start, more while another one computes. So the pool holds one more than are busy, and at
    least two once the first is ready.
    """

    def __init__(self, size: int) -> None:
        self._idle: list[WorkerProcess] = []
        self._all: set[WorkerProcess] = set()
        self._starting = 0
        self._busy = 0
        self._failed_starts = 0
        self._changed = threading.Condition()
        self._size = size
        self._end = weakref.finalize(self, _close_all, self._all)

    def warm(self) -> None:
        """Start a worker in advance, and then a spare one."""
        with self._changed:
            if not self._all:
                self._start()

    def close(self) -> None:
        """End all workers; a later query starts new ones."""
        with self._changed:
            self._idle.clear()
            _close_all(self._all)

    def process_ids(self) -> list[int]:
        """Return the ids of the workers' processes."""
        with self._changed:
            return [worker.process_id for worker in self._all if worker.is_alive]

    def query(self, request: Request, tables: Tables, handle: QueryHandle) -> QueryResult:
        """Run a query in a worker; raises the query's errors, and `QueryError` if the worker process ends."""
        answer, head = self._start_request(request, tables, handle, "result")
        try:
            chunks = answer.data()
            table = _read(chunks)
            for _ in chunks:  # Arrow stops at its own end marker
                pass
        finally:
            answer.close()
        columns = tuple(ResultColumn(name, kind) for name, kind in head["columns"])
        named = table.rename_columns([column.name for column in columns])
        notes = tuple(head["notes"])
        return QueryResult(
            named, columns, head["seconds"], head["sql"], head["truncated"], notes, head["offset"], head["total"]
        )

    def json(self, request: Request, tables: Tables, handle: QueryHandle) -> list[bytes]:
        """Run a query in a worker and return its JSON text in pieces; raises as `query`."""
        answer, _ = self._start_request(replace(request, file="json"), tables, handle, "file")
        try:
            return list(answer.data())
        finally:
            answer.close()

    def run_task(self, request: Request, handle: QueryHandle) -> Any:
        """Run the task of a request in a worker and return its data; raises as `query`."""
        answer, data = self._start_request(request, list, handle, "data")
        try:
            for _ in answer.data():
                pass
        finally:
            answer.close()
        return data

    def stream(self, request: Request, tables: Tables, file: FileFormat) -> WorkerFile:
        """Start a query in a worker and return its file; errors in its first rows are raised here."""
        return WorkerFile(self._start_request(replace(request, file=file), tables, QueryHandle(), "file")[0])

    def _start_request(self, request: Request, tables: Tables, handle: QueryHandle, kind: str) -> tuple[Answer, Any]:
        """Send a request to a free worker and return the response and its head."""
        while True:
            answer = Answer(self._acquire(handle), request, tables, handle, self._release)
            try:
                return answer, answer.head(kind)
            except WorkerRetiredError:
                answer.close()
            except BaseException:
                answer.close()
                raise

    def _acquire(self, handle: QueryHandle) -> WorkerProcess:
        """Return a ready worker; raises `QueryError` if none is free in time, or on cancellation."""
        deadline = time.monotonic() + _WAIT_SECONDS
        with handle.stopping(self._wake), self._changed:
            failed_before = self._failed_starts
            while not handle.is_cancelled:
                if self._busy >= self._size:
                    self._wait_for_free_worker(deadline)
                elif (worker := self._pop_idle()) is not None:
                    self._busy += 1
                    self._start_spare()
                    return worker
                elif self._starting:
                    self._changed.wait()
                elif self._failed_starts > failed_before:
                    raise _start_error()
                else:
                    self._start()
            raise cancelled_error()

    def _wait_for_free_worker(self, deadline: float) -> None:
        if not self._changed.wait(deadline - time.monotonic()) and time.monotonic() >= deadline:
            raise QueryError(
                f"All {self._size} query workers are busy.", hint="Try again later, or raise DW_SIM_QUERY_WORKERS."
            )

    def _pop_idle(self) -> WorkerProcess | None:
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive:
                return worker
            self._all.discard(worker)
            worker.close()
        return None

    def _release(self, worker: WorkerProcess, is_sound: bool) -> None:
        """Return a worker to the pool; an unsound one is ended and replaced in advance of the next query."""
        worker.clear_cancellation()
        with self._changed:
            self._busy -= 1
            is_kept = is_sound and worker.is_alive and worker in self._all
            is_lost = worker in self._all and not is_kept
            if is_kept:
                self._idle.append(worker)
            elif is_lost:
                self._all.discard(worker)
                self._start_spare()
            self._changed.notify_all()
        if is_lost:
            worker.close()  # slow for a large process

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _start_spare(self) -> None:
        """Start another worker if the pool is short of one; the caller holds the lock."""
        if not self._starting and len(self._all) < min(self._size, max(2, self._busy + 1)):
            with suppress(QueryError):  # the next query retries and reports it
                self._start()

    def _start(self, *, is_last_try: bool = False) -> None:
        """Start a worker, which is idle once it is ready; the caller holds the lock."""
        try:
            worker = WorkerProcess()
        except OSError as error:
            raise _start_error() from error
        self._all.add(worker)
        self._starting += 1
        threading.Thread(target=self._await_ready, args=(worker, is_last_try), daemon=True).start()

    def _await_ready(self, worker: WorkerProcess, is_last_try: bool) -> None:
        """Wait until a worker is ready; replace one that fails to start, once."""
        try:
            worker.wait_until_ready(_START_SECONDS)
            is_ready = True
        except WorkerGoneError:
            is_ready = False
        with self._changed:
            self._starting -= 1
            if is_ready and worker in self._all:
                self._idle.append(worker)
                self._start_spare()
            elif worker in self._all:
                self._all.discard(worker)
                worker.close()
                self._start_again(is_last_try)
            self._changed.notify_all()

    def _start_again(self, is_last_try: bool) -> None:
        if not is_last_try:
            with suppress(QueryError):
                self._start(is_last_try=True)
                return
        self._failed_starts += 1


def _start_error() -> QueryError:
    return QueryError("No query worker could be started.", hint="Try again when the machine is less busy.")


def _read(chunks: Iterator[bytes]) -> pa.Table:
    """Read the table of a response; Arrow may hide an error raised while reading."""
    file = AnswerFile(chunks)
    try:
        return pa.ipc.open_stream(pa.PythonFile(file, mode="r")).read_all()
    except (pa.ArrowException, OSError) as error:
        if file.failure is not None:
            raise file.failure from error
        raise QueryError(f"The result was cut short: {error}") from error


def _close_all(workers: set[WorkerProcess]) -> None:
    while workers:
        workers.pop().close()
