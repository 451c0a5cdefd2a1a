"""The review of a schema before it is saved: its columns with samples, its diagram, its import, and its downloads."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from app import state
from app.components.diagram import diagram
from app.components.errors import show_error
from app.components.imports import import_summary
from app.components.new_forms import DIALECTS, keep_input
from app.formats import counted, plain
from app.shared import workbench
from engine.errors import WorkbenchError

_RULES = ("by type", "faker_rule", "mimesis_rule", "values", "pattern", "template", "expression", "line_number_of")


def review_schema(reviewed: state.Reviewed) -> None:
    """Draw a schema under review, and the buttons that save it or go back to its input."""
    review, draft = reviewed.review, reviewed.draft
    st.subheader(f"Review {plain(review.name)}", anchor=False)
    with st.container(horizontal=True):
        wants = st.button("Create experiment", key="review_create", type="primary", icon=":material/add:")
        st.button(
            "Back to the input",
            key="review_back",
            icon=":material/arrow_back:",
            on_click=_back,
        )
        _downloads(review)
    if wants:
        try:
            _create(reviewed)
        except WorkbenchError as error:
            show_error(error)
    columns, drawing, imported = st.tabs(["Columns", "Diagram", _import_title(reviewed)])
    with columns:
        _columns(review)
    with drawing:
        _diagram(review)
    with imported:
        if draft is None:
            st.caption("A schema in JSON is taken as it is.")
        else:
            notes, script = st.columns(2, gap="medium")
            with notes:
                import_summary(draft)
            script.code(reviewed.script, language="sql", line_numbers=True, height=480)


def _back() -> None:
    state.keep_review(None)
    keep_input()


def _import_title(reviewed: state.Reviewed) -> str:
    notes = 0 if reviewed.draft is None else len(reviewed.draft.notes)
    return f"Import ({counted(notes, 'note')})" if notes else "Import"


def _create(reviewed: state.Reviewed) -> None:
    experiment = workbench().create(reviewed.review.edited())
    state.keep_created(state.Created(experiment.name, reviewed.draft))
    state.keep_review(None)
    st.rerun()


def _columns(review: Any) -> None:
    table = st.selectbox("Table", review.tables, key="review_table", label_visibility="collapsed", width=320)
    samples: dict[str, list[str | None]] = {}
    try:
        samples = review.samples(table)
    except WorkbenchError as error:
        show_error(error)
    lines = review.lines(table)
    rows = [line | {"samples": [value or "NULL" for value in samples.get(line["column"], [])]} for line in lines]
    revision = st.session_state.setdefault("_review_revision", 0)
    key = f"review_grid:{table}:{revision}"
    st.data_editor(
        pl.DataFrame(rows, infer_schema_length=None, schema_overrides={"nulls": pl.Float64}),
        key=key,
        hide_index=True,
        disabled=["column", "suggested", "samples"],
        placeholder="",
        on_change=lambda: _take_edits(review, table, key, [line["column"] for line in lines]),
        column_config={
            "column": st.column_config.TextColumn("Column", pinned=True),
            "type": st.column_config.TextColumn("Type", required=True),
            "rule": st.column_config.SelectboxColumn("Rule", options=_RULES, required=True),
            "value": st.column_config.TextColumn("Of the rule", help="A method, a pattern, an expression, values."),
            "settings": st.column_config.TextColumn("Parameters", help='As JSON: {"min_value": 1, "max_value": 9}'),
            "nulls": st.column_config.NumberColumn("NULL share", min_value=0, max_value=1, step=0.01, format="%.2f"),
            "unique": st.column_config.CheckboxColumn("Unique"),
            "references": st.column_config.TextColumn("References", help="table.column"),
            "suggested": st.column_config.CheckboxColumn("Suggested", help="Guessed from the column's name."),
            "samples": st.column_config.ListColumn("Samples", help="Five values this column would get."),
        },
    )
    st.caption("Samples follow each change. What is marked as suggested was guessed from the names.")


def _take_edits(review: Any, table: str, key: str, columns: list[str]) -> None:
    """Give the changed cells to the review, and draw the grid anew from it."""
    for index, changes in st.session_state[key]["edited_rows"].items():
        review.change(table, columns[int(index)], changes)
    st.session_state["_review_revision"] += 1


def _diagram(review: Any) -> None:
    try:
        diagram(review.diagram, review.tables, key="review_diagram")
    except WorkbenchError as error:
        show_error(error)


def _downloads(review: Any) -> None:
    with st.popover("Download", icon=":material/download:", key="review_downloads"):
        try:
            files = {f"{review.name}.json": review.to_json()}
            files |= {f"{review.name}_{dialect}.sql": review.to_ddl(dialect) for dialect in DIALECTS}
        except WorkbenchError:
            st.caption("There is something to mend first.")
            return
        for name, text in files.items():
            st.download_button(
                name, text, file_name=name, key=f"review_file:{name}", icon=":material/download:", on_click="ignore"
            )
