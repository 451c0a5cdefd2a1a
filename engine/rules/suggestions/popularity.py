"""How often the rows of a fact refer to each of its parents: few are popular and most are not."""

from __future__ import annotations

from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind

_EXPONENT = 0.7
_POPULARITY = {"type": "zipf", "parameters": {"s": _EXPONENT}}
_MOST_PARTS_OF_A_DATE = 2
_PARTS = ("year", "month", "quarter", "week", "weekday", "day", "hour", "minute")


def suggest_popularity(draft: SchemaDraft) -> None:
    """Suggest a skewed popularity for the parents of each table of facts."""
    for table in draft.tables:
        if not _holds_facts(draft, table):
            continue
        for column in draft.columns(table):
            parent = draft.parent_of(table, column)
            if parent is None or parent is table or not _can_be_skewed(table, column) or _is_calendar(parent):
                continue
            because = f"Some rows of {parent.name} are referred to more often."
            draft.suggest_key(table, column.name, {"distribution": _POPULARITY}, because)


def _holds_facts(draft: SchemaDraft, table: TableSchema) -> bool:
    """Return whether a table records what happened: it refers to others, and has a time or a number of its own."""
    columns = draft.columns(table)
    own = [column for column in columns if column.foreign_key is None and not table.is_unique(column)]
    measures = [column for column in own if column.type.kind in (Kind.DECIMAL, Kind.FLOAT) and column.type.scale > 0]
    times = [column for column in own if column.type.kind is Kind.DATE or column.type.kind in TIMESTAMPS]
    numbers = [column for column in own if column.type.kind in NUMERIC]
    return any(column.foreign_key for column in columns) and bool(measures or times or len(numbers) > 1)


def _can_be_skewed(table: TableSchema, column: ColumnSchema) -> bool:
    key = column.foreign_key
    if key is not None and key.through is not None:
        return False
    if key is None or key.unique or key.spread is not None or key.distribution is not None or table.is_unique(column):
        return False
    return not any(column.name.casefold() in map(str.casefold, group) for group in table.composite_keys)


def _is_calendar(table: TableSchema) -> bool:
    found = {part for column in table.columns for part in _PARTS if part in column.name.casefold()}
    return len(found) > _MOST_PARTS_OF_A_DATE
