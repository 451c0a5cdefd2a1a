"""A query worker: `python -m engine.warehouse.workers.worker`, a process that runs one query after the other.

DuckDB's memory limit is not a hard one: `repeat('x', 2e9)` takes 7.7 GB whatever the limit. So each query runs under an
address space limit, and one that exhausts the machine fails, or ends its process, alone. The limit is the size of the
process before the query, plus the query's memory, plus `OVERHEAD_MB`; systems without such limits have none. A worker
that has grown too large exits with status 0 at its next request. Standard input carries requests and cancellations,
standard output the responses; at the end of the input the process ends, so it never outlives its server.
"""

from __future__ import annotations

import io
import os
import queue
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import duckdb
import pyarrow as pa

from engine.errors import QueryError, WorkbenchError
from engine.settings import Settings
from engine.warehouse.querying.csv_stream import open_csv_stream
from engine.warehouse.querying.execution import run_query
from engine.warehouse.querying.instances import Instances
from engine.warehouse.querying.json_stream import json_answer
from engine.warehouse.querying.parquet_stream import open_parquet_stream
from engine.warehouse.querying.session import Session, open_session
from engine.warehouse.workers.protocol import (
    CANCEL,
    END,
    REQUEST,
    TABLES,
    DataFrames,
    Request,
    error_data,
    receive,
    send,
    send_data,
    send_message,
    unpack,
)
from engine.warehouse.workers.task import Task, run_task

OVERHEAD_MB = 768
"""Address space beyond a query's memory: threads' stacks and arenas, buffers of results, fragmentation (measured)."""
_MB = 1024 * 1024
MAX_RESULT_BYTES = 256 * _MB
"""The maximum result that a server holds in memory; a CSV is streamed without this limit."""
_FRAME_BYTES = 1 << 18
_MAX_GROWTH = 1024 * _MB  # of the resident size
_WARM_UP = "select range, md5(range::varchar) from range(200000) order by 2"


class Worker:
    """The worker's side of the protocol."""

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self._requests: queue.SimpleQueue[Request] = queue.SimpleQueue()
        self._tables: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
        self._session: Session | None = None
        self._instances = Instances()
        self._lock = threading.Lock()
        self._is_cancelled = False
        self._own_resident = 0

    def run(self) -> NoReturn:
        """Warm up, report ready, and run queries until the server closes."""
        _warm_up()
        self._own_resident = _process_sizes()[1]
        threading.Thread(target=self._listen, daemon=True).start()
        send_message(self._outgoing, {"ready": os.getpid()})
        while True:
            self._handle(self._requests.get())

    def _listen(self) -> None:
        try:
            while True:
                kind, data = receive(self._incoming)
                if kind == REQUEST:
                    self._is_cancelled = False
                    self._requests.put(unpack(data))
                elif kind == TABLES:
                    self._tables.put(data.decode().split("\n") if data else [])
                elif kind == CANCEL:
                    self._cancel()
        except EOFError:
            os._exit(0)

    def _cancel(self) -> None:
        with self._lock:
            self._is_cancelled = True
            if self._session is not None:
                self._session.interrupt()

    def _handle(self, request: Request) -> None:
        address_space, resident = _process_sizes()
        if resident > self._own_resident + _MAX_GROWTH:
            os._exit(0)  # the server sends it to another worker
        _limit_address_space(address_space, request.settings.query_memory_mb)
        try:
            self._run_query(request)
        except WorkbenchError as error:
            send_message(self._outgoing, {"error": error_data(error)})
        except (MemoryError, pa.ArrowMemoryError):
            send_message(self._outgoing, {"error": error_data(out_of_memory(request.settings))})
            os._exit(0)  # the remaining memory is fragmented
        except (duckdb.Error, RuntimeError) as error:
            first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            send_message(self._outgoing, {"error": error_data(QueryError(f"The query failed: {first}"))})

    def _run_query(self, request: Request) -> None:
        session = open_session(
            request.attached,
            current=request.current,
            settings=request.settings,
            temp_dir=request.temp_dir,
            known_tables=self._known_tables,
            macros=request.macros,
            folders=request.folders,
            instances=self._instances,
        )
        with self._lock:
            self._session = session
        try:
            if self._is_cancelled:
                raise QueryError("The query was cancelled.")
            if request.task is not None:
                self._send_data(session, request.task)
            elif request.file is None:
                self._send_result(session, request)
            elif request.file == "json":
                self._send_json(session, request)
            else:
                self._send_file(session, request)
        finally:
            with self._lock:
                self._session = None
            session.close()

    def _send_data(self, session: Session, task: Task[object]) -> None:
        send_message(self._outgoing, {"data": run_task(session, task)})
        send(self._outgoing, END)

    def _send_result(self, session: Session, request: Request) -> None:
        result = run_query(session, request.sql, page=request.page)
        head: dict[str, Any] = {
            "columns": [[column.name, column.type] for column in result.columns],
            "seconds": result.seconds,
            "sql": result.sql,
            "truncated": result.truncated,
            "notes": list(result.notes),
            "offset": result.offset,
            "total": result.total,
        }
        if result.arrow.nbytes > MAX_RESULT_BYTES:
            raise QueryError(
                f"The result has {result.arrow.nbytes / _MB:,.0f} MB; the limit is {MAX_RESULT_BYTES // _MB} MB.",
                hint="Select fewer rows or columns, or download it as CSV, which has no size limit.",
            )
        table = result.arrow.rename_columns([f"c{index}" for index in range(result.arrow.num_columns)])
        send_message(self._outgoing, {"result": head})
        with (
            io.BufferedWriter(DataFrames(self._outgoing), _FRAME_BYTES) as frames,
            pa.ipc.new_stream(frames, table.schema) as writer,
        ):
            writer.write_table(table, max_chunksize=100_000)
        send(self._outgoing, END)

    def _send_json(self, session: Session, request: Request) -> None:
        send_message(self._outgoing, {"file": request.file})
        for piece in json_answer(session, request.sql, request.page):
            send_data(self._outgoing, piece)
        send(self._outgoing, END)

    def _send_file(self, session: Session, request: Request) -> None:
        stream = (
            open_csv_stream(session, request.sql, spreadsheet_safe=request.spreadsheet_safe)
            if request.file == "csv"
            else open_parquet_stream(session, request.sql)
        )
        send_message(self._outgoing, {"file": request.file})
        for chunk in stream:
            send_data(self._outgoing, chunk)
        send_message(self._outgoing, {"rows": stream.rows})

    def _known_tables(self) -> list[str]:
        send_message(self._outgoing, {"needs": "tables"})
        return self._tables.get()


def out_of_memory(settings: Settings) -> QueryError:
    """Return the error of a query that reached its memory limit."""
    return QueryError(
        f"The query exceeded its memory limit of {settings.query_memory_mb:,} MB.",
        hint="Read fewer rows or columns, or raise DW_SIM_QUERY_MEMORY_MB.",
    )


def _warm_up() -> None:
    """Run sample queries, so that the first real one is as fast, and the process as large, as later."""
    settings = Settings(home=Path())
    for _ in range(2):
        with open_session([], current=None, settings=settings, temp_dir=Path("unused")) as session:
            table = run_query(session, _WARM_UP).arrow
            with pa.ipc.new_stream(io.BytesIO(), table.schema) as writer:
                writer.write_table(table)
        with open_session([], current=None, settings=settings, temp_dir=Path("unused")) as session:
            for _chunk in open_csv_stream(session, _WARM_UP):
                pass


def _process_sizes() -> tuple[int, int]:
    """Return the bytes of the process's address space and resident memory; zeros where unknown."""
    try:
        pages = [int(number) for number in Path("/proc/self/statm").read_text("ascii").split()[:2]]
        return pages[0] * os.sysconf("SC_PAGE_SIZE"), pages[1] * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return 0, 0


def _limit_address_space(own_bytes: int, memory_mb: int) -> None:
    """Limit the address space to own size, query memory and overhead; no limit if the size is unknown."""
    if own_bytes:
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (own_bytes + (memory_mb + OVERHEAD_MB) * _MB, hard))


def main() -> None:
    """Serve on the standard streams; other output goes to stderr."""
    incoming = os.fdopen(os.dup(0), "rb")
    outgoing = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    os.dup2(2, 1)
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Worker(incoming, outgoing).run()


if __name__ == "__main__":
    main()
