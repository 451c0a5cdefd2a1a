"""Redundant references: a measurement has a person and a visit, and the visit has a person, which must be the same."""

from __future__ import annotations

from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.schema.models import ColumnSchema, TableSchema


def suggest_shared_parents(draft: SchemaDraft) -> None:
    """Suggest, for a key to a table that the parent of another key references too, the parent of that one.

    Only where the names are the same and there is one way: each of a transfer's two accounts has a customer.
    """
    for table in draft.tables:
        for column in draft.columns(table):
            key = column.foreign_key
            if key is None or key.spread is not None or key.distribution is not None or key.where is not None:
                continue
            if key.unique or key.through is not None or table.is_unique(column) or _is_in_key(table, column):
                continue
            via = find_via(draft, table, column)
            if via is not None and not _comes_back(draft, table, column, via):
                because = f"The same as {via.name}.{column.name}."
                draft.suggest_key(table, column.name, {"through": via.name}, because)


def find_via(draft: SchemaDraft, table: TableSchema, column: ColumnSchema) -> ColumnSchema | None:
    """Return the only other key column whose parent has the column too, as a key to the same table."""
    target = draft.parent_of(table, column)
    found = []
    for other in draft.columns(table):
        middle = draft.parent_of(table, other)
        if target is None or other is column or middle is None or middle.key in (table.key, target.key):
            continue
        keys = [one for one in draft.columns(middle) if _refers_to(draft, middle, one, target)]
        if len(keys) == 1 and keys[0].name.casefold() == column.name.casefold():
            found.append(other)
    return found[0] if len(found) == 1 else None


def _comes_back(draft: SchemaDraft, table: TableSchema, column: ColumnSchema, via: ColumnSchema) -> bool:
    """Return whether the parent's column takes its value, through any number of keys, from this very column.

    A store has the address of its manager, or a manager that of the store, but not both.
    """
    here: tuple[TableSchema, ColumnSchema] | None = _column_of_parent(draft, table, via, column)
    seen = set()
    while here is not None and here[0].key not in seen:
        middle, same = here
        if middle.key == table.key:
            return True
        seen.add(middle.key)
        key = draft.column(middle, same.name).foreign_key
        path = key.through if key is not None else None
        here = _column_of_parent(draft, middle, draft.column(middle, path), same) if path else None
    return False


def _column_of_parent(
    draft: SchemaDraft, table: TableSchema, via: ColumnSchema, column: ColumnSchema
) -> tuple[TableSchema, ColumnSchema] | None:
    """Return the parent that a key leads to, with its column of the same name."""
    parent = draft.parent_of(table, via)
    return None if parent is None else (parent, draft.column(parent, column.name))


def _refers_to(draft: SchemaDraft, table: TableSchema, column: ColumnSchema, target: TableSchema) -> bool:
    parent = draft.parent_of(table, column)
    return parent is not None and parent.key == target.key


def _is_in_key(table: TableSchema, column: ColumnSchema) -> bool:
    return any(column.name.casefold() in map(str.casefold, group) for group in table.composite_keys)
