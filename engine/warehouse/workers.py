"""The pool of query workers of a server: started before they are needed, replaced when they die.

A worker answers one query at a time. A query that stays silent past its time limit, because DuckDB does not hear the
interruption, is ended by ending its worker.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pyarrow as pa

from engine.errors import QueryError
from engine.warehouse.handle import QueryHandle
from engine.warehouse.result import QueryResult, ResultColumn
from engine.warehouse.wire import FileFormat, Request
from engine.warehouse.worker_answer import Answer, AnswerFile, Tables, WorkerFile, WorkerRetiredError
from engine.warehouse.worker_process import WorkerProcess

_WAIT_SECONDS = 30.0


class WorkerPool:
    """At most `size` workers; safe for many threads."""

    def __init__(self, size: int) -> None:
        self._idle: list[WorkerProcess] = []
        self._all: set[WorkerProcess] = set()
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(size)
        self._size = size
        self._end = weakref.finalize(self, _close_all, self._all)

    def warm(self) -> None:
        """Start a worker that the next query need not wait for."""
        with self._lock:
            if not self._all:
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

    def figures(self, request: Request, handle: QueryHandle) -> Any:
        """Run the task of a request in a worker and return its figures; raises as `query`."""
        answer, figures = self._begun(request, list, handle, "figures")
        try:
            for _ in answer.data():
                pass
        finally:
            answer.close()
        return figures

    def stream(self, request: Request, tables: Tables, file: FileFormat) -> WorkerFile:
        """Start a query in a worker and return its file; what fails within its first rows is raised here."""
        return WorkerFile(self._begun(replace(request, file=file), tables, QueryHandle(), "file")[0])

    def _begun(self, request: Request, tables: Tables, handle: QueryHandle, kind: str) -> tuple[Answer, Any]:
        """Return the answer of a worker that has begun to give it, and its head."""
        while True:
            answer = Answer(self._take(), request, tables, handle, self._give_back)
            try:
                return answer, answer.head(kind)
            except WorkerRetiredError:
                answer.close()
            except BaseException:
                answer.close()
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

    def _give_back(self, worker: WorkerProcess, is_sound: bool) -> None:
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

    def _started(self) -> WorkerProcess:
        worker = WorkerProcess()
        self._all.add(worker)
        return worker


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
