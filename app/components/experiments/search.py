"""Search for an experiment by its name, description or tables."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.markdown_text import plain
from engine import Experiment

SEARCH_FROM = 4


def search_experiments(experiments: Sequence[Experiment]) -> list[Experiment]:
    """Draw the search when there are many experiments, and return those that match."""
    if len(experiments) < SEARCH_FROM:
        return list(experiments)
    wanted = st.text_input(
        "Find an experiment",
        type="search",
        placeholder="Find an experiment by name or table",
        key="find_experiment",
        label_visibility="collapsed",
        width=320,
    )
    folded = (wanted or "").strip().casefold()
    matching = [experiment for experiment in experiments if folded in _searchable_text(experiment)]
    if not matching:
        st.caption(f"No experiment matches “{plain(wanted or '')}”.")
    return matching


def _searchable_text(experiment: Experiment) -> str:
    tables = " ".join(table.key for table in experiment.schema.tables)
    return f"{experiment.name} {experiment.schema.description} {tables}".casefold()
