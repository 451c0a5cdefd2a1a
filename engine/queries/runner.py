"""How queries and tasks run: in this process, or in the worker processes of a server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from engine.settings import Settings
from engine.warehouse.querying.csv_stream import CsvStream, open_csv_stream
from engine.warehouse.querying.execution import QueryResult, run_query
from engine.warehouse.querying.handle import QueryHandle
from engine.warehouse.querying.instances import Instances
from engine.warehouse.querying.json_stream import json_answer
from engine.warehouse.querying.parquet_stream import ParquetStream, open_parquet_stream
from engine.warehouse.querying.session import Session, open_session
from engine.warehouse.workers.pool import WorkerPool
from engine.warehouse.workers.protocol import Request
from engine.warehouse.workers.response import WorkerFile
from engine.warehouse.workers.task import Task, run_task

T = TypeVar("T")
TableNames = Callable[[], Sequence[str]]


class QueryRunner(Protocol):
    """Runs one request at a time for each thread that calls it.

    Every method raises what the query raises, and `WarehouseGoneError` when a load replaced an attached file.
    """

    def run_query(self, request: Request, handle: QueryHandle) -> QueryResult:
        """Return the rows of the request's page."""

    def run_json(self, request: Request) -> list[bytes]:
        """Return the rows of the request's page as the text of a JSON object, in pieces."""

    def stream_csv(self, request: Request) -> CsvStream | WorkerFile:
        """Return the full result as CSV in pieces; the stream ends its session itself."""

    def stream_parquet(self, request: Request) -> ParquetStream | WorkerFile:
        """Return the full result as a Parquet file in pieces; the stream ends its session itself."""

    def run_task(self, request: Request, task: Task[T], handle: QueryHandle) -> T:
        """Run a task on the attached data and return what it finds."""

    def warm(self) -> None:
        """Prepare for the first query, so that it need not wait."""

    def close(self) -> None:
        """End the processes that were started."""


@dataclass(frozen=True)
class InProcessRunner:
    """Runs queries in this process, each in a session of its own; their instances are kept in `instances`.

    `table_names` lists the tables that the message about an unknown one may suggest.
    """

    table_names: TableNames
    instances: Instances = field(default_factory=Instances, compare=False)

    def run_query(self, request: Request, handle: QueryHandle) -> QueryResult:
        """See `QueryRunner`."""
        with self.open(request) as session, handle.stopping(session.interrupt):
            return run_query(session, request.sql, page=request.page)

    def run_json(self, request: Request) -> list[bytes]:
        """See `QueryRunner`."""
        with self.open(request) as session:
            return list(json_answer(session, request.sql, request.page))

    def stream_csv(self, request: Request) -> CsvStream:
        """See `QueryRunner`."""
        return open_csv_stream(self.open(request), request.sql, spreadsheet_safe=request.spreadsheet_safe)

    def stream_parquet(self, request: Request) -> ParquetStream:
        """See `QueryRunner`."""
        return open_parquet_stream(self.open(request), request.sql)

    def run_task(self, request: Request, task: Task[T], handle: QueryHandle) -> T:
        """See `QueryRunner`."""
        with self.open(request) as session, handle.stopping(session.interrupt):
            return task.read(run_task(session, task))

    def warm(self) -> None:
        """Do nothing: a session opens in milliseconds."""

    def close(self) -> None:
        """Close the kept instances; a later query opens new ones."""
        self.instances.close()

    def open(self, request: Request) -> Session:
        """Open the session of a request."""
        return open_session(
            request.attached,
            current=request.current,
            settings=request.settings,
            temp_dir=request.temp_dir,
            known_tables=self.table_names,
            macros=request.macros,
            folders=request.folders,
            instances=self.instances,
        )


@dataclass(frozen=True)
class WorkerPoolRunner:
    """Runs queries in worker processes, whose memory is limited and which may die alone."""

    pool: WorkerPool
    table_names: TableNames

    def run_query(self, request: Request, handle: QueryHandle) -> QueryResult:
        """See `QueryRunner`; raises `QueryError` when the worker dies."""
        return self.pool.query(request, self.table_names, handle)

    def run_json(self, request: Request) -> list[bytes]:
        """See `QueryRunner`."""
        return self.pool.json(request, self.table_names, QueryHandle())

    def stream_csv(self, request: Request) -> WorkerFile:
        """See `QueryRunner`."""
        return self.pool.stream(request, self.table_names, "csv")

    def stream_parquet(self, request: Request) -> WorkerFile:
        """See `QueryRunner`."""
        return self.pool.stream(request, self.table_names, "parquet")

    def run_task(self, request: Request, task: Task[T], handle: QueryHandle) -> T:
        """See `QueryRunner`."""
        return task.read(self.pool.run_task(replace(request, task=task), handle))

    def warm(self) -> None:
        """Start a worker before the first query needs it."""
        self.pool.warm()

    def close(self) -> None:
        """End all workers; a later query starts new ones."""
        self.pool.close()


def query_runner(settings: Settings, table_names: TableNames) -> QueryRunner:
    """Return the runner that the settings ask for: workers for a server, this process otherwise."""
    if settings.query_workers:
        return WorkerPoolRunner(WorkerPool(settings.query_workers), table_names)
    return InProcessRunner(table_names)
