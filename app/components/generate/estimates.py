"""The estimate of a run before it starts: time and disk space, and where they come from."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app.background_task import BackgroundTask
from app.components.shared.errors import show_error
from app.components.shared.live_fragment import live_fragment
from engine import Experiment
from engine.display.wording import counted, duration, size
from engine.errors import WorkbenchError
from engine.types import Estimate

POLL_SECONDS = 0.3


def run_estimate(experiment: Experiment, rows: Mapping[str, int]) -> bool:
    """Draw the estimate of a run with these row counts, or the error; return whether the run can start.

    The estimate plans every table, which takes seconds for hundreds of them: it is made in the background, and kept
    for all tabs until the rows or the schema change or a run has ended. Until it is there, the run can start when
    its row counts agree with each other.
    """
    try:
        experiment.planned_rows(dict(rows))
    except WorkbenchError as error:
        show_error(error)
        return False
    task = _task(experiment, rows)
    with st.container(key="estimate"):
        is_live = not task.has_ended
        live_fragment(_poll, POLL_SECONDS if is_live else None)(experiment.name, is_live)
    return task.error is None and (task.result is None or bool(task.result.fits))


def _task(experiment: Experiment, rows: Mapping[str, int]) -> BackgroundTask[Estimate]:
    key, request = _key(experiment.name), _request(experiment, rows)
    task: BackgroundTask[Estimate] | None = st.session_state.get(key)
    if task is None or task.cache_key != request:
        wanted = dict(rows)
        task = BackgroundTask(lambda _handle: experiment.estimate(wanted), name="estimate", cache_key=request)
        st.session_state[key] = task
        task.wait_briefly()
    return task


def _poll(name: str, was_live: bool) -> None:
    task: BackgroundTask[Estimate] | None = st.session_state.get(_key(name))
    if task is None or (was_live and task.error is not None):
        st.rerun()
    elif not task.has_ended:
        st.caption(":material/schedule: Estimating time and disk space…")
    elif task.error is not None:
        show_error(task.error)
    elif task.result is not None:
        _draw(task.result)
        if was_live:
            st.rerun()  # end the polls


def _draw(estimate: Estimate) -> None:
    st.caption(
        f":material/schedule: About {duration(estimate.seconds)} and {size(estimate.bytes)} "
        f"for {counted(estimate.rows, 'row')}; {size(estimate.free_bytes)} free."
        + (f" Time {estimate.source}." if estimate.source else "")
    )
    if not estimate.fits:
        st.warning("Not enough disk space for this run. Reduce the rows.", icon=":material/hard_drive:")


def _key(name: str) -> str:
    return f"_estimate_{name}"


def _request(experiment: Experiment, rows: Mapping[str, int]) -> tuple[object, ...]:
    ended = max((run.finished_at for run in experiment.runs() if run.finished_at is not None), default=None)
    return "estimate", experiment.name, experiment.created_at, experiment.version, ended, tuple(sorted(rows.items()))
