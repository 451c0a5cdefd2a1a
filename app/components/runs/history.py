"""The runs on the page: of one experiment or of all, the linked one, and a watch for changes."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app import state
from app.markdown_text import plain
from app.shared_workbench import workbench
from engine import Experiment, Run
from engine.errors import WorkbenchError

WATCH_SECONDS = 2.0
_EXTENTS = ("This experiment", "All experiments")


def choose_extent(experiment: Experiment) -> tuple[list[Experiment], str]:
    """Draw the choice between one experiment and all; return the experiments and a key for the choice."""
    all_experiments = workbench().experiments()
    if len(all_experiments) == 1:
        return [experiment], experiment.name
    extent = st.segmented_control(
        "Runs of",
        _EXTENTS,
        default=_EXTENTS[0],
        required=True,
        key="runs_extent",
        persist_state="session",
        label_visibility="collapsed",
    )
    if extent == _EXTENTS[0] or state.RUN in st.query_params:
        return [experiment], experiment.name
    return all_experiments, "*"


def list_runs(experiments: Sequence[Experiment]) -> list[Run]:
    """Return the runs of the experiments, the newest first."""
    runs: list[Run] = []
    for experiment in experiments:
        try:
            runs += experiment.runs()
        except WorkbenchError:
            continue  # deleted since it was listed
    return sorted(runs, key=lambda run: (run.started_at, run.id), reverse=True)


def linked_run(experiment: Experiment, runs: Sequence[Run]) -> Run | None:
    """Return the run that the address names; warn when it does not exist."""
    wanted = st.query_params.get(state.RUN)
    if wanted is None:
        return None
    found = next((run for run in runs if run.experiment == experiment.name and str(run.id) == wanted), None)
    if found is None:
        st.warning(f"Run {plain(wanted)} not found. It may have been deleted.", icon=":material/link_off:")
    else:
        st.button("Show all runs", key="all_runs", icon=":material/arrow_back:", on_click=state.link_run, args=(None,))
    return found


def watch_runs(names: Sequence[str], runs: Sequence[Run]) -> None:
    """Redraw the page when a run starts, ends or is loaded in another tab, notebook or terminal."""
    st.fragment(run_every=WATCH_SECONDS)(_rerun_on_change)(list(names), _states(runs))


def _rerun_on_change(names: list[str], drawn: frozenset[tuple[str, int, str, bool]]) -> None:
    bench = workbench()
    experiments = [bench[name] for name in names if name in bench]
    if _states(list_runs(experiments)) != drawn:
        st.rerun()


def _states(runs: Sequence[Run]) -> frozenset[tuple[str, int, str, bool]]:
    return frozenset((run.experiment, run.id, run.status.value, run.is_loaded) for run in runs)
