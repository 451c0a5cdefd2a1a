"""The review of a schema before it is saved: columns with samples, diagram, import report and downloads."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.new_experiment.forms import keep_input
from app.components.new_experiment.import_report import show_json, show_script
from app.components.new_experiment.review_grid import reset_grid, review_grid
from app.components.shared.diagram import diagram
from app.components.shared.errors import show_error
from app.components.shared.schema_files import schema_files
from app.components.shared.status import warnings_badge
from app.markdown_text import plain
from app.shared_workbench import workbench
from engine.display.wording import counted
from engine.errors import SchemaError, WorkbenchError
from engine.types import Review


def review_schema(reviewed: state.Reviewed) -> None:
    """Draw a schema under review, with buttons to create the experiment or go back to the input."""
    review = reviewed.review
    problems = review.problems()
    st.header(f"Review {plain(review.name)}", anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        wants = st.button(
            "Create experiment",
            key="review_create",
            type="primary",
            icon=":material/add:",
            disabled=bool(problems),
            help="Fix the problems below first." if problems else None,
        )
        st.button("Back to the input", key="review_back", icon=":material/arrow_back:", on_click=_go_back)
        _downloads(review, is_ready=not problems)
        if not problems:
            rows = sum(review.planned_rows().values())
            st.caption(f"{counted(len(review.tables), 'table')}, {counted(rows, 'row')} to generate", width="content")
        if review.changes:
            label = f"Discard {counted(review.changes, 'change')}"
            st.button(label, key="review_discard", type="tertiary", icon=":material/undo:", on_click=_discard)
        warnings_badge("review", review.warnings())
    if problems:
        show_error(SchemaError(problems))
    elif wants:
        _create(reviewed)
    title = _import_title(reviewed)
    columns, diagram_tab, import_tab = st.tabs(["Columns", "Diagram", title], key="review_tab", on_change="rerun")
    if columns.open:
        with columns:
            review_grid(review)
    if diagram_tab.open:
        with diagram_tab:
            _draw_diagram(review, is_ready=not problems)
    if import_tab.open:
        with import_tab:
            _draw_import(reviewed)


def _go_back() -> None:
    state.leave_review()
    keep_input()


def _discard() -> None:
    reviewed = state.review()
    if reviewed is not None:
        reviewed.review.discard()
        reset_grid()


def _import_title(reviewed: state.Reviewed) -> str:
    notes = 0 if reviewed.draft is None else len(reviewed.draft.notes)
    return f"Import ({counted(notes, 'note')})" if notes else "Import"


def _create(reviewed: state.Reviewed) -> None:
    try:
        with st.spinner("Creating the tables…"):
            experiment = workbench().create(reviewed.review.edited())
    except WorkbenchError as error:
        show_error(error)
        return
    state.set_created(state.Created(experiment.name, reviewed.draft))
    state.set_review(None)
    st.rerun()


def _draw_diagram(review: Review, *, is_ready: bool) -> None:
    if is_ready:
        diagram(review.diagram, review.tables, key="review_diagram")
    else:
        st.caption("Fix the problems to see the diagram.")


def _draw_import(reviewed: state.Reviewed) -> None:
    if reviewed.draft is None:
        show_json(reviewed.script, reviewed.review.warnings())
    else:
        show_script(reviewed.script, reviewed.draft)


def _downloads(review: Review, *, is_ready: bool) -> None:
    with st.popover("Download", icon=":material/download:", key="review_downloads"):
        if not is_ready:
            st.caption("Fix the problems first.")
            return
        schema_files(review, key="review_file")
