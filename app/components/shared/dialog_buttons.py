"""The buttons at the end of a dialog: Cancel, and one whose action may fail; the dialog then stays open.

The action is a callback: it runs before the dialog is drawn again, so that its error stands where the dialog puts it.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.components.shared.presses import pressed
from engine.errors import WorkbenchError


def take_fault(key: str) -> WorkbenchError | None:
    """Return the error of the dialog's last action, once."""
    fault: WorkbenchError | None = st.session_state.pop(f"_dialog_fault_{key}", None)
    return fault


def dialog_buttons(label: str, key: str, action: Callable[[], None], fault: WorkbenchError | None) -> None:
    """Draw the buttons; the dialog closes when the action has no error."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        if pressed("Cancel", key=f"{key}_no"):
            st.rerun()
        if st.button(label, key=f"{key}_yes", type="primary", on_click=_try, args=(key, action)) and fault is None:
            st.rerun()


def _try(key: str, action: Callable[[], None]) -> None:
    try:
        action()
    except WorkbenchError as error:
        st.session_state[f"_dialog_fault_{key}"] = error
