"""The pool of query workers of a server: started before they are needed, replaced when they die.

A worker answers one query at a time. A query that stays silent past its time limit, because DuckDB does not hear the
interruption, is ended by ending its worker.
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
from engine.warehouse.querying.handle import QueryHandle, cancelled
from engine.warehouse.querying.result import QueryResult, ResultColumn
from engine.warehouse.workers.answer import Answer, AnswerFile, Tables, WorkerFile, WorkerRetiredError
from engine.warehouse.workers.process import WorkerGoneError, WorkerProcess
from engine.warehouse.workers.protocol import FileFormat, Request

_WAIT_SECONDS = 30.0
_START_SECONDS = 60.0


class WorkerPool:
    """At most `size` workers; safe for many threads.

    A worker takes seconds to start, more while another one computes. So one more than are busy are there, and at
    least two, once the first is ready.
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
        """Start a worker that the next query need not wait for, and then a spare one."""
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
        """Run a query in a worker; raises what the query raises, and `QueryError` when the worker dies of it."""
        answer, head = self._begun(request, tables, handle, "result")
        try:
            chunks = answer.data()
            table = _read(chunks)
            for _ in chunks:  # Arrow does not look beyond its own end
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
        """Run a query in a worker and return the text of its JSON answer in pieces; raises as `query`."""
        answer, _ = self._begun(replace(request, file="json"), tables, handle, "file")
        try:
            return list(answer.data())
        finally:
            answer.close()

    def run_task(self, request: Request, handle: QueryHandle) -> Any:
        """Run the task of a request in a worker and return its data; raises as `query`."""
        answer, data = self._begun(request, list, handle, "data")
        try:
            for _ in answer.data():
                pass
        finally:
            answer.close()
        return data

    def stream(self, request: Request, tables: Tables, file: FileFormat) -> WorkerFile:
        """Start a query in a worker and return its file; what fails within its first rows is raised here."""
        return WorkerFile(self._begun(replace(request, file=file), tables, QueryHandle(), "file")[0])

    def _begun(self, request: Request, tables: Tables, handle: QueryHandle, kind: str) -> tuple[Answer, Any]:
        """Return the answer of a worker that has begun to give it, and its head."""
        while True:
            answer = Answer(self._take(handle), request, tables, handle, self._give_back)
            try:
                return answer, answer.head(kind)
            except WorkerRetiredError:
                answer.close()
            except BaseException:
                answer.close()
                raise

    def _take(self, handle: QueryHandle) -> WorkerProcess:
        """Return a worker that is ready; raises `QueryError` when there is none in time, or it is cancelled."""
        deadline = time.monotonic() + _WAIT_SECONDS
        with handle.stopping(self._wake), self._changed:
            failed_before = self._failed_starts
            while not handle.is_cancelled:
                if self._busy >= self._size:
                    self._wait_for_place(deadline)
                elif (worker := self._pop_idle()) is not None:
                    self._busy += 1
                    self._start_spare()
                    return worker
                elif self._starting:
                    self._changed.wait()
                elif self._failed_starts > failed_before:
                    raise _not_started()
                else:
                    self._start()
            raise cancelled()

    def _wait_for_place(self, deadline: float) -> None:
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

    def _give_back(self, worker: WorkerProcess, is_sound: bool) -> None:
        """Take a worker back; one that is not sound is ended, and replaced so that the next query need not wait."""
        worker.calm()
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
            worker.close()  # takes a while for a large one

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _start_spare(self) -> None:
        """Start another worker when there are fewer than should be; called with the lock."""
        if not self._starting and len(self._all) < min(self._size, max(2, self._busy + 1)):
            with suppress(QueryError):  # the next query tries again, and says so
                self._start()

    def _start(self, *, is_last_try: bool = False) -> None:
        """Start a worker, which is idle once it is ready; called with the lock."""
        try:
            worker = WorkerProcess()
        except OSError as error:
            raise _not_started() from error
        self._all.add(worker)
        self._starting += 1
        threading.Thread(target=self._welcome, args=(worker, is_last_try), daemon=True).start()

    def _welcome(self, worker: WorkerProcess, is_last_try: bool) -> None:
        """Wait for a worker to be ready; start another one, once, in the place of one that does not get there."""
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


def _not_started() -> QueryError:
    return QueryError("No process for the query could be started.", hint="Try again when the machine is less busy.")


def _read(chunks: Iterator[bytes]) -> pa.Table:
    """Return the table of an answer; Arrow may hide what was raised while it read."""
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
