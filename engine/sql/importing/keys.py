"""Primary keys and unique constraints of the drafts, resolved at the end of the script.

A key of one column makes it unique and required. A key of several columns is unique as a tuple; if it is the primary
key, the table gets a surrogate column with row numbers, since the workbench identifies a row by one column.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.schema.models import SURROGATE_KEY
from engine.schema.types import Kind
from engine.sql.importing.notes import ImportLog
from engine.sql.importing.table_drafts import ColumnDraft, KeyDraft, TableDraft

_NEVER_UNIQUE = frozenset({Kind.BOOLEAN, Kind.JSON})


@dataclass
class TableKeys:
    """The keys of a table, as folded column names in key order."""

    unique: set[str] = field(default_factory=set)
    required: set[str] = field(default_factory=set)
    primary: list[str] = field(default_factory=list)
    composite: list[list[str]] = field(default_factory=list)
    surrogate: str = ""

    def has_composite(self, columns: list[str]) -> bool:
        """Return whether these columns, in any order, are a key."""
        return any(set(key) == set(columns) for key in self.composite)

    def add_composite(self, columns: list[str]) -> None:
        """Make the columns unique as a tuple, and required."""
        if not self.has_composite(columns):
            self.composite.append(columns)
        self.required |= set(columns)


def resolve_keys(table: TableDraft, log: ImportLog) -> TableKeys:
    """Return the keys of the table; add a note for each key ignored."""
    keys = TableKeys(required={c.identifier.folded for c in table.columns if c.required})
    for key in sorted(table.keys, key=lambda key: not key.is_primary):
        columns = _find_columns(table, key, log)
        if not columns:
            continue
        names = [column.identifier.folded for column in columns]
        if key.is_primary and keys.primary:
            if names != keys.primary:
                _note(key, log, "Second primary key imported as a unique key")
        elif key.is_primary:
            keys.primary = names
        _add_key(keys, key, columns, log)
    if len(keys.primary) > 1:
        keys.surrogate = _choose_surrogate_name(table)
    return keys


def explain_surrogate(table: TableDraft, keys: TableKeys) -> str:
    """Return the warning for the surrogate column of a composite primary key."""
    names = ", ".join(column_name(table, name) for name in keys.primary)
    return f"Composite key ({names}) kept unique. A `{keys.surrogate}` column was added as the single-column key."


def column_name(table: TableDraft, folded: str) -> str:
    """Return the name of a column in its declared case."""
    column = table.column(folded)
    return column.identifier.name if column is not None else folded


def _find_columns(table: TableDraft, key: KeyDraft, log: ImportLog) -> list[ColumnDraft]:
    """Return the distinct columns of a key; empty when the table lacks one of them."""
    columns: dict[str, ColumnDraft] = {}
    for name in key.columns:
        column = table.column(name.folded)
        if column is None:
            _note(key, log, f"Key ignored: {table.key} has no column {name.name}")
            return []
        columns[name.folded] = column
    return list(columns.values())


def _add_key(keys: TableKeys, key: KeyDraft, columns: list[ColumnDraft], log: ImportLog) -> None:
    names = [column.identifier.folded for column in columns]
    if len(names) == 1 and columns[0].type.kind in _NEVER_UNIQUE:
        kind = columns[0].type.data_type
        _note(key, log, f"Key ignored: {columns[0].identifier.name} is {kind}, which cannot be unique")
        keys.primary = [] if keys.primary == names else keys.primary
        return
    nullable = [column.identifier.name for column in columns if column.identifier.folded not in keys.required]
    if nullable and not key.is_primary:
        _note(key, log, f"NOT NULL added, as unique columns must be required: {', '.join(nullable)}")
    keys.required |= set(names)
    if len(names) == 1:
        keys.unique |= set(names)
    else:
        keys.add_composite(names)


def _choose_surrogate_name(table: TableDraft) -> str:
    name, number = SURROGATE_KEY, 1
    while table.column(name) is not None:
        number += 1
        name = f"{SURROGATE_KEY}_{number}"
    return name


def _note(key: KeyDraft, log: ImportLog, message: str) -> None:
    log.add(key.place, "warning", f"{message}.")
