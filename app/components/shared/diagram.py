"""Tables and keys drawn as a diagram; of many tables, the neighbourhood of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

GREATEST_TABLES = 25
_FRONT_MATTER = """---
config:
  look: neo
  themeVariables:
    edgeLabelBackground: "{page}"
    tertiaryColor: "{page}"
    dropShadow: none
    strokeWidth: 1
---
"""


def diagram(text_of: Callable[[str | None], str], tables: Sequence[str], *, key: str) -> None:
    """Draw the diagram that `text_of` gives for a table's neighbourhood, or for all."""
    around: str | None = None
    if len(tables) > GREATEST_TABLES:
        st.caption(f"{len(tables)} tables are too many for one picture: one with its neighbours is shown.")
        around = st.selectbox("Table", tables, key=key, label_visibility="collapsed", width=320)
    st.mermaid_chart(_in_theme(text_of(around)), alt="Tables and the keys between them")


def _in_theme(text: str) -> str:
    """Fit a diagram to the page: labels and the circles of cardinality on its ground, in light and dark.

    The picture has no web fonts; a font that every machine has keeps texts inside the boxes that were measured.
    """
    mode = "dark" if st.context.theme.type == "dark" else "light"
    page = st.get_option(f"theme.{mode}.backgroundColor") or ("#0E1117" if mode == "dark" else "#FFFFFF")
    return f"{_FRONT_MATTER.format(page=page)}{text}\n  classDef default font-family:sans-serif"
