"""Fill the tables of an experiment: rows, seed, a look at the rows before they are made, and the run as it goes."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.generate.estimates import run_estimate
from app.components.generate.row_counts import asked_rows, asked_seed, multiplier, row_inputs, seed_input
from app.components.generate.run_panel import run_panel
from app.components.shared.experiment_picker import choose_experiment
from app.components.shared.header import page_header
from app.components.shared.status import warnings_badge
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


page_header("Generate", "The same seed and rows give the same data, on every machine.")
with st.container(horizontal=True, vertical_alignment="center"):
    experiment = choose_experiment(width=260)
    warnings_badge(experiment.name, experiment.warnings)

is_live = experiment.progress() is not None
settings, beside = st.columns([2, 3], gap="medium")
with settings.container(border=True, height="stretch"):
    st.header("Rows", anchor=False)
    multiplier(experiment)
    row_inputs(experiment)
    seed_input(experiment.name)
    can_run = run_estimate(experiment, asked_rows(experiment))
    wants = st.button(
        "Generate",
        key=f"start:{experiment.name}",  # its own: a click for one that was deleted must not start another
        type="primary",
        icon=":material/bolt:",
        width="stretch",
        disabled=is_live or not can_run,
    )
    st.caption(
        "One run at a time: it can begin when the one beside has ended, or is cancelled."
        if is_live
        else "A run makes Parquet files and loads them: what the tables hold now is replaced."
    )
    if wants:
        with st.spinner("Preparing the run …"):
            start(experiment)
        st.rerun()
with beside.container(border=True, height="stretch"):
    run_panel(experiment, asked_rows(experiment), asked_seed(experiment.name), can_preview=can_run)
