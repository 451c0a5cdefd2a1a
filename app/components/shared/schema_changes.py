"""The changes between two schemas, table by table and column by column, in colour and in words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import streamlit as st

from app.markdown_text import plain
from engine.display.wording import counted
from engine.types import Change

CHANGES_SHOWN = 200
_LONGEST = 100
_COLOURS = {"added": "green", "removed": "red", "renamed": "blue", "moved": "violet", "changed": "orange"}
_WHOLE = frozenset({"added", "removed"})


def schema_changes(changes: Sequence[Change]) -> None:
    """Draw the changes as a table for each table that has any."""
    by_table: dict[str, list[Change]] = {}
    for change in changes[:CHANGES_SHOWN]:
        by_table.setdefault(change.table, []).append(change)
    for table, found in by_table.items():
        lines = [f"**{plain(table) or 'Experiment'}**", "", "| Where | Change | Before | After |", "|---|---|---|---|"]
        st.markdown("\n".join([*lines, *map(_line, found)]))
    if len(changes) > CHANGES_SHOWN:
        st.caption(f"… and {counted(len(changes) - CHANGES_SHOWN, 'more change')}.")


def _line(change: Change) -> str:
    where = plain(change.column) if change.column else "*table*" if change.table else "*experiment*"
    key = f" {plain(change.key)}" if change.key else ""
    badge = f":{_COLOURS[change.kind]}-badge[{change.kind}]{key}"
    return f"| {where} | {badge} | {_shown(change, change.old)} | {_shown(change, change.new)} |"


def _shown(change: Change, value: Any) -> str:
    if value is None:
        return ""
    if change.kind in _WHOLE and isinstance(value, dict):
        columns = value.get("columns")
        return counted(len(columns), "column") if columns is not None else plain(str(value.get("data_type", "")))
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split())
    return plain(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")
