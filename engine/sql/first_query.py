"""First query of an experiment, chosen from its schema.

In order of preference: totals per month (a line chart), whose date or timestamp may be in a referenced table; rows
per category (bars); the first rows of the largest table.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind
from engine.sql.quoting import quote_if_needed

_FIRST_ROWS = 100
_MONEY_WORDS = ("price", "sales", "amount", "total", "revenue")  # better sums come later
_DATE_KINDS = frozenset({Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ})


@dataclass(frozen=True)
class _DatedTable:
    """A table with the date or timestamp of its rows: its own column, or one of the parent that `key` references."""

    table: TableSchema
    date: ColumnSchema
    key: ColumnSchema | None = None
    parent: TableSchema | None = None


def first_query(schema: ExperimentSchema) -> str:
    """Return an example query for the experiment."""
    tables = sorted(schema.tables, key=lambda table: _rank_table(schema, table), reverse=True)
    dated = next(filter(None, (_find_dates(schema, table) for table in tables)), None)
    if dated is not None:
        return _build_monthly_query(schema, dated)
    for table in tables:
        category = next((column for column in table.columns if column.values), None)
        if category is not None:
            return _build_category_query(schema, table, category)
    return first_rows_query(schema, max(schema.tables, key=lambda table: table.target_rows or 0))


def first_rows_query(schema: ExperimentSchema, table: TableSchema) -> str:
    """Return the query for the first rows of a table."""
    return f"SELECT *\nFROM {table_name(schema, table)}\nLIMIT {_FIRST_ROWS}"


def table_name(schema: ExperimentSchema, table: TableSchema) -> str:
    """Return the table name for SQL in its experiment, qualified only when ambiguous."""
    named = [other for other in schema.tables if other.name.casefold() == table.name.casefold()]
    if len(named) > 1 and table.schema_name:
        return f"{quote_if_needed(table.schema_name)}.{quote_if_needed(table.name)}"
    return quote_if_needed(table.name)


def _find_dates(schema: ExperimentSchema, table: TableSchema) -> _DatedTable | None:
    """Return the table with its date or timestamp; None for a table without parents, such as a list of products."""
    own = _find_date(table)
    if own is not None:
        return _DatedTable(table, own) if _has_parents(table) else None
    for key in table.columns:
        parent = _find_parent(schema, table, key)
        date = None if parent is None or parent is table else _find_date(parent)
        if date is not None:
            return _DatedTable(table, date, key, parent)
    return None


def _find_date(table: TableSchema) -> ColumnSchema | None:
    return next((column for column in table.columns if column.type.kind in _DATE_KINDS), None)


def _find_parent(schema: ExperimentSchema, table: TableSchema, key: ColumnSchema) -> TableSchema | None:
    reference = key.foreign_key
    return None if reference is None else schema.table(reference.references_table, within=table.schema_name)


def _build_monthly_query(schema: ExperimentSchema, dated: _DatedTable) -> str:
    table, amount = dated.table, _find_amount(dated.table)
    reference = None if dated.key is None else dated.key.foreign_key
    source, own, other = table_name(schema, table), "", ""
    if dated.parent is not None and dated.key is not None and reference is not None:
        parent = table_name(schema, dated.parent)
        own, other = f"{source}.", f"{parent}."
        keys = f"{other}{quote_if_needed(reference.references_column)} = {own}{quote_if_needed(dated.key.name)}"
        source += f"\nJOIN {parent} ON {keys}"
    values = [f"date_trunc('month', {other}{quote_if_needed(dated.date.name)})::date AS month"]
    if amount is not None:
        values.append(f"sum({own}{quote_if_needed(amount.name)}) AS {quote_if_needed(amount.name)}")
    values.append(f"count(*) AS {quote_if_needed(table.name)}")
    selected = ",\n".join(f"    {value}" for value in values)
    return f"SELECT\n{selected}\nFROM {source}\nGROUP BY ALL\nORDER BY month"


def _build_category_query(schema: ExperimentSchema, table: TableSchema, category: ColumnSchema) -> str:
    name = quote_if_needed(category.name)
    return (
        f"SELECT\n    {name},\n    count(*) AS {quote_if_needed(table.name)}\n"
        f"FROM {table_name(schema, table)}\nGROUP BY {name}\nORDER BY 2 DESC"
    )


def _rank_table(schema: ExperimentSchema, table: TableSchema) -> tuple[bool, int]:
    """Rank a table: an amount of money first, then its number of rows or that of its largest parent."""
    amount = _find_amount(table)
    rows = table.target_rows
    if rows is None:
        parents = [_find_parent(schema, table, key) for key in table.columns]
        rows = max((parent.target_rows or 0 for parent in parents if parent is not None), default=0)
    return amount is not None and _rank_amount(amount) > 0, rows


def _has_parents(table: TableSchema) -> bool:
    return bool(table.foreign_keys) or any(column.foreign_key for column in table.columns)


def _find_amount(table: TableSchema) -> ColumnSchema | None:
    """Return the best column to sum, money first: a decimal or float that is not a key."""
    numbers = [
        column
        for column in table.columns
        if column.type.kind in (Kind.DECIMAL, Kind.FLOAT)
        and (column.type.kind is Kind.FLOAT or column.type.scale > 0)
        and column.foreign_key is None
        and not table.is_unique(column)
    ]
    return max(numbers, key=_rank_amount, default=None)


def _rank_amount(column: ColumnSchema) -> int:
    """Return the rank of the column as a sum: 0 when its name does not suggest money."""
    name = column.name.casefold()
    return max((rank for rank, word in enumerate(_MONEY_WORDS, 1) if word in name), default=0)
