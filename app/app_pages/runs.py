"""The runs of one experiment or of all: what was made when, how it ended, and loading any of them again."""

from __future__ import annotations

import streamlit as st

from app.components.comparison import comparison
from app.components.empty import empty_state
from app.components.header import page_header
from app.components.picker import choose_experiment
from app.components.progress import run_progress
from app.components.run_history import forget_link, history, linked_run, watch
from app.components.run_rows import run_row, status_filter
from app.formats import counted, plain
from app.shared import workbench

RUNS_ON_A_PAGE = 20

page_header("Runs", "Every run keeps its seed, its rows and its Parquet files until it or its experiment is deleted.")
with st.container(horizontal=True, vertical_alignment="center"):
    experiment = choose_experiment()
    is_of_all = st.toggle("All experiments", key="runs_of_all", persist_state="session", on_change=forget_link)
linked = None if is_of_all else linked_run(experiment)
experiments = workbench().experiments()
watch(history(experiments))

shown = experiments if is_of_all else [experiment]
live = {one.name for one in shown if one.progress() is not None and run_progress(one)}
runs = history(shown)
if not runs:
    empty_state(
        "Nothing generated yet",
        "A run fills the tables. Its seed is recorded, so that the same data can be made again.",
        page="generate",
        label="Generate data",
        experiment=experiment.name,
    )
    st.stop()

if linked is not None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"Run {linked.id} of {plain(linked.experiment)} alone. Times are in UTC.", width="content")
        st.button("All its runs", key="unlink", icon=":material/history:", type="tertiary", on_click=forget_link)
    run_row(linked, can_load=linked.experiment not in live, is_linked=True)
    st.stop()

if not is_of_all:
    comparison(experiment, runs)
wanted = status_filter("" if is_of_all else experiment.name)
runs = [run for run in runs if not wanted or run.status in wanted]
pages = -(-len(runs) // RUNS_ON_A_PAGE)
page_key = "runs_page" if is_of_all else f"runs_page:{experiment.name}"
first = (st.pagination(pages, key=page_key) - 1) * RUNS_ON_A_PAGE if pages > 1 else 0
st.caption(f"{counted(len(runs), 'run')}, newest first. Times are in UTC.")
for run in runs[first : first + RUNS_ON_A_PAGE]:
    run_row(run, can_load=run.experiment not in live, is_named=is_of_all)
