"""The choice of one table of an experiment."""

from __future__ import annotations

import streamlit as st

from engine import Experiment


def choose_table(experiment: Experiment, *, key: str, is_loaded: bool = False) -> str:
    """Draw the choice of a table, of the current or the loaded schema, and return its key."""
    schema = experiment.loaded_schema if is_loaded else experiment.schema
    chosen: str = st.selectbox(
        "Table",
        [table.key for table in schema.tables],
        key=f"{key}:{experiment.name}",
        label_visibility="collapsed",
        width=250,
        icon=":material/table:",
        persist_state="session",
    )
    return chosen
