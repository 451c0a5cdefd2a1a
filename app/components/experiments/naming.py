"""The dialogs that rename, duplicate and describe an experiment; an error stands below its field."""

from __future__ import annotations

from itertools import count

import streamlit as st

from app import state
from app.components.shared.dialog_buttons import dialog_buttons, take_fault
from app.markdown_text import plain
from app.shared_workbench import workbench
from engine.errors import SchemaError, WorkbenchError

_QUERIES_NAMED = 5


@st.dialog("Rename the experiment", icon=":material/edit:")
def rename_experiment(name: str) -> None:
    """Ask for another name; runs, versions and saved queries stay."""
    if name not in workbench():  # renamed, here or in another tab
        st.rerun()
    fault = take_fault("rename")
    st.text_input("Name", value=name, key=f"rename_to:{name}")
    _show(fault)
    if naming := workbench()[name].queries.naming(name):
        more = " and others" if len(naming) > _QUERIES_NAMED else ""
        named = ", ".join(plain(query) for query in naming[:_QUERIES_NAMED])
        st.caption(f"The text of saved queries is not changed. These name {plain(name)}: {named}{more}.")
    dialog_buttons("Rename", "rename", lambda: _rename(name), fault)


@st.dialog("Duplicate the experiment", icon=":material/content_copy:")
def duplicate_experiment(name: str) -> None:
    """Ask for the name of a copy of the schema, without data."""
    fault = take_fault("duplicate")
    free = next(each for each in (f"{name}_{number}" for number in count(2)) if each not in workbench())
    st.text_input("Name of the copy", value=free, key=f"copy_to:{name}")
    _show(fault)
    st.caption("The schema is copied; a run with the same seed generates the same data.")
    dialog_buttons("Duplicate", "duplicate", lambda: _duplicate(name), fault)


@st.dialog("Describe the experiment", icon=":material/notes:")
def describe_experiment(name: str) -> None:
    """Ask for the description, which is no part of a version."""
    fault = take_fault("describe")
    st.text_area("Description", value=workbench()[name].description, key=f"description:{name}")
    _show(fault)
    dialog_buttons("Save", "describe", lambda: _describe(name), fault)


def _rename(name: str) -> None:
    new = st.session_state[f"rename_to:{name}"].strip()
    if new == name:
        return
    workbench()[name].rename(new)
    state.delete_experiment_state(name)
    state.notify(f"{plain(name)} renamed to {plain(new)}")


def _duplicate(name: str) -> None:
    copied = workbench()[name].copy(st.session_state[f"copy_to:{name}"].strip())
    state.notify(f"{plain(copied.name)} created with the schema of {plain(name)}")


def _describe(name: str) -> None:
    workbench()[name].describe(st.session_state[f"description:{name}"].strip())


def _show(fault: WorkbenchError | None) -> None:
    if fault is not None:
        problems = [str(each) for each in fault.problems] if isinstance(fault, SchemaError) else [str(fault)]
        st.markdown(f":red[{plain(' '.join(problems))}]")
