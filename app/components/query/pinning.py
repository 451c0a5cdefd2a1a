"""Pinning the query of the editor to the board: it is saved first, as the board shows saved queries."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.query.presentation import current_presentation
from app.markdown_text import plain
from engine import Experiment
from engine.errors import WorkbenchError
from engine.types import SavedQuery

_PINS = "_pins"
"""How often this tab has pinned: another key closes the popover."""

_VIEWS = {"Chart": "chart", "Table": "table"}


def pin_query(experiment: Experiment, sql: str, dialect: str) -> None:
    """Draw the popover that pins the editor's text under a name."""
    name = experiment.name
    with st.popover("Pin to board", icon=":material/keep:", key=f"pin:{name}:{st.session_state.get(_PINS, 0)}"):
        if not sql.strip():
            st.caption("Write a query first.")
            return
        saved = _find_saved(experiment, sql, dialect)
        tab = state.tab_record(name)
        default = saved.name if saved is not None else tab.title if tab is not None else name
        key = f"pin_name:{name}:{default}"
        st.text_input("Name", value=default, key=key)
        shown = current_presentation(name).view
        st.segmented_control(
            "Show as",
            list(_VIEWS),
            default="Table" if shown == "table" else "Chart",
            required=True,
            key=f"pin_view:{name}",
        )
        st.button(
            "Save and pin" if saved is None else "Pin",
            key=f"pin_it:{name}",
            icon=":material/keep:",
            type="primary",
            width="stretch",
            on_click=_pin,
            args=(experiment, key),
        )


def _pin(experiment: Experiment, key: str) -> None:
    """Save the current text, unless it is saved under this name with this look, and pin it."""
    name = experiment.name
    sql, dialect = state.draft(name, experiment.first_query()), st.session_state["dialect"]
    title, shown = st.session_state[key].strip(), current_presentation(name)
    try:
        other = next((each for each in experiment.queries.saved() if each.name.casefold() == title.casefold()), None)
        if other is not None and (other.sql.strip(), other.dialect) != (sql.strip(), dialect):
            raise WorkbenchError(f"“{other.name}” is another saved query.", hint="Pin this one under another name.")
        saved = experiment.queries.save(title, sql, dialect, view=shown.view or "both", chart=shown.chart)
        experiment.board().pin(saved.name, _VIEWS[st.session_state[f"pin_view:{name}"]])
    except WorkbenchError as error:
        state.set_error(error)
    else:
        st.session_state[_PINS] = st.session_state.get(_PINS, 0) + 1
        state.notify(f"“{plain(saved.name)}” is on the board")


def _find_saved(experiment: Experiment, sql: str, dialect: str) -> SavedQuery | None:
    return next(
        (each for each in experiment.queries.saved() if (each.sql.strip(), each.dialect) == (sql.strip(), dialect)),
        None,
    )
