"""Styles that Streamlit's theme has no option for."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_STYLE = Path(__file__).parents[2] / "static" / "look.css"


def add_page_style() -> None:
    """Add the styles to the page."""
    st.html(_STYLE)
