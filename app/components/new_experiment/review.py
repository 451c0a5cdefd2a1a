"""The review of a schema before it is saved: its columns with samples, its diagram, its import, and its downloads."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.new_experiment.forms import keep_input
from app.components.new_experiment.import_report import imported_json, imported_script
from app.components.new_experiment.review_grid import forget_grid, review_grid
from app.components.shared.diagram import diagram
from app.components.shared.errors import show_error
from app.components.shared.schema_files import schema_files
from app.components.shared.status import warnings_badge
from app.formats import plain
from app.shared_workbench import workbench
from engine.display.wording import counted
from engine.errors import SchemaError, WorkbenchError
from engine.types import Review


def review_schema(reviewed: state.Reviewed) -> None:
    """Draw a schema under review, and the buttons that save it or go back to its input."""
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
            help="Mend what is listed below first." if problems else None,
        )
        st.button("Back to the input", key="review_back", icon=":material/arrow_back:", on_click=_back)
        _downloads(review, is_ready=not problems)
        if not problems:
            rows = sum(review.planned_rows().values())
            st.caption(f"{counted(len(review.tables), 'table')}, {counted(rows, 'row')} to be made", width="content")
        if review.changes:
            label = f"Discard {counted(review.changes, 'change')}"
            st.button(label, key="review_discard", type="tertiary", icon=":material/undo:", on_click=_discard)
        warnings_badge("review", review.warnings())
    if problems:
        show_error(SchemaError(problems))
    elif wants:
        _create(reviewed)
    title = _import_title(reviewed)
    columns, drawing, imported = st.tabs(["Columns", "Diagram", title], key="review_tab", on_change="rerun")
    if columns.open:
        with columns:
            review_grid(review)
    if drawing.open:
        with drawing:
            _diagram(review, is_ready=not problems)
    if imported.open:
        with imported:
            _imported(reviewed)


def _back() -> None:
    state.leave_review()
    keep_input()


def _discard() -> None:
    reviewed = state.review()
    if reviewed is not None:
        reviewed.review.discard()
        forget_grid()


def _import_title(reviewed: state.Reviewed) -> str:
    notes = 0 if reviewed.draft is None else len(reviewed.draft.notes)
    return f"Import ({counted(notes, 'note')})" if notes else "Import"


def _create(reviewed: state.Reviewed) -> None:
    try:
        with st.spinner("Creating the tables …"):
            experiment = workbench().create(reviewed.review.edited())
    except WorkbenchError as error:
        show_error(error)
        return
    state.keep_created(state.Created(experiment.name, reviewed.draft))
    state.keep_review(None)
    st.rerun()


def _diagram(review: Review, *, is_ready: bool) -> None:
    if is_ready:
        diagram(review.diagram, review.tables, key="review_diagram")
    else:
        st.caption("The diagram is drawn when the problems are mended.")


def _imported(reviewed: state.Reviewed) -> None:
    if reviewed.draft is None:
        imported_json(reviewed.script, reviewed.review.warnings())
    else:
        imported_script(reviewed.script, reviewed.draft)


def _downloads(review: Review, *, is_ready: bool) -> None:
    with st.popover("Download", icon=":material/download:", key="review_downloads"):
        if not is_ready:
            st.caption("There is something to mend first.")
            return
        schema_files(review, key="review_file")
