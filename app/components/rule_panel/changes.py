"""What of a page has to be drawn again after a change in the panel."""

from __future__ import annotations

import streamlit as st

_BEHIND = "_rule_panel_changed"


def note_change() -> None:
    """Note that the review has changed in the panel: the grid gets a new state, and the page is behind."""
    st.session_state["_review_revision"] = st.session_state.get("_review_revision", 0) + 1
    st.session_state[_BEHIND] = True


def note_page() -> None:
    """Note that the whole page is being drawn."""
    st.session_state[_BEHIND] = False


def is_page_behind() -> bool:
    """Whether the review has changed since the whole page was drawn."""
    return bool(st.session_state.get(_BEHIND))
