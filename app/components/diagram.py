"""Tables and keys drawn as a diagram; of many tables, the neighbourhood of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

GREATEST_TABLES = 25


def diagram(text_of: Callable[[str | None], str], tables: Sequence[str], *, key: str) -> None:
    """Draw the diagram that `text_of` gives for a table's neighbourhood, or for all."""
    around: str | None = None
    if len(tables) > GREATEST_TABLES:
        st.caption(f"{len(tables)} tables are too many for one picture: one with its neighbours is shown.")
        around = st.selectbox("Table", tables, key=key, label_visibility="collapsed", width=320)
    st.mermaid_chart(text_of(around), alt="Tables and the keys between them")
