"""The commands that the palette offers, and what each does."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.query.editor_actions import format_editor
from app.components.query.plan_view import explain
from app.components.query.presentation import Presentation, ask_presentation
from app.components.query.tabs import open_empty_tab
from app.components.shared.empty_state import page_path
from app.components.shared.palette import Command, palette
from app.shared_workbench import workbench
from engine import Experiment
from engine.errors import WorkbenchError

_PAGES = {
    "query": "Query",
    "generate": "Generate",
    "runs": "Runs",
    "workload": "Workload",
    "board": "Board",
    "explore": "Explore",
    "experiments": "Experiments",
    "new_experiment": "New experiment",
}
_ACTIONS = {
    "run": "Run the query",
    "format": "Format SQL",
    "explain": "Explain",
    "analyze": "Explain and run",
    "new_tab": "New tab",
}


def command_palette(page: str) -> None:
    """Draw the palette on the page of this address, and carry out the chosen command."""
    experiment = _chosen_experiment()
    command = palette([*_general_commands(page), *([] if experiment is None else _commands_of(experiment))])
    if command is None:
        return
    if command.kind == "page":
        _open(command.name, None if experiment is None else experiment.name)
    elif command.kind == "experiment":
        _open("query", command.name)
    elif experiment is not None:
        _carry_out(command, experiment)
        if page != "query":
            _open("query", experiment.name)


def _chosen_experiment() -> Experiment | None:
    names = workbench().recently_used()
    linked = st.query_params.get(state.EXPERIMENT) or state.chosen_experiment() or ""
    name = next((each for each in names if each.casefold() == linked.casefold()), next(iter(names), None))
    try:
        return None if name is None else workbench()[name]
    except WorkbenchError:  # damaged, or deleted meanwhile: the page tells
        return None


def _general_commands(page: str) -> list[Command]:
    actions = [Command("action", name, label, "Action") for name, label in _ACTIONS.items()]
    pages = [Command("page", name, label, "Page") for name, label in _PAGES.items()]
    experiments = [Command("experiment", name, name, "Experiment") for name in workbench().recently_used()]
    return [*actions, *pages, *experiments] if page == "query" else [*pages, *actions, *experiments]


def _commands_of(experiment: Experiment) -> list[Command]:
    group = f"in {experiment.name}"
    saved = [Command("saved", each.name, each.name, f"Saved query {group}") for each in experiment.queries.saved()]
    tables = [Command("table", each.key, each.key, f"Table {group}") for each in experiment.loaded_schema.tables]
    return [*saved, *tables]


def _carry_out(command: Command, experiment: Experiment) -> None:
    name = experiment.name
    if command.kind == "table":
        state.request_query(name, experiment.rows_query(command.name))
    elif command.kind == "saved":
        saved = experiment.queries.saved_query(command.name)
        ask_presentation(name, Presentation(saved.view, saved.chart))
        state.offer_draft(name, saved.sql, saved.dialect, saved.name)
        state.request_run(name)
    elif command.name == "run":
        state.request_run(name)
    elif command.name == "format":
        state.use_dialect(name, experiment.dialect)
        format_editor(experiment)
    elif command.name == "new_tab":
        open_empty_tab(experiment)
    else:
        state.use_dialect(name, experiment.dialect)
        explain(name, analyze=command.name == "analyze")


def _open(page: str, experiment: str | None) -> None:
    st.switch_page(page_path(page), query_params=None if experiment is None else {state.EXPERIMENT: experiment})
