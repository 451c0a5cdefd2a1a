"""The runs of one experiment or of all: what was made when, how it ended, and loading any of them again."""

from __future__ import annotations

import streamlit as st

from app.components.runs.comparison import comparison
from app.components.runs.history import chosen_extent, history, linked_run, watch_states
from app.components.runs.run_rows import run_row, status_filter
from app.components.shared.empty_state import empty_state
from app.components.shared.experiment_picker import choose_experiment
from app.components.shared.header import page_header
from app.components.shared.run_progress import run_progress
from engine.display.wording import counted

RUNS_ON_A_PAGE = 20

page_header("Runs", "Every run keeps its seed, its rows and its Parquet files until it is deleted.")
with st.container(horizontal=True, vertical_alignment="center"):
    experiment = choose_experiment(width=260)
    experiments, extent = chosen_extent(experiment)
    filters = st.container(width="content")
busy = {
    each.name
    for each in experiments
    if (each.name == experiment.name or each.progress() is not None) and run_progress(each, is_short=True)
}
runs = history(experiments)
watch_states([each.name for each in experiments], runs)
if not runs:
    empty_state(
        "Nothing generated yet",
        "A run fills the tables. Its seed is recorded, so that the same data can be made again.",
        page="generate",
        label="Generate data",
        experiment=experiment.name,
    )
    st.stop()

is_across = len(experiments) > 1
linked = linked_run(experiment, runs)
if linked is not None:
    run_row(linked, can_load=linked.experiment not in busy, is_linked=True)
if not is_across:
    comparison(experiment, runs)
with filters:
    wanted = status_filter(extent)
runs = [run for run in runs if run != linked and (not wanted or run.status in wanted)]
pages = -(-len(runs) // RUNS_ON_A_PAGE)
more = "more " if linked is not None else ""
with st.container(horizontal=True, vertical_alignment="center"):
    if runs or linked is None:
        st.caption(f"{counted(len(runs), f'{more}run')}, newest first. Times are in UTC.", width="stretch")
    first = (st.pagination(pages, key=f"runs_page:{extent}") - 1) * RUNS_ON_A_PAGE if pages > 1 else 0
for run in runs[first : first + RUNS_ON_A_PAGE]:
    run_row(run, can_load=run.experiment not in busy, names_experiment=is_across)
