"""The dialog that tells how other programs reach the data of an experiment: a file, a notebook, a terminal, HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from shlex import quote
from urllib.parse import urlsplit

import streamlit as st

from app.components.shared.errors import show_error
from app.shared_workbench import workbench
from engine import Experiment
from engine.errors import WorkbenchError

_WAYS = ("Database file", "Notebook", "Terminal", "REST API")


@st.dialog("Use the data elsewhere", icon=":material/cable:", width="medium")
def connect_experiment(name: str) -> None:
    """Show how to reach the loaded tables without this app; the file is made on request."""
    if name not in workbench():  # renamed or deleted, here or in another tab
        st.rerun()
    experiment = workbench()[name]
    for way, tab in zip(_WAYS, st.tabs(list(_WAYS)), strict=True):
        with tab:
            _show_way(way, experiment)


def _show_way(way: str, experiment: Experiment) -> None:
    match way:
        case "Database file":
            st.caption(
                "A DuckDB file for DBeaver, dbt-duckdb, Harlequin or a script: a copy that no load or reset changes."
                " Made again after a load, it holds the new tables under the same path."
            )
            _draw_file(experiment)
        case "Notebook":
            st.caption("With the packages of the workbench installed: the tables as they are loaded now, read-only.")
            st.code(_notebook(experiment), language="python", wrap_lines=True)
        case "Terminal":
            st.caption("A query, the path of the file, and an export; `dw-sim --help` lists the rest.")
            st.code(_terminal(experiment), language="bash", wrap_lines=True)
        case _:
            st.caption("The whole API is described under [/api/docs](/api/docs).")
            st.code(_http(experiment), language="bash", wrap_lines=True)


def _draw_file(experiment: Experiment) -> None:
    key = f"_made_file:{experiment.name.casefold()}"
    st.button(
        "Make the file",
        key=f"make_file:{experiment.name}",
        type="primary",
        icon=":material/database:",
        on_click=_make_file,
        args=(experiment.name, key),
    )
    made: Path | WorkbenchError | None = st.session_state.get(key)
    if isinstance(made, WorkbenchError):
        show_error(made)
    elif made is not None and made.exists():
        st.code(str(made), language=None, wrap_lines=True)


def _make_file(name: str, key: str) -> None:
    try:
        st.session_state[key] = workbench()[name].path()
    except WorkbenchError as error:
        st.session_state[key] = error


def _notebook(experiment: Experiment) -> str:
    sql = repr(_first_rows(experiment))
    return "\n".join(
        [
            "import engine",
            "",
            f"bench = engine.Workbench({str(workbench().settings.home)!r})",
            f"data = bench[{experiment.name!r}]",
            f"data.query({sql}).frame  # Polars",
            "",
            "with data.connect() as connection:  # DuckDB itself, read-only",
            f"    frame = connection.sql({sql}).df()",
        ]
    )


def _terminal(experiment: Experiment) -> str:
    name = quote(experiment.name)
    return "\n".join(
        [
            f"export DW_SIM_HOME={quote(str(workbench().settings.home))}",
            f"dw-sim query execute {quote(_first_rows(experiment))} --experiment {name}",
            f"dw-sim experiment path {name}",
            f"dw-sim experiment export {name} --to data --format parquet",
        ]
    )


def _http(experiment: Experiment) -> str:
    address = urlsplit(st.context.url or "http://localhost:8501")
    api = f"{address.scheme}://{address.netloc}/api"
    question = json.dumps({"sql": _first_rows(experiment), "experiment": experiment.name, "format": "csv"})
    return "\n".join(
        [
            f"curl {api}/experiments/{quote(experiment.name)}",
            f"curl {api}/query/execute -H 'Content-Type: application/json' -d {quote(question)}",
        ]
    )


def _first_rows(experiment: Experiment) -> str:
    return " ".join(experiment.rows_query(experiment.loaded_schema.tables[0].key).split())
