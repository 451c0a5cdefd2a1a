"""The panel next to the inputs of a run: a preview of its rows, or the progress and outcome of the run.

Both take the same space, so that nothing on the page moves when a run starts or ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from app import state
from app.components.generate.preview import preview_rows
from app.components.shared.empty_state import go
from app.components.shared.errors import show_errors
from app.components.shared.presses import pressed
from app.components.shared.run_progress import resume_button, run_outcome, run_progress, tables_of_run
from app.components.shared.table_picker import choose_table
from engine import Experiment, Run

PREVIEW, RUN = "Preview", "Run"


def run_panel(experiment: Experiment, rows: Mapping[str, int], seed: int | None, *, can_preview: bool) -> None:
    """Draw the preview or the run: the run when it has just started or ended, otherwise the last chosen view."""
    run = _current_run(experiment)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        if run is None:
            st.header("Preview", anchor=False, width="stretch")
        is_run_shown = run is not None and _choose_view(experiment.name, run) == RUN
        table = "" if is_run_shown else choose_table(experiment, key="preview")
    ended = partial(_draw_outcome, experiment) if is_run_shown else _draw_nothing
    run_progress(experiment, ended, is_short=not is_run_shown, has_border=not is_run_shown)
    if is_run_shown:
        return
    if can_preview:
        with show_errors():
            preview_rows(experiment, table, rows, seed)
    else:
        st.caption("No preview: these row counts are not possible.")


def _draw_nothing() -> None:
    """Draw nothing."""


def _current_run(experiment: Experiment) -> Run | None:
    """Return the run in progress, or the one this tab waited for; None when it has been deleted."""
    progress = experiment.progress()
    run_id = state.watched_run(experiment.name) if progress is None else progress.run_id
    return next((run for run in experiment.runs() if run.id == run_id), None)


def _choose_view(name: str, run: Run) -> str:
    """Draw the choice of view; it switches to the run when one starts or ends."""
    key, seen_key, now = f"generate_view:{name}", f"_seen_run_{name}", (run.id, run.started_at, run.status)
    if st.session_state.get(seen_key) != now:
        st.session_state[seen_key] = now
        st.session_state[key] = RUN
    chosen: str | None = st.segmented_control(
        "Show", [PREVIEW, RUN], required=True, key=key, label_visibility="collapsed", persist_state="session"
    )
    return chosen or PREVIEW


def _draw_outcome(experiment: Experiment) -> None:
    """Draw the outcome of the run this tab waited for, the next steps and its tables."""
    run, name = _current_run(experiment), experiment.name
    if run is None or run.status == "RUNNING":
        return
    run_outcome(run)
    with st.container(horizontal=True):
        if run.is_loaded and pressed("Query the data", key="to_query", type="primary", icon=":material/terminal:"):
            state.request_query(name, experiment.first_query(), experiment.dialect)
            go("query", name)
        resume_button(run)
        if pressed("All runs", key="to_runs", icon=":material/history:"):
            go("runs", name)
    progress = experiment.progress(run.id)
    if progress is not None:
        tables_of_run(name, progress)
