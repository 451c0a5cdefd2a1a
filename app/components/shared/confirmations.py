"""Confirmation dialogs for reset and delete; the action runs in a callback, then a toast reports it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app import state
from app.components.shared.presses import pressed
from app.markdown_text import plain
from app.shared_workbench import workbench
from engine.display.wording import counted
from engine.errors import DamagedError, WorkbenchError


@st.dialog("Reset the tables?", icon=":material/restart_alt:")
def confirm_reset(name: str) -> None:
    """Confirm, then empty every table of an experiment."""
    if name not in workbench():
        st.rerun()
    rows = sum(workbench()[name].row_counts().values())
    st.markdown(
        f"This empties the tables of **{plain(name)}** ({counted(rows, 'row')} now). "
        "The schema and the runs are kept, so you can load any finished run again."
    )
    _draw_buttons("Reset", "reset", _reset, name)


@st.dialog("Delete this experiment?", icon=":material/delete:")
def confirm_delete(name: str) -> None:
    """Confirm, then delete an experiment with all its data."""
    if name not in workbench():  # deleted, here or in another tab
        st.rerun()
    try:
        runs = counted(len(workbench()[name].runs()), "run")
    except DamagedError:
        runs = "all runs"
    st.markdown(f"This deletes **{plain(name)}** with its schema, tables and {runs}. This cannot be undone.")
    _draw_buttons("Delete", "delete", _delete, name)


@st.dialog("Delete this run?", icon=":material/delete:")
def confirm_delete_run(name: str, run_id: int) -> None:
    """Confirm, then delete a run and its files."""
    st.markdown(
        f"This deletes **run {run_id}** of {plain(name)} and its files. The same seed generates the same data again."
    )
    _draw_buttons("Delete", "delete_run", lambda name: _delete_run(name, run_id), name)


def _draw_buttons(label: str, key: str, action: Callable[[str], None], name: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="right"):
        if pressed("Cancel", key=f"{key}_no"):
            st.rerun()
        if st.button(label, type="primary", key=f"{key}_yes", on_click=action, args=(name,)):
            st.rerun()


def _reset(name: str) -> None:
    try:
        workbench()[name].reset()
    except WorkbenchError as error:
        state.set_error(error)
    else:
        state.notify(f"Tables of {plain(name)} emptied")


def _delete_run(name: str, run_id: int) -> None:
    try:
        workbench()[name].delete_run(run_id)
    except WorkbenchError as error:
        state.set_error(error)
    else:
        state.notify(f"Run {run_id} deleted")


def _delete(name: str) -> None:
    try:
        workbench().delete(name)
    except WorkbenchError as error:
        state.set_error(error)
    else:
        state.delete_experiment_state(name)
        state.notify(f"{plain(name)} deleted")
