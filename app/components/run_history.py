"""The history of runs: of one experiment or of all, the one that the address names, and noticing what others do."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app import state
from app.formats import plain
from app.shared import workbench
from engine import Experiment, Run

WATCH_SECONDS = 2.0

Signs = list[tuple[str, int, str, bool]]


def history(experiments: Sequence[Experiment]) -> list[Run]:
    """Return the runs of these experiments, the newest first."""
    runs = [run for experiment in experiments for run in experiment.runs()]
    return sorted(runs, key=lambda run: (run.started_at, run.id), reverse=True)


def linked_run(experiment: Experiment) -> Run | None:
    """Return the run that the address names; of one that is not there, say so and forget it."""
    written = st.query_params.get(state.RUN)
    if written is None:
        return None
    found = next((run for run in experiment.runs() if str(run.id) == written), None)
    if found is None:
        st.warning(f"{plain(experiment.name)} has no run “{plain(written)}”.", icon=":material/link_off:")
        forget_link()
    return found


def forget_link() -> None:
    """Take the run out of the address."""
    st.query_params.pop(state.RUN, None)


def watch(runs: Sequence[Run]) -> None:
    """Look now and then whether a run has begun, ended, gone or been loaded elsewhere; the page is then redrawn."""
    st.fragment(run_every=WATCH_SECONDS)(_look)(_signs(runs))


def _look(seen: Signs) -> None:
    if _signs(history(workbench().experiments())) != seen:
        st.rerun()


def _signs(runs: Sequence[Run]) -> Signs:
    return sorted((run.experiment, run.id, run.status, run.is_loaded) for run in runs)
