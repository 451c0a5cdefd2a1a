"""Undo and redo of a schema under review, as buttons and by their keys."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from engine.types import Review


def undo_buttons(review: Review, redraw: Callable[[], None], *, key: str) -> None:
    """Draw the buttons; after each step `redraw` makes the inputs show the review again."""

    def step(make: Callable[[], None]) -> None:
        make()
        redraw()

    for label, name, icon, shortcut, make in (
        ("Undo", review.to_undo, ":material/undo:", "Ctrl+Z", review.undo),
        ("Redo", review.to_redo, ":material/redo:", "Ctrl+Shift+Z", review.redo),
    ):
        st.button(
            label,
            key=f"{key}_{label.casefold()}",
            icon=icon,
            type="tertiary",
            disabled=not name,
            shortcut=shortcut,
            help=f"{label}: {name}" if name else f"Nothing to {label.casefold()}.",
            on_click=step,
            args=(make,),
        )
