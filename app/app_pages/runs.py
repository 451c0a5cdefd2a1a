"""The runs of an experiment: what was made when, how it ended, and loading any of them again."""

from __future__ import annotations

import streamlit as st

from app.components.comparison import comparison
from app.components.empty import empty_state
from app.components.header import page_header
from app.components.picker import choose_experiment
from app.components.progress import run_progress
from app.components.run_rows import run_row, status_filter
from app.formats import counted

RUNS_ON_A_PAGE = 20

page_header("Runs", "Every run keeps its seed, its rows and its Parquet files until the experiment is deleted.")
experiment = choose_experiment()
is_live = run_progress(experiment)
runs = experiment.runs()
if not runs:
    empty_state(
        "Nothing generated yet",
        "A run fills the tables. Its seed is recorded, so that the same data can be made again.",
        page="generate",
        label="Generate data",
        experiment=experiment.name,
    )
    st.stop()

comparison(experiment, runs)
wanted = status_filter(experiment.name)
runs = [run for run in runs if not wanted or run.status in wanted]
pages = -(-len(runs) // RUNS_ON_A_PAGE)
first = (st.pagination(pages, key=f"runs_page:{experiment.name}") - 1) * RUNS_ON_A_PAGE if pages > 1 else 0
st.caption(f"{counted(len(runs), 'run')}, newest first. Times are in UTC.")
for run in runs[first : first + RUNS_ON_A_PAGE]:
    run_row(run, can_load=not is_live)
