"""The questions before something is lost: reset and delete. A callback acts on the answer, then the page says so."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app import state
from app.formats import plain
from app.shared_workbench import workbench
from engine.display.wording import counted
from engine.errors import DamagedError, WorkbenchError


@st.dialog("Reset the tables?", icon=":material/restart_alt:")
def confirm_reset(name: str) -> None:
    """Ask, then empty every table of an experiment."""
    if name not in workbench():
        st.rerun()
    rows = sum(workbench()[name].row_counts().values())
    st.markdown(
        f"The tables of **{plain(name)}** will be empty ({counted(rows, 'row')} now). "
        "The schema and the runs stay, so any completed run can be loaded again."
    )
    _answer("Reset", "reset", _reset, name)


@st.dialog("Delete this experiment?", icon=":material/delete:")
def confirm_delete(name: str) -> None:
    """Ask, then remove an experiment with everything it has."""
    if name not in workbench():  # deleted, here or in another tab
        st.rerun()
    try:
        runs = counted(len(workbench()[name].runs()), "run")
    except DamagedError:
        runs = "its runs"
    st.markdown(f"**{plain(name)}** is deleted with its schema, its tables and {runs}. This cannot be undone.")
    _answer("Delete", "delete", _delete, name)


@st.dialog("Delete this run?", icon=":material/delete:")
def confirm_delete_run(name: str, run_id: int) -> None:
    """Ask, then remove a run with its files."""
    st.markdown(f"**Run {run_id}** of {plain(name)} goes with its files. Its seed makes the same data again.")
    _answer("Delete", "delete_run", lambda of: _delete_run(of, run_id), name)


def _answer(label: str, key: str, action: Callable[[str], None], name: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Cancel", key=f"{key}_no"):
            st.rerun()
        if st.button(label, type="primary", key=f"{key}_yes", on_click=action, args=(name,)):
            st.rerun()


def _reset(name: str) -> None:
    try:
        workbench()[name].reset()
    except WorkbenchError as error:
        state.fail(error)
    else:
        state.notify(f"{plain(name)} is empty")


def _delete_run(name: str, run_id: int) -> None:
    try:
        workbench()[name].delete_run(run_id)
    except WorkbenchError as error:
        state.fail(error)
    else:
        state.notify(f"Run {run_id} is deleted")


def _delete(name: str) -> None:
    try:
        workbench().delete(name)
    except WorkbenchError as error:
        state.fail(error)
    else:
        state.forget(name)
        state.notify(f"{plain(name)} is deleted")
