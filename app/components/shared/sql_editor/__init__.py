"""The SQL editor: CodeMirror as a Streamlit component, with the tables of an experiment for completion.

The browser's side is in the bundle of this package.
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
    """What stands in the editor: its text and the selection, whose bounds count characters."""

    text: str
    selection: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Fault:
    """A mistake in a text: its place, both from 1, and what to say about it."""

    text: str
    line: int
    column: int
    message: str


@dataclass(frozen=True)
class TableWords:
    """A table for completion: its name, a word about it, and its columns with their types."""

    name: str
    detail: str
    columns: Sequence[tuple[str, str]]


def sql_editor(
    draft: str,
    *,
    key: str,
    revision: int,
    dialect: str,
    tables: Sequence[TableWords],
    on_draft: Callable[[Draft], None],
    on_run: Callable[[Draft], None],
    fault: Fault | None = None,
    label: str = "SQL",
) -> None:
    """Draw the editor; `on_draft` is told the text in pauses of typing, `on_run` on Ctrl+Enter.

    The editor takes `draft` when `revision` is another than the one it shows; what is being typed stays otherwise.
    """
    component("sql_editor", html='<div id="editor"></div>')(
        key=key,
        data={
            "text": draft,
            "revision": revision,
            "storage": f"dw-simulator:{key}",
            "session": st.session_state.setdefault("_sql_editor_session", secrets.token_hex(8)),
            "dialect": dialect,
            "label": label,
            "tables": [{"name": each.name, "detail": each.detail, "columns": each.columns} for each in tables],
            "fault": None if fault is None else vars(fault),
        },
        on_draft_change=lambda: _tell(on_draft, st.session_state[key].get("draft")),
        on_run_change=lambda: _tell(on_run, st.session_state[key].get("run")),
    )


def _tell(listener: Callable[[Draft], None], said: Mapping[str, Any] | None) -> None:
    if said is not None:
        listener(Draft(str(said["text"]), (int(said["from"]), int(said["to"]))))
