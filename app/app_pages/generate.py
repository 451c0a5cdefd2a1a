"""Fill the tables of an experiment: rows, seed, a look at the rows before they are made, and the run as it goes."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.empty import go
from app.components.errors import errors_shown
from app.components.estimates import run_estimate
from app.components.header import page_header
from app.components.picker import choose_experiment
from app.components.preview import preview_rows
from app.components.progress import resume_button, run_outcome, run_progress
from app.components.row_counts import asked_rows, asked_seed, multiplier, row_inputs, seed_input
from app.components.status import warnings_badge
from engine import Experiment
from engine.errors import WorkbenchError


def start(experiment: Experiment) -> None:
    """Start a run with what the inputs say."""
    try:
        run = experiment.start(rows=asked_rows(experiment), seed=asked_seed(experiment.name))
    except WorkbenchError as error:
        state.fail(error)
    else:
        state.watch(experiment.name, run.id)


def outcome(experiment: Experiment) -> None:
    """Draw how the run ended that this tab waited for, and the ways on."""
    run_id, name = state.watched(experiment.name), experiment.name
    run = next((one for one in experiment.runs() if one.id == run_id), None)  # it may have been deleted meanwhile
    if run is None:
        return
    run_outcome(run)
    with st.container(horizontal=True):
        if run.is_loaded and st.button("Query it", key="to_query", type="primary", icon=":material/terminal:"):
            state.ask(name, experiment.first_query())
            go("query", name)
        resume_button(run)
        if st.button("All runs", key="to_runs", icon=":material/history:"):
            go("runs", name)


page_header("Generate", "The same seed and rows give the same data, on every machine.")
with st.container(horizontal=True, vertical_alignment="center"):
    experiment = choose_experiment()
    warnings_badge(experiment.name, experiment.warnings)
name = experiment.name

is_live = run_progress(experiment, lambda: outcome(experiment))
settings, preview = st.columns([2, 3], gap="medium")
with settings.container(border=True):
    st.subheader("Rows", anchor=False)
    multiplier(experiment)
    row_inputs(experiment)
    seed_input(name)
    run_estimate(experiment, asked_rows(experiment))
    wants = st.button(
        "Generate",
        key="start",
        type="primary",
        icon=":material/bolt:",
        width="stretch",
        disabled=is_live,
        help="One run at a time: this one must end first." if is_live else None,
    )
    st.caption("A run makes Parquet files and loads them: what the tables hold now is replaced.")
    if wants:
        with st.spinner("Preparing the run …"):
            start(experiment)
        st.rerun()
with preview.container(border=True), errors_shown():
    preview_rows(experiment, asked_rows(experiment), asked_seed(name))
