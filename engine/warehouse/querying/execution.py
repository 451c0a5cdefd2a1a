"""Execution of one query in a session: its result as Arrow, or an error with its position and a hint.

`sql()` streams rows, so a limit costs only the rows it lets through; `execute()` runs only when a query fails, because
only it reports the position.
"""

from __future__ import annotations

import time

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from engine.errors import QueryError
from engine.sql.translation import Translation
from engine.warehouse.querying.binding import bind
from engine.warehouse.querying.csv_stream import CsvStream, open_csv_stream
from engine.warehouse.querying.deadline import Deadline
from engine.warehouse.querying.page import COUNTING_SECONDS, Page
from engine.warehouse.querying.query_text import QueryText
from engine.warehouse.querying.request import Question
from engine.warehouse.querying.result import QueryResult, ResultColumn
from engine.warehouse.querying.session import (
    Attachment,
    Session,
    WarehouseGoneError,
    experiments_named_in,
    open_session,
)
from engine.warehouse.querying.statement import statement_of

__all__ = [
    "Attachment",
    "CsvStream",
    "QueryResult",
    "ResultColumn",
    "Session",
    "WarehouseGoneError",
    "experiments_named_in",
    "open_csv_stream",
    "open_session",
    "run_query",
]

_BATCH_ROWS = 100_000
_MAX_LIMIT = 2**62
_ALL = Page()
# Types that Arrow and Polars hold natively; all others become text.
_NATIVE = frozenset(
    "boolean tinyint smallint integer bigint utinyint usmallint uinteger ubigint hugeint float double decimal varchar "
    "blob date time timestamp timestamp_s timestamp_ms timestamp_ns uuid enum null".split()
) | {"timestamp with time zone"}
_NATIVE_INSIDE = frozenset(kind for kind in _NATIVE if "time" not in kind) - {"date", "hugeint", "enum"}
_NESTED = frozenset({"list", "array", "struct"})


def run_query(
    session: Session, sql: str | Translation | Question, *, page: Page = _ALL, timeout_seconds: float | None = None
) -> QueryResult:
    """Run the one statement of `sql` and return the rows of the page; the session stays open.

    The time limit defaults to the session's settings. Raises `QueryError` for anything but one read-only statement,
    for DuckDB errors, and at the time limit.
    """
    started = time.perf_counter()
    text = statement_of(session, sql)
    notes = (*text.notes, sql.note) if isinstance(sql, Question) and sql.note else text.notes
    seconds = session.settings.query_timeout_seconds if timeout_seconds is None else timeout_seconds
    with Deadline(session, seconds).running(text):
        relation = bind(session, text)
        columns = tuple(
            ResultColumn(name, str(kind).strip('"'))
            for name, kind in zip(relation.columns, relation.types, strict=True)
        )
        table = _fetch_rows(limit_to_page(relation, page), page.limit)
    taken = time.perf_counter() - started
    truncated = page.limit is not None and table.num_rows > page.limit
    if truncated:
        table = table.slice(0, page.limit)
    is_past_all = page.offset > 0 and table.num_rows == 0
    total = None if truncated or is_past_all else page.offset + table.num_rows
    if page.is_counted and total is None:
        total = _count_rows(session, text, relation)
    return QueryResult(
        _narrow_columns(table, columns), columns, taken, text.statement, truncated, notes, page.offset, total
    )


def limit_to_page(relation: duckdb.DuckDBPyRelation, page: Page) -> duckdb.DuckDBPyRelation:
    """Limit a relation to the page and one more row; DuckDB then sorts only these rows."""
    if page.limit is None and not page.offset:
        return relation
    return relation.limit(_MAX_LIMIT if page.limit is None else page.limit + 1, page.offset)


def _count_rows(session: Session, text: QueryText, relation: duckdb.DuckDBPyRelation) -> int | None:
    """Count all rows of a result; None if that takes longer than `COUNTING_SECONDS`."""
    try:
        with Deadline(session, COUNTING_SECONDS).running(text):
            [(rows,)] = relation.aggregate("count(*)").fetchall()
    except QueryError:
        return None
    return int(rows)


def _fetch_rows(relation: duckdb.DuckDBPyRelation, limit: int | None) -> pa.Table:
    """Fetch the rows, up to one more than the limit."""
    batch_rows = _BATCH_ROWS if limit is None else min(_BATCH_ROWS, limit + 1)
    batches: list[pa.RecordBatch] = []
    rows = 0
    with cast_unsupported(relation).to_arrow_reader(batch_rows) as reader:
        schema = reader.schema
        for batch in reader:
            batches.append(batch)
            rows += batch.num_rows
            if limit is not None and rows > limit:
                break
    return pa.Table.from_batches(batches, schema)


def cast_unsupported(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Cast columns that Arrow or Polars cannot hold to text; columns go by position, as headers may repeat."""
    if all(_is_native(kind) for kind in relation.types):
        return relation
    columns = (
        f"{f'#{index + 1}' if _is_native(kind) else f'cast(#{index + 1} as varchar)'} as c{index}"
        for index, kind in enumerate(relation.types)
    )
    return relation.project(", ".join(columns))


def _is_native(kind: duckdb.sqltypes.DuckDBPyType, *, is_inside: bool = False) -> bool:
    if kind.id in _NESTED:
        children = [child for _, child in kind.children if isinstance(child, duckdb.sqltypes.DuckDBPyType)]
        return all(_is_native(child, is_inside=True) for child in children)
    return kind.id in (_NATIVE_INSIDE if is_inside else _NATIVE)


def _narrow_columns(table: pa.Table, columns: tuple[ResultColumn, ...]) -> pa.Table:
    """Narrow 128-bit integers to 64 bits where they fit, and set the headers."""
    for index, column in enumerate(columns):
        if column.type == "HUGEINT":
            table = table.set_column(index, column.name, _narrow(table.column(index)))
    return table.rename_columns([column.name for column in columns])


def _narrow(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return 128-bit integers as 64-bit ones, else as DECIMAL(38, 0), else as text: they have up to 39 digits."""
    try:
        return column.cast(pa.int64())
    except pa.ArrowInvalid:
        bounds = pc.min_max(column).as_py()
        fits = max(abs(bounds["min"]), abs(bounds["max"])) < 10**38
        return column if fits else column.cast(pa.string())
