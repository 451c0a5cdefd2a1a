"""Messages pending for the next rerun: completed actions as toasts, failures as errors."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.shared.errors import show_error


def show_messages() -> None:
    """Draw the pending messages, once, in a container: what follows keeps its place, by which Streamlit knows it."""
    for message in state.take_notices():
        st.toast(message, icon=":material/check_circle:")
    error = state.take_error()
    with st.container():
        if error is not None:
            show_error(error)
