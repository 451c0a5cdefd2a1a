"""Bridges: a key of two foreign keys, such as the employees of a sale or the sections of a student: 1 to n for each.

The fan-out belongs to the larger table; the rows of the other are different for each row of it, the popular ones more
often.
"""

from __future__ import annotations

from engine.rules.suggestions.key_graph import KeyGraph
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.table_kinds import Role, TableKind, kind_of
from engine.schema.models import ColumnSchema, TableSchema

_ROWS = (1, 4)
_FEWEST_PARTNERS = 10
_POPULARITY = {"type": "zipf", "parameters": {"s": 0.7}}
_SIZES = {Role.EVENT: 3, Role.ENTITY: 2, Role.FOLLOWING: 2, Role.PLAIN: 1, Role.FIXED: 0}


def suggest_bridges(draft: SchemaDraft, graph: KeyGraph) -> None:
    """Suggest a fan-out for the larger parent of each table whose key is two foreign keys."""
    for table in draft.tables:
        if draft.rows(table) is not None or draft.given_rows(table) or len(table.composite_keys) != 1:
            continue
        parents = _parents_in_key(draft, table)
        if parents is None:
            continue
        (owner, large), (partner, small) = sorted(parents, key=lambda each: _size(draft, each[1], graph), reverse=True)
        if large.key == small.key or Role.FIXED in (kind_of(large, graph).role, kind_of(small, graph).role):
            continue  # a calendar or a lookup: a snapshot, or properties
        if _rows(draft, small, kind_of(small, graph)) < _FEWEST_PARTNERS:
            continue
        low, high = _ROWS
        because = f"A bridge: {low} to {high} rows for each row of {large.key}, with different {partner.name}."
        if draft.suggest_key(table, owner.name, {"fan_out": _ROWS}, because):
            popular = f"A few rows of {small.name} are referred to far more often than the others."
            draft.suggest_key(table, partner.name, {"distribution": _POPULARITY}, popular)


def _parents_in_key(draft: SchemaDraft, table: TableSchema) -> list[tuple[ColumnSchema, TableSchema]] | None:
    """Return the two foreign keys that are the key, with their parents; None where they are not free."""
    (group,) = table.composite_keys
    columns = [draft.column(table, name) for name in group]
    keys = [column.foreign_key for column in columns]
    if any(key is not None and (key.spread is not None or key.unique) for key in keys):
        return None
    parents = [(column, draft.parent_of(table, column)) for column in columns]
    found = [(column, parent) for column, parent in parents if parent is not None and parent.key != table.key]
    is_fanned = any(column.foreign_key and column.foreign_key.spread for column in draft.columns(table))
    return found if len(found) == len(columns) == 2 and not is_fanned else None


def _size(draft: SchemaDraft, table: TableSchema, graph: KeyGraph) -> tuple[int, int]:
    kind = kind_of(table, graph)
    return _SIZES[kind.role], _rows(draft, table, kind)


def _rows(draft: SchemaDraft, table: TableSchema, kind: TableKind) -> int:
    given = draft.given_rows(table)
    declared = draft.rows(table)
    if declared is not None:
        return declared
    if given:
        return given
    return 1000 if kind.role is Role.FOLLOWING else kind.rows
