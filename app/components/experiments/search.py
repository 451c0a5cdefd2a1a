"""Finding an experiment among many, by its name, its description or one of its tables."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.formats import plain
from engine import Experiment

SEARCH_FROM = 4


def found(experiments: Sequence[Experiment]) -> list[Experiment]:
    """Draw the search when there are many experiments, and return those that answer to it."""
    if len(experiments) < SEARCH_FROM:
        return list(experiments)
    wanted = st.text_input(
        "Find an experiment",
        type="search",
        placeholder="Find an experiment, also by a table",
        key="find_experiment",
        label_visibility="collapsed",
        width=320,
    )
    folded = (wanted or "").strip().casefold()
    answering = [experiment for experiment in experiments if folded in _words(experiment)]
    if not answering:
        st.caption(f"No experiment answers to “{plain(wanted or '')}”.")
    return answering


def _words(experiment: Experiment) -> str:
    tables = " ".join(table.key for table in experiment.schema.tables)
    return f"{experiment.name} {experiment.schema.description} {tables}".casefold()
