"""The SQL editor: CodeMirror as a Streamlit component, with the tables of an experiment for completion.

The browser side is in this package's bundle.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from app.components.shared.sql_editor.assets import component


@dataclass(frozen=True)
class Draft:
    """The content of the editor: its text and the selection, whose bounds count characters."""

    text: str
    selection: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Fault:
    """An error in a text: line and column, both from 1, and its message."""

    text: str
    line: int
    column: int
    message: str


@dataclass(frozen=True)
class TableWords:
    """A table for completion: its name, a detail such as its rows, and its columns with their types."""

    name: str
    detail: str
    columns: Sequence[tuple[str, str]]


def sql_editor(
    draft: str,
    *,
    key: str,
    revision: int,
    base: int = 0,
    dialect: str,
    tables: Sequence[TableWords],
    on_draft: Callable[[Draft], None],
    on_run: Callable[[Draft], None],
    fault: Fault | None = None,
    label: str = "SQL",
) -> None:
    """Draw the editor; it calls `on_draft` in pauses of typing and `on_run` on Ctrl+Enter.

    The editor takes `draft` only when `revision` changes; otherwise it keeps what is being typed. After a reload it
    shows what was typed last, unless `base`, the version of what is stored, has changed since.
    """
    component("sql_editor", html='<div id="editor"></div>')(
        key=key,
        data={
            "text": draft,
            "revision": revision,
            "base": base,
            "storage": f"dw-simulator:{key}",
            "session": st.session_state.setdefault("_sql_editor_session", secrets.token_hex(8)),
            "dialect": dialect,
            "label": label,
            "tables": [{"name": each.name, "detail": each.detail, "columns": each.columns} for each in tables],
            "fault": None if fault is None else vars(fault),
        },
        on_draft_change=lambda: _notify(on_draft, _told(key, "draft")),
        on_run_change=lambda: _notify(on_run, _told(key, "run")),
    )


def _told(key: str, name: str) -> Mapping[str, Any] | None:
    """Return what the editor has told; nothing once another page has taken its place."""
    values: Mapping[str, Any] = st.session_state.get(key, {})
    return values.get(name)


def _notify(listener: Callable[[Draft], None], value: Mapping[str, Any] | None) -> None:
    if value is not None:
        listener(Draft(str(value["text"]), (int(value["from"]), int(value["to"]))))
