"""What a run will need, before it is started: time and room on the disk, from a sample of each table."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app.components.shared.errors import show_error
from engine import Experiment
from engine.display.wording import counted, duration, size
from engine.errors import WorkbenchError


def run_estimate(experiment: Experiment, rows: Mapping[str, int]) -> bool:
    """Draw the estimate of a run of these rows, or why they cannot be; return whether the run can be started.

    It is made anew only when the rows change.
    """
    key, asked = f"_estimate_{experiment.name}", (experiment.created_at, tuple(sorted(rows.items())))
    kept = st.session_state.get(key)
    if kept is None or kept[0] != asked:
        try:
            kept = (asked, experiment.estimate(dict(rows)))
        except WorkbenchError as error:
            show_error(error)
            return False
        st.session_state[key] = kept
    estimate = kept[1]
    st.caption(
        f":material/schedule: About {duration(estimate.seconds)} and {size(estimate.bytes)} "
        f"for {counted(estimate.rows, 'row')}; {size(estimate.free_bytes)} are free."
    )
    if not estimate.fits:
        st.warning("The disk has no room for this run. Ask for fewer rows.", icon=":material/hard_drive:")
    return bool(estimate.fits)
