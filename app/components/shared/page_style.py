"""The little of the look that Streamlit's theme cannot say."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_STYLE = Path(__file__).parents[2] / "static" / "look.css"


def complete_look() -> None:
    """Add it to the page."""
    st.html(_STYLE)
