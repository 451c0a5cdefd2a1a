"""The first rows of a table as a run would make them, without making the run."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app.components.tables import frame_table
from engine import Experiment

PREVIEW_ROWS = 10


def choose_preview_table(experiment: Experiment) -> str:
    """Draw the choice of the table to look at, and return its key."""
    chosen: str = st.selectbox(
        "Table",
        [table.key for table in experiment.schema.tables],
        key=f"preview:{experiment.name}",
        label_visibility="collapsed",
        width=260,
        icon=":material/table:",
        persist_state="session",
    )
    return chosen


def preview_rows(experiment: Experiment, table: str, rows: Mapping[str, int], seed: int | None) -> None:
    """Draw the first rows of a table for these counts and this seed."""
    shown = min(PREVIEW_ROWS, rows.get(table, PREVIEW_ROWS))
    frame = experiment.preview(table, rows=shown, seed=seed or 0, counts=rows)
    frame_table(
        frame,
        key=f"preview_rows:{experiment.name}",
        alt=f"The first rows of {table} as a run would make them",
    )
    if frame.is_empty():
        st.caption("This table gets no rows.")
    elif seed is None:
        st.caption("An example (seed 0). Give a seed, and these are the very rows of the run.")
    else:
        st.caption(f"The very rows that a run with seed {seed} begins with.")
