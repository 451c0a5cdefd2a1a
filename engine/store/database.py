"""The SQLite file of the catalog: its tables, its connections, its transactions.

Every change is one immediate transaction, flushed to the disk when it commits (`synchronous=FULL`: in WAL mode the
default may lose the last commits on a power failure, and files swept meanwhile would be missing). Connections are
pooled, so that any thread can use them and the WAL is not checkpointed at every call.

A disk can be so full that SQLite cannot even create the index of its log. Reading then works without one (a connection
with exclusive access keeps the index in memory), and a change that frees space can use a reserve.
"""

from __future__ import annotations

import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from engine.errors import WorkbenchError
from engine.store.database_errors import catalog_error
from engine.store.fields import decode_text
from engine.store.reserve import Reserve

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
_VERSIONS = """
alter table experiments add column version integer not null default 1;
alter table experiments add column loaded_version integer not null default 1;
alter table runs add column schema_version integer not null default 1;
create table schema_versions (
    experiment_id integer not null references experiments (id) on delete cascade,
    version integer not null,
    schema text not null,
    saved_at text not null,
    note text not null default '',
    changes text not null default '',
    primary key (experiment_id, version)
) strict;
insert into schema_versions (experiment_id, version, schema, saved_at)
    select id, 1, schema, created_at from experiments;
"""
_WORKPLACE = """
alter table saved_queries add column view text not null default 'both';
alter table saved_queries add column chart text not null default '{}';
create table board_items (
    experiment_id integer not null,
    query text not null collate nocase,
    view text not null check (view in ('chart', 'table')),
    position integer not null,
    width integer not null,
    primary key (experiment_id, query, view),
    foreign key (experiment_id, query) references saved_queries (experiment_id, name) on delete cascade
) strict, without rowid;
create table query_tabs (
    experiment_id integer not null references experiments (id) on delete cascade,
    browser text not null,
    id text not null,
    position integer not null,
    revision integer not null,
    title text not null,
    sql text not null,
    dialect text not null,
    view text not null,
    chart text not null,
    changed_at text not null,
    primary key (experiment_id, browser, id)
) strict, without rowid;
create table query_drafts (
    experiment_id integer not null references experiments (id) on delete cascade,
    id text not null,
    sql text not null,
    changed_at text not null,
    primary key (experiment_id, id)
) strict, without rowid;
"""
_EDITOR_DRAFTS = """
create table editor_drafts (
    browser text not null,
    id text not null,
    experiment_id integer references experiments (id) on delete cascade,
    revision integer not null,
    content text not null,
    changed_at text not null,
    primary key (browser, id)
) strict, without rowid;
"""
_GROWTH = """
alter table runs add column batches text not null default '{}';
"""
_WORKLOADS = """
create table workloads (
    experiment_id integer primary key references experiments (id) on delete cascade,
    files text not null,
    given text not null,
    changed_at text not null
) strict;
"""
# What each format version adds to the previous one.
_STEPS = (_TABLES, _RESUMING, _QUERIES, _VERSIONS, _WORKPLACE, _EDITOR_DRAFTS, _GROWTH, _WORKLOADS)
_VERSION = len(_STEPS)


class Database:
    """The file of the catalog, created if missing; safe for many threads and processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._close = weakref.finalize(self, _close_all, self._idle)
        self._reserve = Reserve(path.with_name("catalog.reserve"))
        with self.reading() as connection:
            version = _version(connection, path)
        if version < _VERSION:
            with self.transaction() as connection:
                _migrate(connection, path)
        self._reserve.restore()

    @contextmanager
    def transaction(self, *, is_durable: bool = True, is_freeing: bool = False) -> Iterator[sqlite3.Connection]:
        """Yield a connection inside an immediate transaction: committed at the end, rolled back on an error.

        A change that is not durable may be lost on a power failure, which saves a flush of the disk. A freeing change
        leads to more disk space, so it can use the reserve when there is no other.
        """
        if is_freeing:
            self._reserve.release()
        with self._connection(alone="rw" if is_freeing else "") as connection:
            connection.execute(f"pragma synchronous = {'full' if is_durable else 'normal'}")
            connection.execute("begin immediate")
            try:
                yield connection
            except BaseException:
                if connection.in_transaction:  # SQLite itself rolls back on a full disk
                    connection.execute("rollback")
                raise
            connection.execute("commit")
        if is_durable:
            self._reserve.restore()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection whose statements all see the same state."""
        with self._connection(alone="ro") as connection:
            connection.execute("begin")
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("rollback")

    def close(self) -> None:
        """Close the idle connections; a later call opens new ones."""
        with self._lock:
            _close_all(self._idle)
        self._reserve.restore()

    @contextmanager
    def _connection(self, *, alone: Literal["", "ro", "rw"] = "") -> Iterator[sqlite3.Connection]:
        """Yield a connection; if none can be opened and `alone` is set, one with exclusive access."""
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        try:
            if connection is None:
                try:
                    connection = _connect(self._path)
                except sqlite3.OperationalError as error:
                    if not alone or not self._path.is_file():
                        raise
                    with _connect_exclusively(self._path, error, is_reading=alone == "ro") as substitute:
                        yield substitute
                    return
            yield connection
        except sqlite3.IntegrityError:
            self._release(connection)
            raise
        except (sqlite3.Error, UnicodeDecodeError) as error:
            if connection is not None:
                connection.close()
            raise catalog_error(error, self._path) from error
        except BaseException:
            self._release(connection)
            raise
        self._release(connection)

    def _release(self, connection: sqlite3.Connection | None) -> None:
        if connection is not None:
            with self._lock:
                self._idle.append(connection)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.text_factory = decode_text
    try:
        connection.execute("pragma foreign_keys = on")
        _use_write_ahead_log(connection)
    except (sqlite3.Error, UnicodeDecodeError):
        connection.close()
        raise
    return connection


@contextmanager
def _connect_exclusively(
    path: Path, refusal: sqlite3.OperationalError, *, is_reading: bool
) -> Iterator[sqlite3.Connection]:
    """Yield a connection with exclusive access to the catalog, else raise `refusal`, the error of a normal connection.

    It needs no space for an index of the log, and none at all for reading. Where opening the log needs write access, as
    on a read-only file system, the file is opened as immutable, unless its log has pending changes.
    """
    log = path.with_name(path.name + "-wal")
    uris = [f"{path.as_uri()}?mode=rw"]
    if is_reading and (not log.exists() or not log.stat().st_size):
        uris.append(f"{path.as_uri()}?immutable=1")
    for uri in uris:
        connection = sqlite3.connect(
            uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            connection.row_factory = sqlite3.Row
            connection.text_factory = decode_text
            connection.execute("pragma foreign_keys = on")
            connection.execute("pragma locking_mode = exclusive")
            connection.execute("select count(*) from sqlite_schema")
        except sqlite3.OperationalError:
            connection.close()
            continue
        try:
            yield connection
        finally:
            connection.close()
        return
    raise refusal


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch to WAL; SQLite does not wait for this itself when other processes open a new file at the same time."""
    give_up_at = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("pragma journal_mode = wal")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up_at:
                raise
            time.sleep(0.01)


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """Return the version of the catalog's format, 0 for a new file; raises `WorkbenchError` for an unknown one."""
    (version,) = connection.execute("pragma user_version").fetchone()
    if version > _VERSION:
        raise WorkbenchError(
            f"The catalog was written by a newer version (format {version}; this version supports {_VERSION}).",
            where=str(path),
            hint="Update the workbench, or choose another home folder in DW_SIM_HOME.",
        )
    return int(version)


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    version = _version(connection, path)
    if version < _VERSION:
        for step in _STEPS[version:]:
            for statement in step.split(";\n"):
                connection.execute(statement)
        connection.execute(f"pragma user_version = {_VERSION}")


def _close_all(connections: list[sqlite3.Connection]) -> None:
    while connections:
        connections.pop().close()
