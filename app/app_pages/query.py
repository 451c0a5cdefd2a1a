"""The Query page: SQL on the loaded tables, with the result as table, chart and download."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.query.divider import pane_divider
from app.components.query.execution import show_running
from app.components.query.plan_view import show_plan
from app.components.query.results import show_results
from app.components.query.schema_browser import schema_browser
from app.components.query.tabs import query_tabs
from app.components.query.workspace import query_workspace
from app.components.shared.empty_state import empty_state
from app.components.shared.experiment_picker import choose_experiment, require_experiments
from app.components.shared.header import page_header

page_header("Query", "Query the loaded tables in SQL. Tables of other experiments: their_name.table.")
require_experiments()
browser, work = st.columns([1, 3.4], gap="medium")
with browser:
    experiment = choose_experiment(width="stretch")
    schema_browser(experiment)
name = experiment.name
with work.container(key="query_work"):
    with st.container():  # what follows keeps its place, by which Streamlit knows it
        if not any(experiment.row_counts().values()):
            empty_state(
                "The tables are empty",
                "Generate rows or load a finished run to query them.",
                page="generate",
                label="Generate data",
                experiment=name,
            )
    query_tabs(experiment)
    query_workspace(name, state.open_tab(name))
    pane_divider()
    show_running(name)
    show_plan(experiment)
    show_results(name)
