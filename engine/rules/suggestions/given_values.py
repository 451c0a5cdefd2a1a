"""Columns of tables whose rows a script gives in part: further rows draw from the values of the given ones."""

from __future__ import annotations

from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.schema.fields import Cell
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import Kind

_KINDS = (Kind.TEXT, Kind.INTEGER)
_MOST_VALUES = 200


def suggest_given_values(draft: SchemaDraft) -> None:
    """Suggest the values of the given rows for columns of which a table with further rows needs more."""
    for table in draft.tables:
        if not table.rows:
            continue
        for column in list(draft.free_columns(table)):
            if column.type.kind not in _KINDS or table.is_unique(column) or column.foreign_key is not None:
                continue
            values = list(dict.fromkeys(_cells(table, column)))
            if 1 < len(values) <= _MOST_VALUES:
                draft.suggest(table, column.name, {"values": values}, "The values of the rows that the script gives.")


def _cells(table: TableSchema, column: ColumnSchema) -> list[Cell]:
    place = table.columns.index(table.column(column.name))
    cells = [row.get(column.name) if isinstance(row, dict) else row[place] for row in table.rows]
    return [cell for cell in cells if cell is not None]
