"""Assembly of inserted rows: each cell as its column's type has it, without rows that the table cannot hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.display.wording import counted
from engine.schema.fields import Cell, Row
from engine.schema.given_rows import convert_cell, parse_cell
from engine.schema.models import ColumnSchema, TableSchema
from engine.sql.importing.notes import ImportLog
from engine.sql.importing.table_drafts import InsertedRow, TableDraft


@dataclass
class _Refusals:
    """The rows that were left out: how many, and the reason of the first."""

    count: int = 0
    line: int = 0
    reason: str = ""

    def add(self, line: int, reason: str) -> None:
        if self.count == 0:
            self.line, self.reason = line, reason
        self.count += 1


def with_inserted_rows(table: TableSchema, draft: TableDraft, log: ImportLog) -> TableSchema:
    """Return the table with the rows that the script inserts; add notes on them."""
    if not draft.rows:
        return table
    refusals = _Refusals()
    columns = {column.name.casefold(): column for column in table.columns}
    seen: dict[tuple[str, ...], set[tuple[object, ...]]] = {}
    groups = [[column.name] for column in table.columns if table.is_unique(column)] + table.composite_keys
    rows: list[Row] = []
    for inserted in draft.rows:
        fitted, reason = _fit(inserted, columns)
        reason = reason or _find_repeat(fitted, groups, seen)
        if reason:
            refusals.add(inserted.line, reason)
        else:
            rows.append(_build_row(fitted, table.columns))
    if refusals.count:
        found = f"{counted(refusals.count, 'inserted row')} left out; the first, at line {refusals.line}"
        log.add(draft.inserts[0], "warning", f"{found}: {refusals.reason}")
    if rows:
        message = f"{counted(len(rows), 'inserted row')} taken as the first rows of {table.key}, in their order."
        log.add(draft.inserts[0], "info", message)
    return table.model_copy(update={"rows": rows})


def _fit(inserted: InsertedRow, columns: dict[str, ColumnSchema]) -> tuple[dict[str, Cell], str]:
    fitted: dict[str, Cell] = {}
    for name, cell in inserted.cells.items():
        column = columns[name]
        value = convert_cell(cell, column.type)
        if value is None and not column.is_nullable:
            return {}, f"{column.name} is NULL, and the column is NOT NULL."
        try:
            parse_cell(value, column.type)
        except ValueError as error:
            return {}, f"{column.name} {_shown(value)} {error}"
        fitted[column.name] = value
    return fitted, ""


def _shown(value: Cell) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _find_repeat(
    fitted: dict[str, Cell], groups: Sequence[Sequence[str]], seen: dict[tuple[str, ...], set[tuple[object, ...]]]
) -> str:
    """Return why a row cannot be held with those before it: a key repeats, or is not whole."""
    found: list[tuple[tuple[str, ...], tuple[object, ...]]] = []
    for group in groups:
        key = tuple(group)
        if not any(name in fitted for name in group):
            continue
        if not all(name in fitted for name in group):
            return f"it has only some columns of the key ({', '.join(group)})."
        values = tuple(fitted[name] for name in group)
        if values in seen.setdefault(key, set()):
            return f"({', '.join(group)}) repeats the key {', '.join(map(str, values))}."
        found.append((key, values))
    for key, checked in found:
        seen[key].add(checked)
    return ""


def _build_row(fitted: dict[str, Cell], columns: Sequence[ColumnSchema]) -> Row:
    """Return a row in column order if it gives every column, else as an object."""
    if len(fitted) == len(columns):
        return [fitted[column.name] for column in columns]
    return fitted
