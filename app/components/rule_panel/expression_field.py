"""An expression in the SQL editor, which completes the columns of the row and of its parents."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import streamlit as st

from app.components.shared.sql_editor import Draft, TableWords, sql_editor
from app.markdown_text import plain
from engine.types import ColumnEditor, RuleParameter


def expression_field(
    editor: ColumnEditor, parameter: RuleParameter, value: Any, set_value: Callable[[Any], None], *, key: str
) -> None:
    """Draw the editor; it takes a text from elsewhere, such as the grid, and else keeps what is being typed."""
    text = "" if value is None else str(value)
    typed_key, revision_key = f"{key}:typed", f"{key}:revision"
    if st.session_state.get(typed_key) != text:
        st.session_state[revision_key] = st.session_state.get(revision_key, 0) + 1
        st.session_state[typed_key] = text

    def take(draft: Draft) -> None:
        if draft.text != text:
            st.session_state[typed_key] = draft.text
            set_value(draft.text or None)

    st.markdown(f":small[{plain(parameter.label)}{' *' if parameter.is_required else ''}]")
    with st.container(key=f"rule_expression_{editor.table}_{editor.column}_{parameter.path[-1]}"):
        sql_editor(
            text,
            key=f"{key}:editor",
            revision=st.session_state[revision_key],
            base=st.session_state.setdefault("_rule_expression_base", secrets.randbits(31)),
            dialect="duckdb",
            tables=_words(editor),
            on_draft=take,
            on_run=take,
            label=parameter.label,
        )


def _words(editor: ColumnEditor) -> list[TableWords]:
    """Return the columns of the row, and those of a parent below its key."""
    readable = editor.readable_columns
    parents: dict[str, list[tuple[str, str]]] = {}
    for name, kind in readable:
        key, dot, column = name.partition(".")
        if dot:
            parents.setdefault(key, []).append((column, kind))
    return [TableWords(name, kind, parents.get(name, [])) for name, kind in readable if "." not in name]
