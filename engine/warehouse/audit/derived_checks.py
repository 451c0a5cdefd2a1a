"""Checks of values that follow from others: NULL by null_when, counts of children, and columns along a tree."""

from __future__ import annotations

from collections.abc import Iterator

from engine.rules.derived.row_sql import RowSql, row_sql
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind
from engine.sql.quoting import quote
from engine.warehouse.audit.column_checks import Check, counted
from engine.warehouse.loading.layout import stored_name

_SHOWN = 60


def derived_checks(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> Iterator[Check]:
    """Yield the checks of a column's null_when, and of an expression that reads a count or the row's tree."""
    name = f"t.{quote(column.name)}"
    if column.null_when is not None:
        condition = row_sql(schema, table, column, column.null_when, stored_name)
        if condition is not None:
            holds = f"{name} is not null and coalesce(({condition.sql}), false)"
            yield _none("null_when", table, column, f"NULL when {column.null_when}", holds)
    found = _told_by_sql(schema, table, column)
    if found is not None:
        value = f"cast(({found.sql}) as {column.type.duckdb})"
        if column.type.length is not None:
            value = f"left({value}, {column.type.length})"
        wrong = f"{name} is distinct from {value}"
        if column.has_null_condition or column.null_fraction:
            wrong = f"{name} is not null and {wrong}"
        yield _none("expression", table, column, column.expression or "", wrong)


def is_told_by_sql(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> bool:
    """Return whether `derived_checks` proves the column's expression: it counts children or follows a tree."""
    return _told_by_sql(schema, table, column) is not None


def _told_by_sql(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> RowSql | None:
    if column.expression is None or column.type.kind is Kind.FLOAT:
        return None
    found = row_sql(schema, table, column, column.expression, stored_name)
    return found if found is not None and not found.own and (found.counts or found.climbs) else None


def _none(name: str, table: TableSchema, column: ColumnSchema, expected: str, condition: str) -> Check:
    """Return the check that no row meets a condition, which may read other tables."""
    shown = expected if len(expected) <= _SHOWN else f"{expected[: _SHOWN - 3]}..."
    sql = f"select count(*) from {stored_name(table)} as t where {condition}"
    return Check(name, table, column.name, shown, sql, lambda found: found == 0, counted, condition, is_query=True)
