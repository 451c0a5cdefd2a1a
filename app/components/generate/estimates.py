"""The estimate of a run before it starts: time and disk space, from a sample of each table."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app.components.shared.errors import show_error
from engine import Experiment
from engine.display.wording import counted, duration, size
from engine.errors import WorkbenchError


def run_estimate(experiment: Experiment, rows: Mapping[str, int]) -> bool:
    """Draw the estimate of a run with these row counts, or the error; return whether the run can start.

    The estimate is cached until the rows change.
    """
    key, request = f"_estimate_{experiment.name}", (experiment.created_at, tuple(sorted(rows.items())))
    cached = st.session_state.get(key)
    if cached is None or cached[0] != request:
        try:
            cached = (request, experiment.estimate(dict(rows)))
        except WorkbenchError as error:
            show_error(error)
            return False
        st.session_state[key] = cached
    estimate = cached[1]
    st.caption(
        f":material/schedule: About {duration(estimate.seconds)} and {size(estimate.bytes)} "
        f"for {counted(estimate.rows, 'row')}; {size(estimate.free_bytes)} free."
    )
    if not estimate.fits:
        st.warning("Not enough disk space for this run. Reduce the rows.", icon=":material/hard_drive:")
    return bool(estimate.fits)
