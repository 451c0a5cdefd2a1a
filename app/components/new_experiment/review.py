"""The review of a schema before it is saved: columns with samples, diagram, import report and downloads."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.new_experiment.drafts import remove_new_draft
from app.components.new_experiment.forms import keep_input
from app.components.new_experiment.import_report import show_json, show_script
from app.components.new_experiment.review_grid import MAX_ROWS, reset_grid, review_grid
from app.components.new_experiment.structure import structure_tools
from app.components.shared.diagram import diagram
from app.components.shared.empty_state import go
from app.components.shared.errors import show_error
from app.components.shared.presses import pressed
from app.components.shared.schema_files import schema_files
from app.components.shared.status import warnings_badge
from app.components.shared.undo_buttons import undo_buttons
from app.markdown_text import plain
from app.shared_workbench import workbench
from engine.display.wording import counted
from engine.errors import SchemaError, WorkbenchError
from engine.types import Review

_TOTAL_ROWS = "review_total_rows"


def review_schema(reviewed: state.Reviewed) -> None:
    """Draw a schema under review, with buttons to create the experiment or go back to the input."""
    review = reviewed.review
    problems = review.problems()
    st.header(f"Review {plain(review.name)}", anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        wants = pressed(
            "Create experiment",
            key="review_create",
            type="primary",
            icon=":material/add:",
            disabled=bool(problems),
            help="Fix the problems below first." if problems else None,
        )
        wants_data = pressed(
            "Create with data",
            key="review_create_with_data",
            icon=":material/bolt:",
            disabled=bool(problems),
            help="Create the experiment and start its first run.",
        )
        _rows_in_all()
        st.button("Back to the input", key="review_back", icon=":material/arrow_back:", on_click=_go_back)
        undo_buttons(review, reset_grid, key="review")
        _downloads(review, is_ready=not problems)
        if not problems:
            rows = sum(review.planned_rows().values())
            st.caption(f"{counted(len(review.tables), 'table')}, {counted(rows, 'row')} to generate", width="content")
        if review.changes:
            label = f"Discard {counted(review.changes, 'change')}"
            st.button(label, key="review_discard", type="tertiary", icon=":material/delete_sweep:", on_click=_discard)
        warnings_badge("review", review.warnings())
    with st.container():  # the rule panel below keeps its place, by which Streamlit knows it
        if problems:
            show_error(SchemaError(problems))
        elif wants or wants_data:
            _create(reviewed, with_data=wants_data)
    titles = ["Columns", "Diagram", *([_import_title(reviewed)] if reviewed.script else [])]
    columns, diagram_tab, *import_tab = st.tabs(titles, key="review_tab", on_change="rerun")
    if columns.open:
        with columns:
            structure_tools(review)
            review_grid(review)
    if diagram_tab.open:
        with diagram_tab:
            _draw_diagram(review, is_ready=not problems)
    if import_tab and import_tab[0].open:
        with import_tab[0]:
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


def _rows_in_all() -> None:
    """Draw the number of rows of the first run; an empty one is that of the schema."""
    st.number_input(
        "Rows in all",
        min_value=1,
        max_value=MAX_ROWS,
        value=None,
        step=1000,
        placeholder="Rows in all",
        key=_TOTAL_ROWS,
        width=150,
        label_visibility="collapsed",
        help="About this many rows in the first run: each table in proportion, lookups and calendars as they are.",
    )


def _create(reviewed: state.Reviewed, *, with_data: bool) -> None:
    total = st.session_state.get(_TOTAL_ROWS)
    try:
        with st.spinner("Creating the tables…"):
            experiment = workbench().create(reviewed.review.edited())
    except WorkbenchError as error:
        show_error(error)
        return
    state.set_created(state.Created(experiment.name, reviewed.draft))
    state.set_review(None)
    remove_new_draft()
    if not with_data:
        st.rerun()
    try:
        run = experiment.start(total_rows=None if total is None else int(total))
    except WorkbenchError as error:
        state.set_error(error)
    else:
        state.watch_run(experiment.name, run.id)
    state.set_created(None)
    go("generate", experiment.name)


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
