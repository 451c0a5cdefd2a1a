"""The Runs page: the runs of one experiment or of all, with loading, resuming and comparing."""

from __future__ import annotations

import streamlit as st

from app.components.runs.comparison import compare_runs
from app.components.runs.history import choose_extent, linked_run, list_runs, watch_runs
from app.components.runs.run_rows import run_row, status_filter
from app.components.shared.empty_state import empty_state
from app.components.shared.experiment_picker import choose_experiment
from app.components.shared.header import page_header
from app.components.shared.run_progress import run_progress
from app.components.shared.status import run_state
from app.page_end import end_page
from engine.display.wording import counted

RUNS_ON_A_PAGE = 20

page_header("Runs", "Each run stores its seed, row counts and Parquet files until you delete it.")
with st.container(horizontal=True, vertical_alignment="center"):
    experiment = choose_experiment(width=260)
    experiments, extent = choose_extent(experiment)
    filters = st.container(width="content")
busy = {
    each.name
    for each in experiments
    if (each.name == experiment.name or each.progress() is not None) and run_progress(each, is_short=True)
}
runs = list_runs(experiments)
watch_runs([each.name for each in experiments], runs)
if not runs:
    empty_state(
        "No runs yet",
        "A run fills the tables and records its seed, so you can generate the same data again.",
        page="generate",
        label="Generate data",
        experiment=experiment.name,
    )
    end_page()

is_across = len(experiments) > 1
linked = linked_run(experiment, runs)
if linked is not None:
    run_row(linked, can_load=linked.experiment not in busy, is_linked=True)
if not is_across:
    compare_runs(experiment, runs)
with filters:
    wanted = status_filter(extent)
runs = [run for run in runs if run != linked and (not wanted or run_state(run) in wanted)]
pages = -(-len(runs) // RUNS_ON_A_PAGE)
more = "more " if linked is not None else ""
with st.container(horizontal=True, vertical_alignment="center"):
    if runs or linked is None:
        st.caption(f"{counted(len(runs), f'{more}run')}, newest first.", width="stretch")
    first = (st.pagination(pages, key=f"runs_page:{extent}") - 1) * RUNS_ON_A_PAGE if pages > 1 else 0
for run in runs[first : first + RUNS_ON_A_PAGE]:
    run_row(run, can_load=run.experiment not in busy, names_experiment=is_across)
