"""Another version came first: what they changed, what you changed, and three ways on. Nothing typed is lost."""

from __future__ import annotations

import streamlit as st

from app.components.schema.editing import Editing, start_again
from app.components.shared.schema_changes import schema_changes
from app.components.shared.times import ago_html
from engine import Experiment


def conflict_panel(experiment: Experiment, editing: Editing) -> None:
    """Draw both changes since the common version, and the ways on."""
    current = experiment.versions()[0]
    with st.container(border=True, key="schema_conflict"):
        st.markdown(
            f":material/call_split: **Version {current.number} was saved {ago_html(current.saved_at)}, while you edit"
            f" version {editing.based_on}.** Your changes are kept here.",
            unsafe_allow_html=True,
        )
        theirs, mine = st.columns(2)
        with theirs:
            st.markdown(f"**They changed** (version {editing.based_on} to {current.number})")
            schema_changes(experiment.diff(editing.based_on, current.number).changes)
        with mine:
            st.markdown(f"**You changed** (version {editing.based_on} to yours)")
            schema_changes(editing.review.differences())
        with st.container(horizontal=True):
            st.link_button(
                f"Look at version {current.number}",
                f"schema?experiment={experiment.name}&view=versions&version={current.number}",
                icon=":material/open_in_new:",
            )
            st.button(
                "Save mine over it",
                key="conflict_mine",
                on_click=_save_over,
                args=(experiment, editing),
                help=f"Your schema follows version {current.number}; the next step shows what that changes.",
            )
            st.button(
                f"Start again from version {current.number}",
                key="conflict_theirs",
                on_click=start_again,
                args=(editing, experiment),
                help="Undo brings your changes back.",
            )


def _save_over(experiment: Experiment, editing: Editing) -> None:
    editing.based_on = experiment.version
    editing.review.compare_with(experiment.schema)
