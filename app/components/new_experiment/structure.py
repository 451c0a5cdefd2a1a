"""The tables and columns of a schema under review: added in a line, changed in a dialog."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.components.new_experiment.column_dialog import add_column, edit_column
from app.components.new_experiment.review_grid import reset_grid
from app.components.new_experiment.table_dialog import edit_table
from app.components.shared.presses import pressed
from app.markdown_text import plain
from engine.errors import SchemaError, WorkbenchError
from engine.types import Review

_TABLE = "review_table"
_FAULT = "_structure_fault"


def structure_tools(review: Review) -> None:
    """Draw the inputs that add tables and columns, and the buttons that open their dialogs."""
    table = chosen_table(review)
    with st.container(horizontal=True, vertical_alignment="bottom", key="structure_tools"):
        st.text_input(
            "New table",
            key="new_table_name",
            placeholder="customers",
            width=180,
            help="Its name; it begins with a key.",
            on_change=_add_table,
            args=(review,),
        )
        st.text_input(
            f"New columns of {plain(table)}",
            key="new_columns",
            placeholder="email, price DECIMAL(12,2), note VARCHAR(40) NULL",
            width="stretch",
            help="Names, with types if you like. A name suggests the type, the reference and the rule.",
            on_change=_add_columns,
            args=(review, table),
        )
        if pressed("Add column", key="add_column", icon=":material/add:", help="Choose type, keys and reference."):
            add_column(review, table)
        if pressed("Edit column", key="edit_column", icon=":material/edit:", help="Rename, move or drop one."):
            edit_column(review, table)
        if pressed("Edit table", key="edit_table", icon=":material/table_edit:", help="Rename, move or drop it."):
            edit_table(review, table)
    fault: WorkbenchError | None = st.session_state.pop(_FAULT, None)
    with st.container():
        if fault is not None:
            st.markdown(f":red[{plain(_text(fault))}]")


def chosen_table(review: Review) -> str:
    """Return the table that the grid shows: that of the last rename, else the chosen one if it is still there."""
    renamed = st.session_state.pop("_shown_table", None)
    if renamed in review.tables:
        st.session_state[_TABLE] = renamed
    table: str | None = st.session_state.get(_TABLE)
    if table not in review.tables:
        table = st.session_state[_TABLE] = review.tables[0]
    return table


def _add_table(review: Review) -> None:
    name = st.session_state["new_table_name"].strip()

    def add() -> None:
        st.session_state[_TABLE] = review.add_table(name)

    if name and _try(add):
        st.session_state["new_table_name"] = ""


def _add_columns(review: Review, table: str) -> None:
    text = st.session_state["new_columns"].strip()
    if text and _try(lambda: review.add_columns(table, text)):
        st.session_state["new_columns"] = ""


def _try(change: Callable[[], None]) -> bool:
    """Make a change and redraw the grid; keep the error of one that is not possible for its line."""
    try:
        change()
    except WorkbenchError as error:
        st.session_state[_FAULT] = error
        return False
    reset_grid()
    return True


def _text(error: WorkbenchError) -> str:
    if isinstance(error, SchemaError):
        return " ".join(str(problem) for problem in error.problems[:3])
    return str(error)
