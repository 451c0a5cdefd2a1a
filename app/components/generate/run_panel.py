"""What stands beside the inputs of a run: a look at its rows, or the run that goes on and how it ended.

Both take the same place, so that nothing on the page moves when a run begins or ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from app import state
from app.components.generate.preview import preview_rows
from app.components.shared.empty_state import go
from app.components.shared.errors import errors_shown
from app.components.shared.run_progress import resume_button, run_outcome, run_progress, tables_of_run
from app.components.shared.table_picker import choose_table
from engine import Experiment, Run

PREVIEW, RUN = "Preview", "Run"


def run_panel(experiment: Experiment, rows: Mapping[str, int], seed: int | None, *, can_preview: bool) -> None:
    """Draw the preview or the run: the run when it has just begun or ended, and else what was chosen last."""
    run = _run_at_hand(experiment)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        if run is None:
            st.header("Preview", anchor=False, width="stretch")
        is_run_shown = run is not None and _choose_view(experiment.name, run) == RUN
        table = "" if is_run_shown else choose_table(experiment, key="preview")
    ended = partial(_outcome, experiment) if is_run_shown else _nothing
    run_progress(experiment, ended, is_short=not is_run_shown, has_border=not is_run_shown)
    if is_run_shown:
        return
    if can_preview:
        with errors_shown():
            preview_rows(experiment, table, rows, seed)
    else:
        st.caption("No preview: these rows cannot be made.")


def _nothing() -> None:
    """Draw nothing."""


def _run_at_hand(experiment: Experiment) -> Run | None:
    """Return the run that goes on, or the one whose outcome this tab waited for; it may have been deleted meanwhile."""
    progress = experiment.progress()
    run_id = state.watched(experiment.name) if progress is None else progress.run_id
    return next((run for run in experiment.runs() if run.id == run_id), None)


def _choose_view(name: str, run: Run) -> str:
    """Draw the choice; a run that begins or ends is shown."""
    key, seen_key, now = f"generate_view:{name}", f"_seen_run_{name}", (run.id, run.started_at, run.status)
    if st.session_state.get(seen_key) != now:
        st.session_state[seen_key] = now
        st.session_state[key] = RUN
    chosen: str | None = st.segmented_control(
        "Show", [PREVIEW, RUN], required=True, key=key, label_visibility="collapsed", persist_state="session"
    )
    return chosen or PREVIEW


def _outcome(experiment: Experiment) -> None:
    """Draw how the run ended that this tab waited for, its tables, and the ways on."""
    run, name = _run_at_hand(experiment), experiment.name
    if run is None or run.status == "RUNNING":
        return
    run_outcome(run)
    with st.container(horizontal=True):
        if run.is_loaded and st.button("Query it", key="to_query", type="primary", icon=":material/terminal:"):
            state.ask(name, experiment.first_query())
            go("query", name)
        resume_button(run)
        if st.button("All runs", key="to_runs", icon=":material/history:"):
            go("runs", name)
    progress = experiment.progress(run.id)
    if progress is not None:
        tables_of_run(name, progress)
