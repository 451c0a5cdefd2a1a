"""A preview of a table: rows as a run would generate them, from any offset, without running."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app.components.shared.number_format import separators_toggle
from app.components.shared.tables import frame_table
from engine import Experiment

PREVIEW_ROWS = 10


def preview_rows(experiment: Experiment, table: str, rows: Mapping[str, int], seed: int | None) -> None:
    """Draw preview rows of a table for these counts and this seed, and the input of the first row."""
    total = experiment.planned_rows(rows)[table]
    grid = st.container()
    with st.container(horizontal=True, vertical_alignment="center"):
        caption = st.container(width="stretch")
        separators_toggle("preview")
        offset = _choose_first(experiment.name, table, total) - 1 if total > PREVIEW_ROWS else 0
    with grid:
        frame_table(
            experiment.preview(
                table, rows=min(PREVIEW_ROWS, total - offset), offset=offset, seed=seed or 0, counts=rows
            ),
            key=f"preview_rows:{experiment.name}",
            alt=f"Preview of {table}",
        )
    caption.caption(_describe_rows(offset, total, seed))


def _choose_first(name: str, table: str, total: int) -> int:
    key = f"preview_from:{name}:{table}"
    if st.session_state.get(key, 1) > total:
        st.session_state[key] = 1
    first: int = st.number_input(
        "From row",
        min_value=1,
        max_value=total,
        step=PREVIEW_ROWS,
        key=key,
        width=180,
        help="Jump to any rows of the run; the rows before are not generated.",
        persist_state="session",
    )
    return first


def _describe_rows(offset: int, total: int, seed: int | None) -> str:
    if total == 0:
        return "This table gets no rows."
    if seed is None:
        return "Example rows (seed 0). Set a seed to preview the exact rows of the run."
    if offset == 0:
        return f"The first rows of a run with seed {seed}."
    last = min(offset + PREVIEW_ROWS, total)
    return f"Rows {offset + 1:,} to {last:,} of a run with seed {seed}."
