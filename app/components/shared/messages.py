"""The messages that waited for the next drawing: what was done as a toast, what was refused as an error."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.shared.errors import show_error


def show_messages() -> None:
    """Draw the messages that wait, once."""
    for message in state.notices():
        st.toast(message, icon=":material/check_circle:")
    error = state.failure()
    if error is not None:
        show_error(error)
