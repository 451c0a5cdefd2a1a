"""The diagram of tables and foreign keys; for many tables, one table and its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

MAX_TABLES = 25
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
    """Draw the diagram that `text_of` returns for one table and its neighbours, or for all with None."""
    around: str | None = None
    if len(tables) > MAX_TABLES:
        st.caption(f"{len(tables)} tables are too many for one diagram. Showing one table and its neighbours.")
        around = st.selectbox("Table", tables, key=key, label_visibility="collapsed", width=320)
    st.mermaid_chart(_apply_theme(text_of(around)), alt="Diagram of tables and foreign keys")


def _apply_theme(text: str) -> str:
    """Return the diagram with labels and cardinality circles on the page's background, light or dark.

    The picture has no web fonts; a font that every machine has keeps the text inside the measured boxes.
    """
    mode = "dark" if st.context.theme.type == "dark" else "light"
    page = st.get_option(f"theme.{mode}.backgroundColor") or ("#0E1117" if mode == "dark" else "#FFFFFF")
    return f"{_FRONT_MATTER.format(page=page)}{text}\n  classDef default font-family:sans-serif"
