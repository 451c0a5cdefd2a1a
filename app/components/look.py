"""The little of the look that Streamlit's theme cannot say."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_STATIC = Path(__file__).parent.parent / "static"


def complete_look() -> None:
    """Add it to the page, for the theme the reader has chosen."""
    st.html(_STATIC / "look.css")
    if st.context.theme.type == "dark":
        st.html(_STATIC / "look_dark.css")
