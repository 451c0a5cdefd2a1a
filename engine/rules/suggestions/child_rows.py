"""The rows that refer to each row of a table, where they are or can be known: lines, and rows over a plain key."""

from __future__ import annotations

from dataclasses import dataclass

from engine.rules.suggestions.detail_lines import find_header, lines_of_header
from engine.rules.suggestions.key_graph import KeyGraph
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.shared_parents import find_via
from engine.rules.suggestions.table_kinds import stem
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.relations import bounds_of


@dataclass(frozen=True)
class ChildRows:
    """A table whose rows refer to a parent's by one column; `most` are a parent's lines at most, 0 if unknown."""

    table: TableSchema
    key: ColumnSchema
    most: int

    @property
    def path(self) -> str:
        """The table and the key, as a roll-up names them."""
        return f"{self.table.key}.{self.key.name}"

    @property
    def stem(self) -> tuple[str, ...]:
        """The words of the table's name in the singular."""
        return stem(self.table)


def list_child_rows(draft: SchemaDraft) -> dict[str, list[ChildRows]]:
    """Return the rows that can be rolled up into each table, by the table's key, in the order of the script.

    They have a fan-out, are lines that will get one (`detail_lines`), or their key can be counted.
    """
    graph = KeyGraph(draft.schema)
    found: dict[str, list[ChildRows]] = {}
    for table in draft.tables:
        if table.rows or draft.given_rows(table):
            continue
        header = find_header(draft, table, graph)
        for column in draft.columns(table):
            parent = draft.parent_of(table, column)
            if parent is None or parent.key == table.key or parent.rows or draft.given_rows(parent):
                continue
            key = column.foreign_key
            if header is not None and header.column.name == column.name:
                rows = ChildRows(table, column, lines_of_header(table, header)[1])
            elif key is not None and key.spread is not None:
                rows = ChildRows(table, column, bounds_of(key.spread)[1])
            elif can_be_counted(draft, table, column):
                rows = ChildRows(table, column, 0)
            else:
                continue
            found.setdefault(parent.key, []).append(rows)
    return found


def can_be_counted(draft: SchemaDraft, table: TableSchema, column: ColumnSchema) -> bool:
    """Return whether a foreign key draws freely and alone, so that its rows can be counted."""
    key = column.foreign_key
    if key is None or key.unique or key.spread is not None or key.where is not None or key.through is not None:
        return False
    if table.is_unique(column) or column.same_within is not None or column.has_null_condition:
        return False
    groups = [*table.composite_keys, *(one.columns for one in table.foreign_keys)]
    if any(column.name.casefold() in map(str.casefold, group) for group in groups):
        return False
    return find_via(draft, table, column) is None


def count_read_keys(draft: SchemaDraft) -> None:
    """Make the keys countable over which suggested roll-ups read rows."""
    schema = draft.schema
    for table in draft.tables:
        for column in draft.columns(table):
            if not column.suggested or column.rollup is None:
                continue
            name, key = column.rollup.source
            child, what = schema.table(name, within=table.schema_name), f"{table.name}.{column.name}"
            reference = draft.column(child, key)
            if can_be_counted(draft, child, reference) and reference.foreign_key and not reference.foreign_key.counted:
                draft.suggest_key(child, key, {"counted": True}, f"Counted, as {what} reads the rows of each parent.")
