"""The head of every page: its title, what it is for, and the messages that waited for it."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.components.shared.messages import show_messages


def page_header(title: str, caption: str) -> DeltaGenerator:
    """Draw the head of a page and return the room at its right, for the page's own buttons."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        with st.container(gap=None):
            st.title(title, anchor=False)
            st.caption(caption)
        room = st.container(horizontal=True, horizontal_alignment="right", width="content")
    show_messages()
    return room
