"""Some rows of a table as a run would make them, without making the run: the first ones, or any others at once."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app.components.shared.tables import frame_table
from engine import Experiment

PREVIEW_ROWS = 10


def preview_rows(experiment: Experiment, table: str, rows: Mapping[str, int], seed: int | None) -> None:
    """Draw rows of a table for these counts and this seed, and the choice of where they begin."""
    total = experiment.planned_rows(rows)[table]
    place = st.container()
    with st.container(horizontal=True, vertical_alignment="center"):
        caption = st.container(width="stretch")
        offset = _choose_first(experiment.name, table, total) - 1 if total > PREVIEW_ROWS else 0
    with place:
        frame_table(
            experiment.preview(
                table, rows=min(PREVIEW_ROWS, total - offset), offset=offset, seed=seed or 0, counts=rows
            ),
            key=f"preview_rows:{experiment.name}",
            alt=f"The first rows of {table} as a run would make them",
        )
    caption.caption(_told(offset, total, seed))


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
        help="Any rows of the run, at once: those before them need not be made.",
        persist_state="session",
    )
    return first


def _told(offset: int, total: int, seed: int | None) -> str:
    if total == 0:
        return "This table gets no rows."
    if seed is None:
        return "An example (seed 0). Give a seed, and these are the very rows of the run."
    if offset == 0:
        return f"The very rows that a run with seed {seed} begins with."
    last = min(offset + PREVIEW_ROWS, total)
    return f"The very rows {offset + 1:,} to {last:,} of a run with seed {seed}."
