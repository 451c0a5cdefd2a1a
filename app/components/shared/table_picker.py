"""The choice of one table of an experiment."""

from __future__ import annotations

import streamlit as st

from engine import Experiment


def choose_table(experiment: Experiment, *, key: str) -> str:
    """Draw the choice of a table and return its key."""
    chosen: str = st.selectbox(
        "Table",
        [table.key for table in experiment.schema.tables],
        key=f"{key}:{experiment.name}",
        label_visibility="collapsed",
        width=250,
        icon=":material/table:",
        persist_state="session",
    )
    return chosen
