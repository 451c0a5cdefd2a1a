"""Where dates come from: the plain date columns behind a column that is computed from other dates."""

from __future__ import annotations

from collections.abc import Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import TIMESTAMPS, Kind

_MAX_STEPS = 12

Place = tuple[TableSchema, ColumnSchema]


def referenced(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> Iterator[Place]:
    """Yield the columns that a column takes its values from: its parent's, or those that its expression reads."""
    key = column.foreign_key
    if key is not None:
        yield from _place(schema, table, (column.name, key.references_column))
        return
    for composite in table.foreign_keys:
        if column.name in composite.columns:
            target = composite.references_columns[composite.columns.index(column.name)]
            yield from _place(schema, table, (column.name, target))
            return
    if column.expression is None:
        return
    try:
        tree = sqlglot.parse_one(column.expression, read=schema.dialect or "duckdb")
    except SqlglotError:
        return
    for read in tree.find_all(exp.Column):
        yield from _place(schema, table, tuple(part.name for part in read.parts))
    for dot in tree.find_all(exp.Dot):
        if not isinstance(dot.parent, exp.Dot):
            yield from _place(schema, table, tuple(part.name for part in dot.parts))


def _place(schema: ExperimentSchema, table: TableSchema, names: tuple[str, ...]) -> Iterator[Place]:
    try:
        for name in names[:-1]:
            if name.casefold() in ("next", "previous", "first", "last"):
                continue
            table = _parent(schema, table, table.column(name))
        yield table, table.column(names[-1])
    except KeyError:
        return


def _parent(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> TableSchema:
    if column.foreign_key is not None:
        return schema.table(column.foreign_key.references_table, within=table.schema_name)
    for key in table.foreign_keys:
        if column.name in key.columns:
            return schema.table(key.references_table, within=table.schema_name)
    return table


def date_origins(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> list[Place]:
    """Return the date columns without an expression from which a column is computed, itself if it is one."""
    found: dict[tuple[str, str], Place] = {}
    seen: set[tuple[str, str]] = set()
    open_places = [(table, column, 0)]
    while open_places:
        table, column, steps = open_places.pop()
        if (table.key, column.name) in seen or steps > _MAX_STEPS:
            continue
        seen.add((table.key, column.name))
        before = list(referenced(schema, table, column))
        is_date = column.type.kind is Kind.DATE or column.type.kind in TIMESTAMPS
        if is_date and column.expression is None and not before:
            found[table.key, column.name] = (table, column)
        open_places += [(parent, origin, steps + 1) for parent, origin in before]
    return list(found.values())
