"""The SQLite file of the catalog: its tables, its connections, its transactions.

Every change is one immediate transaction, flushed to the disk when it commits (`synchronous=FULL`: in WAL mode the
default may lose the last commits when the power fails, and a file swept meanwhile would be missed). Connections are
pooled, so that any thread may call and the WAL is not folded back at every call.
"""

from __future__ import annotations

import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import WorkbenchError

_BUSY_SECONDS = 30.0
_TABLES = """
create table experiments (
    id integer primary key,
    name text not null unique collate nocase,
    schema text not null,
    created_at text not null,
    next_run_id integer not null default 1,
    next_load_id integer not null default 1,
    load_id integer,
    loaded_run_id integer,
    row_counts text not null default '{}'
) strict;
create table runs (
    experiment_id integer not null references experiments (id) on delete cascade,
    id integer not null,
    status text not null check (status in ('RUNNING', 'COMPLETED', 'FAILED', 'ABORTED')),
    seed text not null,
    row_counts text not null,
    started_at text not null,
    finished_at text,
    error text,
    traceback text,
    output_dir text,
    notes text not null default '[]',
    is_cancel_requested integer not null default 0,
    progress text,
    primary key (experiment_id, id)
) strict;
create unique index one_running_run on runs (experiment_id) where status = 'RUNNING';
"""
_RESUMING = """
alter table runs add column requested_rows text not null default '{}';
alter table runs add column is_to_be_loaded integer not null default 1;
create table parts (
    experiment_id integer not null,
    run_id integer not null,
    table_key text not null,
    number integer not null,
    first_row integer not null,
    rows integer not null,
    size_bytes integer not null,
    checksum integer not null,
    primary key (experiment_id, run_id, table_key, number),
    foreign key (experiment_id, run_id) references runs (experiment_id, id) on delete cascade
) strict, without rowid;
"""
_QUERIES = """
create table past_queries (
    id integer primary key,
    experiment_id integer not null references experiments (id) on delete cascade,
    sql text not null,
    dialect text not null,
    asked_at text not null,
    seconds real not null,
    row_count integer not null,
    error text not null
) strict;
create index past_queries_of on past_queries (experiment_id, id);
create table saved_queries (
    experiment_id integer not null references experiments (id) on delete cascade,
    name text not null collate nocase,
    sql text not null,
    dialect text not null,
    saved_at text not null,
    primary key (experiment_id, name)
) strict, without rowid;
"""
_STEPS = (_TABLES, _RESUMING, _QUERIES)  # what each version of the format adds to the one before
_VERSION = len(_STEPS)


class Database:
    """The catalog's file, made if it is not there; safe for many threads and processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._close = weakref.finalize(self, _close_all, self._idle)
        with self.transaction() as connection:
            _migrate(connection, path)

    @contextmanager
    def transaction(self, *, is_durable: bool = True) -> Iterator[sqlite3.Connection]:
        """Yield a connection inside an immediate transaction: committed at the end, rolled back on an error.

        Not durable means that the change may be lost when the power fails, which spares a flush of the disk.
        """
        with self._connection() as connection:
            connection.execute(f"pragma synchronous = {'full' if is_durable else 'normal'}")
            connection.execute("begin immediate")
            try:
                yield connection
            except BaseException:
                connection.execute("rollback")
                raise
            connection.execute("commit")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection whose statements all see the same state."""
        with self._connection() as connection:
            connection.execute("begin")
            try:
                yield connection
            finally:
                connection.execute("rollback")

    def close(self) -> None:
        """Close the idle connections; a later call opens new ones."""
        with self._lock:
            _close_all(self._idle)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        try:
            connection = connection or _connect(self._path)
            yield connection
        except sqlite3.IntegrityError:
            self._give_back(connection)
            raise
        except sqlite3.Error as error:
            if connection is not None:
                connection.close()
            raise WorkbenchError(
                f"The catalog cannot be used: {error}.",
                where=str(self._path),
                hint="Check that the disk has room and that you may write to the home folder.",
            ) from error
        except BaseException:
            self._give_back(connection)
            raise
        self._give_back(connection)

    def _give_back(self, connection: sqlite3.Connection | None) -> None:
        if connection is not None:
            with self._lock:
                self._idle.append(connection)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("pragma foreign_keys = on")
        _use_write_ahead_log(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch to WAL; SQLite does not wait for this by itself when other processes open a new file at once."""
    give_up_at = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("pragma journal_mode = wal")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up_at:
                raise
            time.sleep(0.01)


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("pragma user_version").fetchone()
    if version > _VERSION:
        raise WorkbenchError(
            f"The catalog was written by a newer version (format {version}, this one knows {_VERSION}).",
            where=str(path),
            hint="Update the workbench, or name another home folder in DW_SIM_HOME.",
        )
    if version < _VERSION:
        for step in _STEPS[version:]:
            for statement in step.split(";\n"):
                connection.execute(statement)
        connection.execute(f"pragma user_version = {_VERSION}")


def _close_all(connections: list[sqlite3.Connection]) -> None:
    while connections:
        connections.pop().close()
