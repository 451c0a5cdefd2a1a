"""The editor of an experiment's schema: the review of a new one, with saving, versions that come first, and a draft."""

from __future__ import annotations

import streamlit as st

from app.components.new_experiment.review_grid import reset_grid, review_grid
from app.components.new_experiment.structure import structure_tools
from app.components.schema.conflict import conflict_panel
from app.components.schema.editing import Editing, discard_draft, save_draft
from app.components.schema.saving import confirm_save, saved_message
from app.components.shared.diagram import diagram
from app.components.shared.errors import show_error
from app.components.shared.presses import pressed
from app.components.shared.schema_files import schema_files
from app.components.shared.status import warnings_badge
from app.components.shared.times import ago_html, time_caption
from app.components.shared.undo_buttons import undo_buttons
from engine import Experiment
from engine.display.wording import counted
from engine.errors import SchemaError


def edit_schema(experiment: Experiment, editing: Editing) -> None:
    """Draw the editor; every change is saved as a draft of this browser at once.

    What comes and goes is in a container: the rule panel keeps its place, by which Streamlit knows it.
    """
    review = editing.review
    problems = review.problems()
    has_conflict = editing.based_on != experiment.version
    with st.container():
        if editing.saved is not None:
            saved_message(experiment, editing)
        if editing.restored_at is not None:
            _restored_message(editing)
        if has_conflict and not problems:
            conflict_panel(experiment, editing)
    with st.container(horizontal=True, vertical_alignment="center"):
        if pressed(
            "Save",
            key="schema_save",
            type="primary",
            icon=":material/save:",
            disabled=bool(problems) or has_conflict,
            help=_why_not(bool(problems), has_conflict),
        ):
            confirm_save(experiment, editing)
        undo_buttons(review, reset_grid, key="schema")
        with st.popover("Download", icon=":material/download:", key="schema_downloads"):
            if problems:
                st.caption("Fix the problems first.")
            else:
                schema_files(review, key="schema_file")
        st.caption(_summary(editing, has_problems=bool(problems)), width="content")
        if review.changes:
            st.button(
                f"Discard {counted(review.changes, 'change')}",
                key="schema_discard",
                type="tertiary",
                icon=":material/delete_sweep:",
                on_click=_discard,
                args=(editing,),
                help="Undo brings them back.",
            )
        warnings_badge("schema", review.warnings())
    with st.container():
        if problems:
            show_error(SchemaError(list(problems)))
    columns, picture = st.tabs(["Columns", "Diagram"], key="schema_tab", on_change="rerun")
    if columns.open:
        with columns:
            structure_tools(review)
            review_grid(review)
    if picture.open:
        with picture:
            if problems:
                st.caption("Fix the problems to see the diagram.")
            else:
                diagram(review.diagram, review.tables, key="schema_diagram")
    save_draft(editing)


def _why_not(has_problems: bool, has_conflict: bool) -> str | None:
    if has_problems:
        return "Fix the problems below first."
    return "Decide first what becomes of the version that came first." if has_conflict else None


def _summary(editing: Editing, *, has_problems: bool) -> str:
    review = editing.review
    rows = "" if has_problems else f", {counted(sum(review.planned_rows().values()), 'row')} to generate"
    return f"Version {editing.based_on} · {counted(len(review.tables), 'table')}{rows}"


def _restored_message(editing: Editing) -> None:
    assert editing.restored_at is not None
    with st.container(horizontal=True, vertical_alignment="center", key="schema_restored"):
        time_caption(f"Your unsaved changes of {ago_html(editing.restored_at)} are restored.")
        st.button("Discard draft", key="schema_discard_draft", type="tertiary", on_click=_discard, args=(editing,))
        st.button("Keep", key="schema_keep_draft", type="tertiary", on_click=_keep, args=(editing,))


def _discard(editing: Editing) -> None:
    editing.review.discard()
    discard_draft(editing)
    reset_grid()


def _keep(editing: Editing) -> None:
    editing.restored_at = None
