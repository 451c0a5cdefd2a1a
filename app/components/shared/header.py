"""The header of every page: title, caption and pending messages."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.components.shared.messages import show_messages


def page_header(title: str, caption: str) -> DeltaGenerator:
    """Draw the header of a page and return the container at its right, for the page's buttons."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        with st.container(gap=None):
            st.title(title, anchor=False)
            st.caption(caption)
        buttons = st.container(horizontal=True, horizontal_alignment="right", width="content")
    show_messages()
    return buttons
