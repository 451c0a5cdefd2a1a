"""Buttons whose press is not lost when the page is drawn anew before it has read the press.

Streamlit tells a press to one run of the script alone. Another request can end that run early, or a fragment that runs
first can draw the page anew: a button that is read after that seems not to be pressed. A callback always runs, so it
notes the press until the page reads it.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

import streamlit as st

_VALID_SECONDS = 60.0
"""A press that no run has read after that belongs to a button that is gone; a busy machine takes long."""


def pressed(label: str, *, key: str, **options: Any) -> bool:
    """Draw a button with the options of `st.button`, and return whether it has been pressed since it was read last."""
    st.button(label, key=key, on_click=_note, args=(key,), **options)
    noted: float | None = st.session_state.pop(_name(key), None)
    return noted is not None and monotonic() - noted < _VALID_SECONDS


def _note(key: str) -> None:
    st.session_state[_name(key)] = monotonic()


def _name(key: str) -> str:
    return f"_pressed:{key}"
