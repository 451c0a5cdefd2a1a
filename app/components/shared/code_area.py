"""A plain editor for SQL and JSON: a text area in the code font; its text survives reruns and page changes."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_STYLE = Path(__file__).parents[2] / "static" / "editor.css"


def code_editor(label: str, *, key: str, height: int, placeholder: str | None = None) -> str:
    """Draw the editor whose text is `st.session_state[key]`, and return the text."""
    with st.container(key="editor"):
        st.html(_STYLE)
        text = st.text_area(
            label,
            key=key,
            height=height,
            placeholder=placeholder,
            label_visibility="collapsed",
            persist_state="session",
        )
    return text or ""
