"""The Generate page: row counts, seed, a preview of the rows, and the progress of the run."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.generate.estimates import run_estimate
from app.components.generate.row_counts import (
    multiplier,
    requested_rows,
    requested_seed,
    row_inputs,
    seed_input,
    total_input,
)
from app.components.generate.run_panel import run_panel
from app.components.shared.experiment_picker import choose_experiment
from app.components.shared.header import page_header
from app.components.shared.presses import pressed
from app.components.shared.status import warnings_badge
from engine import Experiment
from engine.errors import WorkbenchError


def start(experiment: Experiment) -> None:
    """Start a run with the row counts and seed of the inputs."""
    try:
        run = experiment.start(rows=requested_rows(experiment), seed=requested_seed(experiment.name))
    except WorkbenchError as error:
        state.set_error(error)
    else:
        state.watch_run(experiment.name, run.id)


page_header("Generate", "The same seed and row counts give the same data on every machine.")
with st.container(horizontal=True, vertical_alignment="center"):
    experiment = choose_experiment(width=260)
    warnings_badge(experiment.name, experiment.warnings)

is_live = experiment.progress() is not None
settings, panel = st.columns([2, 3], gap="medium")
with settings.container(border=True, height="stretch"):
    st.header("Rows", anchor=False)
    total_input(experiment)
    multiplier(experiment)
    row_inputs(experiment)
    seed_input(experiment.name)
    can_run = run_estimate(experiment, requested_rows(experiment))
    wants = pressed(
        "Generate",
        key=f"start:{experiment.name}",  # per experiment: a click meant for a deleted one must not start another
        type="primary",
        icon=":material/bolt:",
        width="stretch",
        disabled=is_live or not can_run,
    )
    st.caption(
        "One run at a time: wait for the current run to end, or cancel it."
        if is_live
        else "A run writes Parquet files and loads them, replacing the rows in the tables."
    )
    if wants:
        with st.spinner("Preparing the run…"):
            start(experiment)
        st.rerun()
with panel.container(border=True, height="stretch"):
    run_panel(experiment, requested_rows(experiment), requested_seed(experiment.name), can_preview=can_run)
