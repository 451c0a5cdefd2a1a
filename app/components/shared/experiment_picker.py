"""The experiment picker that the pages share; the choice is in the address (`?experiment=shop`), so it can be linked.

`state` holds the choice and sets the widget on every rerun: a widget's own memory, bound to the address or not, loses
on the next page a choice that came from a link. An address that names another experiment is a link.
"""

from __future__ import annotations

from typing import Literal

import streamlit as st

from app import state
from app.components.shared.address import keep_in_address
from app.components.shared.empty_state import empty_state
from app.markdown_text import plain
from app.page_end import end_page
from app.shared_workbench import workbench
from engine import Experiment

_KEY = "chosen_experiment"


def require_experiments() -> list[str]:
    """Return the names of the experiments; without any, draw what to do next and stop the page."""
    names = [experiment.name for experiment in workbench().experiments()]
    if not names:
        empty_state(
            "No experiments yet",
            "An experiment is a schema and the data generated for it. Start from a sample or your own script.",
            page="experiments",
            label="Create an experiment",
        )
        end_page()
    return names


def choose_experiment(width: int | Literal["stretch"] = 320) -> Experiment:
    """Draw the picker and return the chosen experiment; without experiments, stop the page."""
    names = require_experiments()
    chosen = _find_chosen(names)
    st.session_state[_KEY] = chosen
    st.selectbox(
        "Experiment",
        names,
        key=_KEY,
        required=True,
        label_visibility="collapsed",
        width=width,
        icon=":material/database:",
        on_change=_store_choice,
    )
    state.choose_experiment(chosen, is_default=True)
    keep_in_address(state.EXPERIMENT, chosen)
    return workbench()[chosen]


def _find_chosen(names: list[str]) -> str:
    linked, last = st.query_params.get(state.EXPERIMENT), state.chosen_experiment()
    found = next((name for name in names if linked is not None and name.casefold() == linked.casefold()), None)
    if found is not None:
        return found
    chosen = last if last in names else _used_last(names)
    if linked is not None:  # deleted, perhaps elsewhere and while its page was open
        _warn_missing(linked, chosen)
    return chosen


def _used_last(names: list[str]) -> str:
    return next((name for name in workbench().recently_used() if name in names), names[0])


def _store_choice() -> None:
    state.choose_experiment(st.session_state[_KEY])


def _warn_missing(linked: str, chosen: str) -> None:
    st.warning(
        f"Experiment “{plain(linked)}” not found: it may have been deleted or renamed. This is “{plain(chosen)}”;"
        " choose another one in the list, or create it on the page Experiments.",
        icon=":material/link_off:",
    )
