"""The editor of the query page: completes the experiment's tables and underlines the last error at its position."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.query.tabs import take_draft
from app.components.shared.sql_editor import Draft, Fault, TableWords, sql_editor
from engine import Experiment
from engine.display.wording import counted
from engine.errors import QueryError


def query_editor(experiment: Experiment, dialect: str) -> str:
    """Draw the editor of the open tab of an experiment and return its text."""
    name = experiment.name
    tab = state.open_tab(name)
    saved = state.tab_record(name)
    text = state.draft(name, experiment.first_query())
    with st.container(key="sql_room"):
        sql_editor(
            text,
            key=f"sql_editor:{name.casefold()}:{tab}",
            revision=state.revision(name),
            base=0 if saved is None else saved.revision,
            dialect=dialect,
            tables=_completions(experiment),
            on_draft=lambda draft: take_draft(experiment, tab, draft),
            on_run=lambda draft: _request_run(name, draft),
            fault=_fault(name),
        )
    return text


def _request_run(name: str, draft: Draft) -> None:
    state.request_draft(name, draft.text, draft.selection)


def _completions(experiment: Experiment) -> list[TableWords]:
    counts = experiment.row_counts()
    return [
        TableWords(
            table.name,
            counted(counts.get(table.key, 0), "row"),
            [(column.name, str(column.type).lower()) for column in table.columns],
        )
        for table in experiment.loaded_schema.tables
    ]


def _fault(name: str) -> Fault | None:
    last = next(iter(state.results(name)), None)
    error = None if last is None else last.error
    if last is None or not isinstance(error, QueryError) or error.line is None or error.column is None:
        return None
    return Fault(last.text, error.line, error.column, f"{error.message} {error.hint}".strip())
