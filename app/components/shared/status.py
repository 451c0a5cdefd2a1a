"""Badges for the state of a run and the warnings of an experiment."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from app.markdown_text import plain
from engine import Run
from engine.display.wording import counted

_Color = Literal["green", "blue", "red", "orange", "gray"]
RUN_STATES: dict[str, tuple[str, _Color]] = {
    "Finished": (":material/check:", "green"),
    "Failed": (":material/close:", "red"),
    "Cancelled": (":material/block:", "gray"),
    "Interrupted": (":material/block:", "gray"),
    "Running": (":material/progress_activity:", "blue"),
}
"""The states of a run with their icons and colours."""


def run_state(run: Run) -> str:
    """Return the state of a run in one word; an ABORTED run was cancelled by a person or lost its process."""
    if run.status == "ABORTED":
        return "Cancelled" if "cancel" in (run.error or "").casefold() else "Interrupted"
    return {"RUNNING": "Running", "COMPLETED": "Finished", "FAILED": "Failed"}[run.status]


def run_badge(run: Run | None) -> None:
    """Draw the state of a run; None stands for an experiment without runs."""
    if run is None:
        st.badge("No runs yet", icon=":material/hourglass_empty:", color="gray")
        return
    icon, color = RUN_STATES[run_state(run)]
    st.badge(run_state(run), icon=icon, color=color, help=run.error)


def error_line(run: Run) -> None:
    """Draw the error of a run in the colour of its state; nothing without an error."""
    if run.error:
        st.markdown(f":{RUN_STATES[run_state(run)][1]}[{plain(run.error)}]")


def loaded_badge(run: Run) -> None:
    """Draw the badge of the run whose rows are in the tables."""
    if run.is_loaded:
        st.badge("Loaded", icon=":material/database:", color="green", help="Queries read this run.")


def warnings_badge(name: str, warnings: list[str]) -> None:
    """Draw the number of warnings as a popover that lists them; nothing without warnings."""
    if not warnings:
        return
    with st.popover(
        counted(len(warnings), "warning"), icon=":material/warning:", type="tertiary", key=f"warnings:{name}"
    ):
        st.markdown("**Differences from your warehouse**")
        st.markdown("\n".join(f"- {plain(warning)}" for warning in warnings))
        st.caption("The experiment works; its data differs from your warehouse in these points.")
