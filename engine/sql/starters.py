"""A first query for an experiment, made from its schema: what a person would ask of such tables first.

By preference: a figure per month (the chart is a line), rows per category (bars), the first rows of the largest table.
"""

from __future__ import annotations

from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind
from engine.sql.quoting import quote_if_needed

_FIRST_ROWS = 100
_MONEY = ("amount", "total", "revenue", "price", "sales")
_MOMENTS = frozenset({Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ})


def first_query(schema: ExperimentSchema) -> str:
    """Return a query that shows something of the experiment at once."""
    tables = sorted(schema.tables, key=_interest, reverse=True)
    for table in tables:
        moment = next((column for column in table.columns if column.type.kind in _MOMENTS), None)
        if moment is not None and _has_parents(table):
            return _by_month(schema, table, moment)
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


def _by_month(schema: ExperimentSchema, table: TableSchema, moment: ColumnSchema) -> str:
    amount = _amount(table)
    figures = [f"count(*) AS {quote_if_needed(table.name)}"]
    if amount is not None:
        figures.insert(0, f"sum({quote_if_needed(amount.name)}) AS {quote_if_needed(amount.name)}")
    lines = [f"    {figure}" for figure in figures]
    return "\n".join(
        [
            "SELECT",
            f"    date_trunc('month', {quote_if_needed(moment.name)})::date AS month,",
            ",\n".join(lines),
            f"FROM {table_name(schema, table)}",
            "GROUP BY month",
            "ORDER BY month",
        ]
    )


def _by_category(schema: ExperimentSchema, table: TableSchema, category: ColumnSchema) -> str:
    name = quote_if_needed(category.name)
    return (
        f"SELECT\n    {name},\n    count(*) AS {quote_if_needed(table.name)}\n"
        f"FROM {table_name(schema, table)}\nGROUP BY {name}\nORDER BY 2 DESC"
    )


def _interest(table: TableSchema) -> tuple[bool, int]:
    """Rank tables: those with a sum of money first, then by their rows."""
    amount = _amount(table)
    return amount is not None and _is_money(amount), table.target_rows or 0


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
    return max(figures, key=_is_money, default=None)


def _is_money(column: ColumnSchema) -> bool:
    return any(word in column.name.casefold() for word in _MONEY)
