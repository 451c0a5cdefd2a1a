"""The editor of the query page with its tools, as a fragment: typing redraws these alone, a run redraws the page."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.query.editor import query_editor
from app.components.query.editor_actions import editor_actions
from app.components.query.execution import is_partial, start_query
from app.components.query.links import show_link
from app.components.query.pinning import pin_query
from app.components.query.presentation import current_presentation
from app.components.query.saved_queries import history_choice, save_query, saved_choice
from app.components.query.tabs import save_tab
from app.components.shared.dialects import DIALECTS
from app.components.shared.live_fragment import live_fragment
from app.components.shared.messages import show_messages
from app.components.shared.presses import pressed
from app.shared_workbench import workbench


@live_fragment
def query_workspace(name: str, tab: str) -> None:
    """Draw the editor of a query tab and its tools for an experiment, and start the requested query."""
    show_messages()
    experiment = workbench()[name]
    # Streamlit makes one run of a pause in typing and a click on another tab that follows at once: that of this
    # fragment. The page around it then has yet to show the other tab. It opens one, too, for a query that was chosen
    # next to text that never ran.
    if state.open_tab(name) != tab or state.has_new_tab(name):
        st.rerun()
    text = query_editor(experiment, state.use_dialect(name, experiment.dialect))
    with st.container(horizontal=True, vertical_alignment="center", key="query_tools"):
        wants = pressed(
            "Run selection" if is_partial(text, state.selection(name)) else "Run",
            key="run",
            type="primary",
            icon=":material/play_arrow:",
            help="Ctrl+Enter in the editor. With a selection, only it runs. Escape, then Tab, leaves the editor.",
        )
        dialect = st.selectbox(
            "Dialect",
            list(DIALECTS),
            format_func=DIALECTS.__getitem__,
            key="dialect",
            label_visibility="collapsed",
            width=120,
            persist_state="session",
            required=True,
        )
        state.save_dialect(name, dialect)
        editor_actions(experiment)
        history_choice(experiment)
        saved_choice(experiment)
        save_query(experiment, text)
        pin_query(experiment, text, dialect)
    save_tab(experiment)
    show_link(experiment, text, dialect, current_presentation(name))
    selection = state.take_request(name)
    if wants:
        selection = state.selection(name)
    if selection is not None:
        start_query(name, text, selection, dialect)
        st.rerun()  # the editor above must underline the error
