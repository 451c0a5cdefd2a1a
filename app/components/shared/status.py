"""Badges: the state of a run and of an experiment, at a glance and in words."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from app.formats import plain
from engine import Run
from engine.display.wording import counted

_Color = Literal["green", "blue", "red", "orange", "gray"]
_RUN: dict[str, tuple[str, str, _Color]] = {
    "RUNNING": ("Running", ":material/progress_activity:", "blue"),
    "COMPLETED": ("Completed", ":material/check:", "green"),
    "FAILED": ("Failed", ":material/close:", "red"),
    "ABORTED": ("Aborted", ":material/block:", "orange"),
}


def run_badge(run: Run | None) -> None:
    """Draw the status of a run; none at all is a state of its own."""
    if run is None:
        st.badge("No run yet", icon=":material/hourglass_empty:", color="gray")
        return
    label, icon, color = _RUN[run.status]
    st.badge(label, icon=icon, color=color, help=run.error)


def reason(run: Run) -> None:
    """Draw why a run ended as it did, in the colour of its status; nothing without a reason."""
    if run.error:
        st.markdown(f":{_RUN[run.status][2]}[{plain(run.error)}]")


def loaded_badge(run: Run) -> None:
    """Draw the mark of the run whose rows the tables hold now."""
    if run.is_loaded:
        st.badge("In the tables", icon=":material/database:", color="green", help="Queries read this run.")


def warnings_badge(name: str, warnings: list[str]) -> None:
    """Draw the number of warnings as something to open: each is explained inside. Nothing without warnings."""
    if not warnings:
        return
    with st.popover(
        counted(len(warnings), "warning"), icon=":material/warning:", type="tertiary", key=f"warnings:{name}"
    ):
        st.markdown("**What the schema could not carry over as it was**")
        st.markdown("\n".join(f"- {plain(warning)}" for warning in warnings))
        st.caption("The experiment works; these points tell where its data differs from your warehouse.")
