"""A first query for an experiment, made from its schema: what a person would ask of such tables first.

By preference: a figure per month (the chart is a line), whose moment may stand in a table that is referenced; rows per
category (bars); the first rows of the largest table.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind
from engine.sql.quoting import quote_if_needed

_FIRST_ROWS = 100
_MONEY = ("price", "sales", "amount", "total", "revenue")  # what is better added up comes later
_MOMENTS = frozenset({Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ})


@dataclass(frozen=True)
class _Timed:
    """A table with the moment of its rows, in a column of its own or of the parent that its column `key` references."""

    table: TableSchema
    moment: ColumnSchema
    key: ColumnSchema | None = None
    parent: TableSchema | None = None


def first_query(schema: ExperimentSchema) -> str:
    """Return a query that shows something of the experiment at once."""
    tables = sorted(schema.tables, key=lambda table: _interest(schema, table), reverse=True)
    timed = next(filter(None, (_timed(schema, table) for table in tables)), None)
    if timed is not None:
        return _by_month(schema, timed)
    for table in tables:
        category = next((column for column in table.columns if column.values), None)
        if category is not None:
            return _by_category(schema, table, category)
    return rows_of(schema, max(schema.tables, key=lambda table: table.target_rows or 0))


def rows_of(schema: ExperimentSchema, table: TableSchema) -> str:
    """Return the query for the first rows of a table."""
    return f"SELECT *\nFROM {table_name(schema, table)}\nLIMIT {_FIRST_ROWS}"


def table_name(schema: ExperimentSchema, table: TableSchema) -> str:
    """Return the table as it is written in SQL inside its experiment: with its schema only when that is needed."""
    named = [other for other in schema.tables if other.name.casefold() == table.name.casefold()]
    if len(named) > 1 and table.schema_name:
        return f"{quote_if_needed(table.schema_name)}.{quote_if_needed(table.name)}"
    return quote_if_needed(table.name)


def _timed(schema: ExperimentSchema, table: TableSchema) -> _Timed | None:
    """Return when the rows of a table happened; None for a table without parents, which lists things."""
    own = _moment(table)
    if own is not None:
        return _Timed(table, own) if _has_parents(table) else None
    for key in table.columns:
        parent = _parent(schema, table, key)
        moment = None if parent is None or parent is table else _moment(parent)
        if moment is not None:
            return _Timed(table, moment, key, parent)
    return None


def _moment(table: TableSchema) -> ColumnSchema | None:
    return next((column for column in table.columns if column.type.kind in _MOMENTS), None)


def _parent(schema: ExperimentSchema, table: TableSchema, key: ColumnSchema) -> TableSchema | None:
    reference = key.foreign_key
    return None if reference is None else schema.table(reference.references_table, within=table.schema_name)


def _by_month(schema: ExperimentSchema, timed: _Timed) -> str:
    table, amount = timed.table, _amount(timed.table)
    reference = None if timed.key is None else timed.key.foreign_key
    source, own, other = table_name(schema, table), "", ""
    if timed.parent is not None and timed.key is not None and reference is not None:
        parent = table_name(schema, timed.parent)
        own, other = f"{source}.", f"{parent}."
        keys = f"{other}{quote_if_needed(reference.references_column)} = {own}{quote_if_needed(timed.key.name)}"
        source += f"\nJOIN {parent} ON {keys}"
    figures = [f"date_trunc('month', {other}{quote_if_needed(timed.moment.name)})::date AS month"]
    if amount is not None:
        figures.append(f"sum({own}{quote_if_needed(amount.name)}) AS {quote_if_needed(amount.name)}")
    figures.append(f"count(*) AS {quote_if_needed(table.name)}")
    selected = ",\n".join(f"    {figure}" for figure in figures)
    return f"SELECT\n{selected}\nFROM {source}\nGROUP BY ALL\nORDER BY month"


def _by_category(schema: ExperimentSchema, table: TableSchema, category: ColumnSchema) -> str:
    name = quote_if_needed(category.name)
    return (
        f"SELECT\n    {name},\n    count(*) AS {quote_if_needed(table.name)}\n"
        f"FROM {table_name(schema, table)}\nGROUP BY {name}\nORDER BY 2 DESC"
    )


def _interest(schema: ExperimentSchema, table: TableSchema) -> tuple[bool, int]:
    """Rank tables: those with a sum of money first, then by their rows, which may follow from a parent's."""
    amount = _amount(table)
    rows = table.target_rows
    if rows is None:
        parents = [_parent(schema, table, key) for key in table.columns]
        rows = max((parent.target_rows or 0 for parent in parents if parent is not None), default=0)
    return amount is not None and _worth(amount) > 0, rows


def _has_parents(table: TableSchema) -> bool:
    return bool(table.foreign_keys) or any(column.foreign_key for column in table.columns)


def _amount(table: TableSchema) -> ColumnSchema | None:
    """Return the column that is worth adding up, money before the rest: a decimal or float that is no key."""
    figures = [
        column
        for column in table.columns
        if column.type.kind in (Kind.DECIMAL, Kind.FLOAT)
        and (column.type.kind is Kind.FLOAT or column.type.scale > 0)
        and column.foreign_key is None
        and not table.is_unique(column)
    ]
    return max(figures, key=_worth, default=None)


def _worth(column: ColumnSchema) -> int:
    """Return how good a sum the column makes: 0 when it does not look like money."""
    name = column.name.casefold()
    return max((worth for worth, word in enumerate(_MONEY, 1) if word in name), default=0)
