"""Ask the loaded tables in SQL, and see, chart and download the answer."""

from __future__ import annotations

import streamlit as st

from app.components.query.execution import show_running
from app.components.query.results import show_answers
from app.components.query.schema_browser import schema_browser
from app.components.query.workspace import query_desk
from app.components.shared.empty_state import empty_state
from app.components.shared.experiment_picker import choose_experiment, need_experiments
from app.components.shared.header import page_header

page_header("Query", "SQL over the rows in the tables. Other experiments answer as their_name.table.")
need_experiments()
browser, work = st.columns([1, 3.4], gap="medium")
with browser:
    experiment = choose_experiment(width="stretch")
    schema_browser(experiment)
name = experiment.name
with work.container(key="query_work"):
    if not any(experiment.row_counts().values()):
        empty_state(
            "The tables are empty",
            "Generate rows, or load a completed run; then there is something to ask.",
            page="generate",
            label="Generate data",
            experiment=name,
        )
    query_desk(name)
    show_running(name)
    show_answers(name)
