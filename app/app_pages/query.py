"""Ask the loaded tables in SQL, and see, chart and download the answer."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.downloads import save_query
from app.components.editor import code_editor
from app.components.empty import empty_state
from app.components.header import page_header
from app.components.new_forms import DIALECTS
from app.components.picker import choose_experiment
from app.components.results import show_answer
from app.components.schema_browser import schema_browser
from app.shared import workbench
from engine.errors import WorkbenchError

SHOWN_ROWS = 10_000


def run_query(experiment: str, sql: str, dialect: str) -> state.Answer:
    """Return the answer to a query, an error included."""
    try:
        result = workbench()[experiment].query(sql, dialect=dialect, limit=SHOWN_ROWS)
    except WorkbenchError as error:
        return state.Answer(experiment, sql, dialect, error=error)
    return state.Answer(experiment, sql, dialect, result=result)


page_header("Query", "SQL over the rows in the tables. Other experiments answer as their_name.table.")
browser, work = st.columns([1, 3.4], gap="medium")
with browser:
    experiment = choose_experiment(width="stretch")
    schema_browser(experiment)
name = experiment.name
with work:
    if not any(experiment.row_counts().values()):
        empty_state(
            "The tables are empty",
            "Generate rows, or load a completed run; then there is something to ask.",
            page="generate",
            label="Generate data",
            experiment=name,
        )
    key = state.sql_key(name)
    st.session_state.setdefault(key, experiment.first_query())
    sql = code_editor("SQL", key=key, height=180)
    with st.container(horizontal=True, vertical_alignment="center"):
        wants = st.button("Run", key="run", type="primary", icon=":material/play_arrow:", shortcut="Ctrl+Enter")
        dialect = st.selectbox(
            "Dialect",
            ["duckdb", "redshift", "snowflake"],
            format_func=DIALECTS.__getitem__,
            key="dialect",
            label_visibility="collapsed",
            width=150,
            persist_state="session",
        )
        save_query(name, sql)
    answer_room = st.container()
    if wants or state.asked(name):
        with answer_room, st.spinner("Asking DuckDB …"):
            state.keep_answer(run_query(name, sql, dialect or "duckdb"))
    answer = state.answer(name)
    if answer is not None:
        with answer_room:
            show_answer(answer)
