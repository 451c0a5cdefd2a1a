"""The choice of an experiment that the pages share, kept in the address (`?experiment=shop`) for links.

What is chosen is kept by `state` and given to the widget each time: a widget's own memory, with or without binding it
to the address, forgets on the next page a choice that came from a link. An address that says something else is a link.
"""

from __future__ import annotations

from typing import Literal

import streamlit as st

from app import state
from app.components.shared.empty_state import empty_state
from app.formats import plain
from app.shared_workbench import workbench
from engine import Experiment

_KEY = "chosen_experiment"


def need_experiments() -> list[str]:
    """Return the names of the experiments; with none in the house, say what to do and end the page there."""
    names = [experiment.name for experiment in workbench().experiments()]
    if not names:
        empty_state(
            "No experiment yet",
            "An experiment is a schema with the data made for it. Start from a sample, or bring your own script.",
            page="experiments",
            label="Start with an experiment",
        )
        st.stop()
    return names


def choose_experiment(width: int | Literal["stretch"] = 320) -> Experiment:
    """Return the chosen experiment; with none in the house, the page ends."""
    names = need_experiments()
    chosen = _chosen(names)
    st.session_state[_KEY] = chosen
    st.selectbox(
        "Experiment",
        names,
        key=_KEY,
        required=True,
        label_visibility="collapsed",
        width=width,
        icon=":material/database:",
        on_change=_take_choice,
    )
    state.choose(chosen)
    return workbench()[chosen]


def _chosen(names: list[str]) -> str:
    linked, kept = st.query_params.get(state.EXPERIMENT), state.chosen()
    if linked in names:
        return str(linked)
    if linked is not None:  # deleted, perhaps elsewhere and while its page was open
        _warn_of(linked)
    return kept if kept in names else names[0]


def _take_choice() -> None:
    state.choose(st.session_state[_KEY])


def _warn_of(linked: str) -> None:
    st.warning(
        f"There is no experiment “{plain(linked)}”; it may have been deleted. This is another one.",
        icon=":material/link_off:",
    )
