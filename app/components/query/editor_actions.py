"""The menu beside Run: lay the query out again, and show its plan."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.query.plan_view import explain
from engine import Experiment
from engine.errors import WorkbenchError

FORMAT, EXPLAIN, ANALYZE = "Format SQL", "Explain", "Explain and run"


def editor_actions(experiment: Experiment) -> None:
    """Draw the menu."""
    key = f"more:{experiment.name}"
    chosen = st.menu_button(
        "More",
        [FORMAT, EXPLAIN, ANALYZE],
        key=key,
        icon=":material/more_horiz:",
        help="Lay the SQL out anew, show its plan, or run it and count the rows and time of each step.",
        on_click=_carry_out,
        args=(experiment, key),
    )
    if chosen in (EXPLAIN, ANALYZE):
        st.rerun()  # the plan is outside of this fragment


def _carry_out(experiment: Experiment, key: str) -> None:
    """Do what was chosen, before the editor is drawn."""
    chosen = st.session_state[key]
    if chosen == FORMAT:
        format_editor(experiment)
    elif chosen is not None:
        explain(experiment.name, analyze=chosen == ANALYZE)


def format_editor(experiment: Experiment) -> None:
    """Lay out the editor's text again, or say where it cannot be read."""
    name = experiment.name
    text, dialect = state.draft(name, experiment.first_query()), st.session_state["dialect"]
    try:
        formatted = experiment.queries.format(text, dialect).rstrip()
    except WorkbenchError as error:
        state.set_error(error)
        return
    if formatted != text.strip():
        state.set_draft(name, formatted)
        st.session_state[f"_edited_{name.casefold()}"] = True
