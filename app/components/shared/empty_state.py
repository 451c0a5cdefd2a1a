"""Empty states: a sentence on what is missing, and the button that leads there."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.components.shared.presses import pressed
from app.state import EXPERIMENT, start_tour

_PAGES = Path(__file__).parents[2] / "app_pages"


def page_path(page: str) -> str:
    """Return the path of a page's file, as `st.switch_page` expects it."""
    return str(_PAGES / f"{page}.py")


def empty_state(title: str, caption: str, *, page: str, label: str, experiment: str | None = None) -> None:
    """Draw an empty state with one button that opens `page`, for `experiment` if given."""
    with st.container(border=True, horizontal_alignment="center", gap="small", key=f"empty_{page}"):
        st.space("small")
        st.header(title, anchor=False, text_alignment="center")
        st.caption(caption, text_alignment="center")
        if pressed(label, type="primary", key=f"empty_to_{page}"):
            go(page, experiment)
        st.space("small")


def go(page: str, experiment: str | None = None) -> None:
    """Open a page, for `experiment` if given."""
    start_tour(None)
    st.switch_page(page_path(page), query_params={EXPERIMENT: experiment} if experiment else None)
