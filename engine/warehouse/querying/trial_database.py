"""A database in memory for trials: the tables of a schema with a few rows, and queries that are translated as usual.

It holds only rows that the caller puts there, and runs only what the caller has translated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Timer
from typing import Any

import duckdb
import polars as pl

from engine.errors import QueryError
from engine.schema.models import ExperimentSchema, TableSchema
from engine.sql.quoting import literal, quote
from engine.warehouse.loading.connection import quiet_connection
from engine.warehouse.loading.layout import MAIN, layout, stored_name
from engine.warehouse.loading.load import create_tables
from engine.warehouse.querying.macros import make_macros

_CATALOG = "trial_rows"
_INSERTED = "rows_to_insert"


class TrialDatabase:
    """The empty tables of a schema, and the functions of a dialect; failures are `QueryError`s."""

    def __init__(self, schema: ExperimentSchema, dialect: str) -> None:
        self._connection = quiet_connection()
        for setting in ("TimeZone = 'UTC'", "python_enable_replacements = false", "threads = 1"):
            self._connection.execute(f"set {setting}")
        self._connection.execute(f"attach ':memory:' as {quote(_CATALOG)}")
        create_tables(self._connection, _CATALOG, schema)
        names = layout(schema)
        own = {table.schema_name.lower() for table in schema.tables if table.schema_name}
        schemas = [name for name in (MAIN, names.flat, names.dotted) if name.lower() not in own - {MAIN}]
        path = [f"{quote(_CATALOG)}.{quote(name)}" for name in schemas]
        if dialect != "duckdb":
            path.append(make_macros(self._connection, dialect))
        self._connection.execute(f"set search_path = {literal(','.join([*path, 'memory.main']))}")

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Return the rows of a DuckDB query; of columns with one name the last counts."""
        with _failures():
            cursor = self._connection.execute(sql)
            header = [str(each[0]) for each in cursor.description or []]
            return [dict(zip(header, row, strict=True)) for row in cursor.fetchall()]

    def tuples(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a DuckDB query as tuples."""
        with _failures():
            return self._connection.execute(sql).fetchall()

    def insert(self, table: TableSchema, rows: pl.DataFrame) -> None:
        """Insert rows into a table of the schema."""
        self._insert(f"{quote(_CATALOG)}.{stored_name(table)}", rows)

    def put(self, name: str, types: Mapping[str, str], rows: pl.DataFrame) -> None:
        """Make a table of the columns and DuckDB types given, in place of an earlier one of that name."""
        listed = ", ".join(f"{quote(column)} {kind}" for column, kind in types.items())
        with _failures():
            self._connection.execute(f"create or replace temp table {quote(name)} ({listed})")
        self._insert(quote(name), rows)

    def _insert(self, name: str, rows: pl.DataFrame) -> None:
        listed = ", ".join(map(quote, rows.columns))
        with _failures():
            self._connection.register(_INSERTED, rows.to_arrow())
            try:
                self._connection.execute(f"insert into {name} ({listed}) select {listed} from {_INSERTED}")
            finally:
                self._connection.unregister(_INSERTED)

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Undo at the end whatever is inserted meanwhile."""
        self._connection.execute("begin")
        try:
            yield
        finally:
            self._connection.execute("rollback")

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Interrupt the query that runs after these seconds."""
        timer = Timer(seconds, self._connection.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()  # else it may drop the connection last, and abort a process that ends


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise QueryError(str(error).strip().partition("\n")[0]) from error
