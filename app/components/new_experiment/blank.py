"""The form that starts a schema from nothing: the names of the experiment and of its first table."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.new_experiment.forms import begin_review
from app.components.new_experiment.review_grid import reset_grid
from app.markdown_text import plain
from app.shared_workbench import workbench
from engine.errors import SchemaError, WorkbenchError


def blank_form() -> None:
    """Draw the form; below it stands why a name is not possible."""
    with st.form("new_blank", border=False, enter_to_submit=True):  # noqa: SIM117 - a form holds a row
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input(
                "Name", key="new_blank_name", placeholder="shop", persist_state="session", help="Letters, digits and _."
            )
            table = st.text_input(
                "First table", key="new_blank_table", placeholder="customers", persist_state="session"
            )
            starts = st.form_submit_button("Start", type="primary", icon=":material/add:", key="new_blank_create")
    st.caption("Next you add columns and tables; their names suggest types, references and rules.")
    if not starts:
        return
    try:
        begin_review(state.Reviewed(workbench().blank_review(name.strip(), table.strip())))
    except SchemaError as error:
        st.markdown(f":red[{plain(' '.join(map(str, error.problems)))}]")
    except WorkbenchError as error:
        st.markdown(f":red[{plain(str(error))}]")
    else:
        reset_grid()
        st.rerun()
