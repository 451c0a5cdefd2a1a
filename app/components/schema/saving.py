"""Saving a schema as a new version: what changes, an optional note, and what to do next."""

from __future__ import annotations

import streamlit as st

from app.components.schema.editing import Editing, discard_draft
from app.components.shared.dialog_buttons import dialog_buttons, take_fault
from app.components.shared.empty_state import go
from app.components.shared.errors import show_error
from app.components.shared.presses import pressed
from app.components.shared.schema_changes import schema_changes
from app.markdown_text import plain
from engine import Experiment
from engine.display.wording import counted
from engine.errors import VersionConflictError, WorkbenchError

_SAVED = "_schema_just_saved"


@st.dialog("Save the schema", width="large", icon=":material/save:")
def confirm_save(experiment: Experiment, editing: Editing) -> None:
    """Show what changes, and save it as a new version."""
    if st.session_state.pop(_SAVED, False):
        st.rerun()  # closes the dialog: nothing differs any more
    try:
        changes = editing.review.differences()
    except WorkbenchError as error:
        show_error(error)
        return
    if not changes:
        st.markdown(f"Nothing has changed: the schema equals version {editing.based_on}.")
        if pressed("Close", key="save_close"):
            st.rerun()
        return
    st.markdown(f"{counted(len(changes), 'change')} from version {editing.based_on}:")
    with st.container(height=320 if len(changes) > 6 else "content", border=False):
        schema_changes(changes)
    st.text_input("Note", key="save_note", placeholder="Optional: why it changes")
    st.caption("The loaded data stays until the next run.")
    fault = take_fault("save")
    if fault is not None:
        show_error(fault)
    dialog_buttons(f"Save as version {editing.based_on + 1}", "save", lambda: _save(experiment, editing), fault)


def _save(experiment: Experiment, editing: Editing) -> None:
    note = st.session_state["save_note"].strip()
    try:
        saved = experiment.update(editing.review.edited(), based_on=editing.based_on, note=note)
    except VersionConflictError:
        return  # the page shows both versions, and nothing that was typed is lost
    editing.saved, editing.based_on = saved, saved.version
    editing.review.settle()
    discard_draft(editing)
    st.session_state[_SAVED] = True


def saved_message(experiment: Experiment, editing: Editing) -> None:
    """Say which version was saved, and offer to generate its data."""
    saved = editing.saved
    assert saved is not None
    stays = "" if experiment.loaded_run_id is None else " The loaded data stays until the next run."
    with st.container(key="schema_saved"):
        st.success(f"{plain(str(saved))}{stays}", icon=":material/check_circle:")
        with st.container(horizontal=True):
            if pressed("Generate data", key="schema_generate", type="primary", icon=":material/bolt:"):
                editing.saved = None
                go("generate", experiment.name)
            st.button("Dismiss", key="schema_dismiss", type="tertiary", on_click=_dismiss, args=(editing,))


def _dismiss(editing: Editing) -> None:
    editing.saved = None
