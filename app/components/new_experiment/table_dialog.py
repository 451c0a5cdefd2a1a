"""The dialog of a table under review: rename, move or drop it."""

from __future__ import annotations

import streamlit as st

from app.components.new_experiment.review_grid import reset_grid
from app.components.shared.errors import show_error
from app.components.shared.presses import pressed
from engine.errors import WorkbenchError
from engine.types import Review


@st.dialog("Edit the table", icon=":material/table_edit:")
def edit_table(review: Review, table: str) -> None:
    """Ask for a table's name and position, or to drop it."""
    schema_name, dot, bare = table.rpartition(".")
    name = st.text_input("Name", value=bare, key=f"table_name:{table}", help="References and expressions follow.")
    places = list(range(1, len(review.tables) + 1))
    place = st.selectbox(
        "Position", places, index=review.tables.index(table), key=f"table_place:{table}", help="1 is the first table."
    )
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        wants = pressed("Apply", key="table_apply", type="primary")
        drops = pressed("Drop table", key="table_drop", icon=":material/delete:", help="Undo brings it back.")
    if not (wants or drops):
        return
    new = f"{schema_name}{dot}{name.strip()}"
    try:
        if drops:
            review.drop_table(table)
        else:
            if new != table:
                review.rename_table(table, name.strip())
            if place - 1 != review.tables.index(new):
                review.move_table(new, place - 1)
            st.session_state["_shown_table"] = new
    except WorkbenchError as error:
        show_error(error)
    else:
        reset_grid()
        st.rerun()
