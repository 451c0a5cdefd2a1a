"""Query sessions: a locked in-memory DuckDB with the named experiments attached read-only.

A session serves one query. Its experiments are attached under internal names (`experiment_shop`) and found through the
search path, so an experiment may have the name of another one's schema. After the lock a query can reach no files but
the attached ones and its own spill folder, no network, no extensions and no settings. Sessions on the same files with
the same limits use one DuckDB instance in turn (`instances.py`), each by a connection of its own.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, cast

import duckdb
import polars as pl

from engine.errors import DamagedError, QueryError, WorkbenchError
from engine.schema.models import ExperimentSchema, TableSchema
from engine.settings import Settings
from engine.sql.quoting import literal, quote
from engine.warehouse.loading.connection import quiet_connection
from engine.warehouse.loading.layout import Layout, layout, qualified_names
from engine.warehouse.loading.load import create_tables
from engine.warehouse.querying.attachments import Attachment, catalog_names, search_path
from engine.warehouse.querying.instances import Instance, Instances
from engine.warehouse.querying.macros import attach_macros, macro_names
from engine.warehouse.querying.spill_folders import spill_folder

__all__ = [
    "Attachment",
    "Session",
    "WarehouseGoneError",
    "experiments_named_in",
    "open_session",
    "retry_when_replaced",
]

_WORD = re.compile(r'"((?:[^"]|"")*)"|([^\W\d]\w*)')
_ATTEMPTS = 20
T = TypeVar("T")
_INTERRUPT_SECONDS = 0.02


class WarehouseGoneError(WorkbenchError):
    """The warehouse file was deleted after the catalog was read: read the catalog again."""


class Session:
    """One locked query session over a connection to an instance; a context manager.

    At its end the instance goes back to `instances`, or is closed without them. `macros` are the names of the functions
    that translated queries call. `attached` maps each DuckDB catalog name to its experiment, `current` is the
    experiment whose tables need no prefix, and `known_tables` lists the tables that hints may suggest, attached or not.
    """

    def __init__(
        self,
        instance: Instance,
        instances: Instances | None,
        attached: dict[str, Attachment],
        current: str | None,
        settings: Settings,
        known_tables: Callable[[], Sequence[str]] | None,
        macros: frozenset[str] = frozenset(),
    ) -> None:
        self.macros = macros
        self.instance = instance
        self._instances = instances
        self.connection = instance.connection.cursor()
        self.attached = attached
        self.current = current
        self.settings = settings
        self._known_tables = known_tables
        self._lock = threading.Lock()
        self._is_interrupted = False
        self._interrupter: threading.Thread | None = None
        self._is_ending = threading.Event()
        self._is_reusable = True
        self._is_closed = False

    def tables(self) -> list[str]:
        """Return the table names that a query may use: `own_tables`, then those of all other experiments."""
        own = self.own_tables()
        if self._known_tables is not None:
            others = list(self._known_tables())
        else:
            others = [name for each in self.attached.values() for name in qualified_names(each.schema)]
        if own:
            prefix = f"{self.current}__".lower()
            others = [name for name in others if not name.lower().startswith(prefix)]
        return own + others

    def own_tables(self) -> list[str]:
        """Return the names of the current experiment's tables, which need no prefix."""
        return [name for attachment in self._current_attachments() for name in _own_names(attachment.schema)]

    def named_tables(self) -> Iterator[tuple[str, TableSchema]]:
        """Yield the tables of the attached experiments with the names that queries use."""
        for attachment in self.attached.values():
            is_current = self.is_current(attachment)
            names = _own_names(attachment.schema) if is_current else qualified_names(attachment.schema)
            yield from zip(names, attachment.schema.tables, strict=True)

    def layouts(self) -> Iterator[tuple[Layout, bool]]:
        """Yield the layout of each attached experiment, and whether it is the current one."""
        for attachment in self.attached.values():
            yield layout(attachment.schema), self.is_current(attachment)

    def interrupt(self) -> None:
        """Stop the running query and all later ones, from any thread.

        DuckDB drops an interrupt between two statements, such as binding a query and running it, so it is repeated
        until the session ends.
        """
        with self._lock:
            if not self._is_interrupted and not self._is_closed:
                self._is_interrupted = True
                self.connection.interrupt()
                self._interrupter = threading.Thread(
                    target=self._repeat_interrupt, name="interrupting a query", daemon=True
                )
                self._interrupter.start()

    def _repeat_interrupt(self) -> None:
        while not self._is_ending.wait(_INTERRUPT_SECONDS):
            self.connection.interrupt()

    def fetch_rows(self, query: str | duckdb.DuckDBPyRelation) -> list[tuple[Any, ...]]:
        """Fetch all rows of a query; raises `QueryError` if the session was stopped before it."""
        if self._is_interrupted:
            raise QueryError("The query was stopped.")
        return (self.connection.execute(query) if isinstance(query, str) else query).fetchall()

    def fetch_frames(self, query: str, rows: int) -> Iterator[pl.DataFrame]:
        """Yield the rows of a query in frames of at most `rows`; raises `QueryError` if the session was stopped."""
        if self._is_interrupted:
            raise QueryError("The query was stopped.")
        for batch in self.connection.sql(query).to_arrow_reader(rows):
            yield cast("pl.DataFrame", pl.from_arrow(batch))

    def note_failure(self) -> None:
        """Note that a query failed while it ran, so that the session's instance is not used again."""
        self._is_reusable = False

    def close(self) -> None:
        """Close the session; does nothing when it is closed."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
        self._is_ending.set()
        if self._interrupter is not None:
            self._interrupter.join()
        self.connection.close()
        if self._instances is not None and self._is_reusable and not self._is_interrupted:
            self._instances.put(self.instance)
        else:
            self.instance.close()

    def _current_attachments(self) -> list[Attachment]:
        return [each for each in self.attached.values() if self.is_current(each)]

    def is_current(self, attachment: Attachment) -> bool:
        """Return whether the tables of an experiment need no prefix."""
        return self.current is not None and attachment.name.lower() == self.current.lower()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and not isinstance(error, WorkbenchError):
            self.note_failure()
        self.close()


def open_session(
    attached: Sequence[Attachment],
    *,
    current: str | None,
    settings: Settings,
    temp_dir: Path,
    known_tables: Callable[[], Sequence[str]] | None = None,
    macros: Path | None = None,
    folders: Sequence[Path] = (),
    instances: Instances | None = None,
) -> Session:
    """Open a session with these experiments attached and lock it; the caller closes it.

    `macros` is the file of the functions that translated queries call; `folders` are readable folders for internal
    queries. An instance of an earlier session is taken from `instances`, if they have one. Raises `WarehouseGoneError`
    when a file was deleted after the catalog was read.
    """
    catalogs = catalog_names(attached)
    key = (tuple(attached), current, settings.query_memory_mb, settings.threads, temp_dir, macros, tuple(folders))
    instance = None if instances is None else instances.take(key)
    if instance is None:
        instance = _open_instance(key, catalogs, current, settings, temp_dir, macros, folders)
    else:
        _open_files(instance, catalogs)
    names = macro_names() if macros is not None else frozenset[str]()
    session = Session(instance, instances, catalogs, current, settings, known_tables, names)
    try:
        try:
            session.connection.execute(f"set search_path = {literal(instance.search_path)}")
        except duckdb.CatalogException:
            _check_schemas(session.connection, catalogs)
            raise
    except BaseException:
        session.note_failure()
        session.close()
        raise
    return session


def _open_instance(
    key: object,
    catalogs: dict[str, Attachment],
    current: str | None,
    settings: Settings,
    temp_dir: Path,
    macros: Path | None,
    folders: Sequence[Path],
) -> Instance:
    """Open an instance, attach the experiments and the macros, and lock it."""
    connection = quiet_connection()
    files = {catalog: each.path for catalog, each in catalogs.items() if each.path is not None}
    instance = Instance(connection, key, files, search_path(catalogs, current), spill_folder(temp_dir))
    _open_files(instance, catalogs)
    try:
        for catalog, attachment in catalogs.items():
            if attachment.path is None:
                connection.execute(f"attach ':memory:' as {quote(catalog)}")
                create_tables(connection, catalog, attachment.schema)
        if macros is not None:
            instance.search_path += "," + attach_macros(connection, macros)
        _lock(connection, settings, instance.spill, folders)
    except BaseException:
        connection.close()
        raise
    return instance


def _open_files(instance: Instance, catalogs: Mapping[str, Attachment]) -> None:
    """Attach the warehouse files that are not open; the instance is closed when that fails."""
    try:
        instance.open_files(lambda catalog, path: _attach(instance.connection, catalog, path, catalogs[catalog].name))
    except BaseException:
        instance.close()
        raise


def retry_when_replaced(run: Callable[[], T]) -> T:
    """Return the result of `run`, which opens a session; run it again when a load replaces a file meanwhile."""
    for _ in range(_ATTEMPTS - 1):
        with suppress(WarehouseGoneError):
            return run()
    return run()


def experiments_named_in(sql: str, known_names: Sequence[str]) -> list[str]:
    """Return the experiments that a query may name: `shop`, or `shop__...`.

    Words in comments and strings count too: an unused experiment is attached without harm.
    """
    words = {(quoted or plain).lower() for quoted, plain in _WORD.findall(sql)}
    starts = {word[: at.start()] for word in words for at in re.finditer("(?=__)", word)}  # shop___a: shop and shop_
    return [name for name in known_names if name.lower() in words or name.lower() in starts]


def _own_names(schema: ExperimentSchema) -> list[str]:
    plain = layout(schema).plain
    return [table.name if plain.get(table.name.lower()) is table else table.key for table in schema.tables]


def _attach(connection: duckdb.DuckDBPyConnection, catalog: str, path: Path, experiment: str) -> None:
    try:
        connection.execute(f"attach {literal(str(path))} as {quote(catalog)} (read_only)")
    except duckdb.Error as error:
        if not path.exists():
            raise WarehouseGoneError(
                f'The warehouse file of "{experiment}" is missing.',
                where=str(path),
                hint="Load a completed run again.",
            ) from error
        raise DamagedError(
            f'The warehouse file of "{experiment}" cannot be opened: {str(error).splitlines()[0]}',
            where=str(path),
            hint="Load a completed run again, or reset the tables.",
        ) from error


def _check_schemas(connection: duckdb.DuckDBPyConnection, catalogs: dict[str, Attachment]) -> None:
    """Raise `DamagedError` for a file without the schemas of its experiment: another file replaced it."""
    listed = connection.execute("select database_name, schema_name from duckdb_schemas()").fetchall()
    found = {(str(catalog).lower(), str(name).lower()) for catalog, name in listed}
    for catalog, attachment in catalogs.items():
        names = layout(attachment.schema).schema_names
        if any((catalog.lower(), name.lower()) not in found for name in names):
            raise DamagedError(
                f'The warehouse file of "{attachment.name}" is a different database: its tables are missing.',
                where=str(attachment.path),
                hint="Load a completed run again, or reset the tables.",
            )


def _lock(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    spill_folder: Path,
    folders: Sequence[Path],
) -> None:
    """Set an instance's configuration, for all its connections, and lock it."""
    statements = [
        "errors_as_json = true",
        "TimeZone = 'UTC'",
        f"temp_directory = {literal(str(spill_folder))}",
        f"memory_limit = '{settings.query_memory_mb}MB'",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "python_enable_replacements = false",  # otherwise a table name may resolve to a Python variable
        "enable_external_access = false",
        "lock_configuration = true",
    ]
    if folders:
        listed = ", ".join(literal(str(folder)) for folder in folders)
        statements.insert(0, f"allowed_directories = [{listed}]")
    if settings.threads:
        statements.insert(0, f"threads = {settings.threads}")
    for statement in statements:
        connection.execute(f"set global {statement}")
