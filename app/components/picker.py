"""The choice of an experiment that the pages share, kept in the address (`?experiment=shop`) for links."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from app import state
from app.components.empty import empty_state
from app.formats import plain
from app.shared import workbench
from engine import Experiment


def choose_experiment(width: int | Literal["stretch"] = 320) -> Experiment:
    """Return the chosen experiment; with none in the house, say what to do and end the page there."""
    names = [experiment.name for experiment in workbench().experiments()]
    if not names:
        empty_state(
            "No experiment yet",
            "An experiment is a schema with the data made for it. Start from a sample, or bring your own script.",
            page="experiments",
            label="Start with an experiment",
        )
        st.stop()
    linked = st.query_params.get(state.EXPERIMENT)
    if linked is not None and linked not in names:
        _warn_of(linked)
    if st.session_state.get(state.EXPERIMENT) not in names and linked not in names:
        st.session_state[state.EXPERIMENT] = names[0]
    chosen = st.selectbox(
        "Experiment",
        names,
        index=None,
        required=True,
        key=state.EXPERIMENT,
        bind="query-params",
        label_visibility="collapsed",
        width=width,
        icon=":material/database:",
    )
    return workbench()[chosen or names[0]]


def _warn_of(linked: str) -> None:
    st.warning(
        f"There is no experiment “{plain(linked)}”; the link may be older than its deletion. Choose one below.",
        icon=":material/link_off:",
    )
