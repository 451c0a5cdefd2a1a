"""Balances over movements: the balance after a transaction is the running total of the amounts of its account."""

from __future__ import annotations

from engine.rules.suggestions.child_rows import ChildRows
from engine.rules.suggestions.number_words import ends_with, number_words
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.table_kinds import stem
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.rollups import Rollup, Running
from engine.schema.types import Kind

_HOLDERS = frozenset("account wallet ledger balance member membership purse pot portfolio subaccount".split())
_MOVEMENTS = (1, 20)
_EXACT = frozenset({Kind.INTEGER, Kind.DECIMAL})
_AFTER = (
    "balance after", "balance after amount", "running balance", "running balance amount", "running total",
    "new balance", "resulting balance", "balance after transaction", "cumulative amount", "running amount",
)  # fmt: skip
_NOW = ("balance", "balance amount", "current balance", "current balance amount", "account balance", "point balance",
        "points balance", "total balance")  # fmt: skip
_OPENING = ("opening balance", "initial balance", "starting balance", "start balance", "opening amount")
_MOVED = frozenset(
    {
        ("amount",), ("transaction", "amount"), ("movement", "amount"), ("movement",), ("point",), ("points",),
        ("delta",), ("change",), ("change", "amount"), ("net", "amount"), ("quantity", "change"), ("value",),
        ("points", "delta"), ("points", "change"), ("movement", "quantity"), ("quantity", "delta"),
        ("signed", "amount"), ("posted", "amount"), ("booking", "amount"),
    }
)  # fmt: skip


def suggest_balances(draft: SchemaDraft, children: dict[str, list[ChildRows]]) -> None:
    """Suggest running totals in tables of movements, and the balance of a row as the total of its movements.

    A row with an opening balance keeps its other balances: they are the opening one and all movements.
    """
    for parent in draft.tables:
        for rows in children.get(parent.key, ()):
            if stem(parent)[-1] not in _HOLDERS and _exact(draft, parent, _NOW + _OPENING) is None:
                continue
            moved = _moved(draft, rows.table)
            after = _exact(draft, rows.table, _AFTER)
            if moved is None or after is None or moved.type.scale > after.type.scale:
                continue
            opening = _exact(draft, parent, _OPENING)
            if _suggest_running(draft, rows, after, moved, opening) and opening is None:
                now = _exact(draft, parent, _NOW)
                if now is not None and moved.type.scale <= now.type.scale:
                    because = f"The sum of {moved.name} of the rows of {rows.table.name} that refer to it."
                    total = Rollup.model_validate({"of": rows.path, "sum": moved.name})
                    draft.suggest(parent, now.name, {"rollup": total}, because)
                break


def _suggest_running(
    draft: SchemaDraft, rows: ChildRows, after: ColumnSchema, moved: ColumnSchema, opening: ColumnSchema | None
) -> bool:
    start = None
    if opening is not None and not opening.is_nullable and opening.type.scale <= after.type.scale:
        start = f"{rows.key.name}.{opening.name}"
    if rows.key.is_nullable and not after.is_nullable:
        return False
    if not rows.most and not _suggest_order(draft, rows):
        return False
    running = Running.model_validate({"sum": moved.name, "within": rows.key.name, "start": start})
    upon = f" on top of {start}" if start else ""
    because = f"The total of {moved.name} up to the row, for each {rows.key.name}{upon}."
    return draft.suggest(rows.table, after.name, {"running": running}, because)


def _suggest_order(draft: SchemaDraft, rows: ChildRows) -> bool:
    """Suggest that the rows of a parent follow each other, so that their order shows; a counted key mixes them."""
    keys = (column.foreign_key for column in draft.columns(rows.table) if column.foreign_key is not None)
    if any(key.spread is not None for key in keys) or any(key.spread is not None for key in rows.table.foreign_keys):
        return False
    low, high = _MOVEMENTS
    because = f"{low} to {high} rows for each row of its table, one after the other, as a balance is kept."
    return draft.suggest_key(rows.table, rows.key.name, {"fan_out": _MOVEMENTS}, because)


def _moved(draft: SchemaDraft, table: TableSchema) -> ColumnSchema | None:
    """Return the only number of a table that says by how much a balance changes."""
    found = [
        column
        for column in draft.columns(table)
        if column.type.kind in _EXACT and column.foreign_key is None and number_words(column.name, table.name) in _MOVED
    ]
    return found[0] if len(found) == 1 else None


def _exact(draft: SchemaDraft, table: TableSchema, endings: tuple[str, ...]) -> ColumnSchema | None:
    """Return the only free exact number of a table whose name ends so."""
    found = [
        column
        for column in draft.columns(table)
        if column.type.kind in _EXACT and ends_with(number_words(column.name, table.name), *endings)
    ]
    return found[0] if len(found) == 1 else None
