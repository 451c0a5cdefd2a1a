"""The card of an experiment: its tables and rows, its last run, and its actions."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app.components.experiments.connecting import connect_experiment
from app.components.experiments.naming import describe_experiment, duplicate_experiment, rename_experiment
from app.components.shared.confirmations import confirm_delete, confirm_reset
from app.components.shared.empty_state import go
from app.components.shared.errors import show_error
from app.components.shared.presses import pressed
from app.components.shared.schema_files import schema_files
from app.components.shared.status import run_badge, warnings_badge
from app.components.shared.times import ago_html, time_caption
from app.markdown_text import plain
from engine import Experiment, Run
from engine.display.wording import duration, size
from engine.errors import WorkbenchError

RENAME = ":material/edit: Rename"
DUPLICATE = ":material/content_copy: Duplicate"
DESCRIBE = ":material/notes: Describe"
CONNECT = ":material/cable: Use elsewhere"
RESET = ":red[:material/restart_alt: Reset tables]"
DELETE = ":red[:material/delete: Delete]"
_TABLES_WITHOUT_SCROLLING = 12
_MAX_HEIGHT = 260


def experiment_card(experiment: Experiment, *, is_linked: bool = False) -> None:
    """Draw the card of an experiment, with its tables open when the address names it."""
    name = experiment.name
    counts = experiment.row_counts()
    last = next(iter(experiment.runs()), None)
    with st.container(border=True, height="stretch", key=f"card:{name}", gap="xsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.header(plain(name), anchor=False, width="content")
            _menu(name, has_rows=any(counts.values()))
        st.caption(plain(experiment.description) or "No description.")
        st.markdown(_facts(experiment, sum(counts.values())))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            run_badge(last)
            if last is not None:
                time_caption(_when(last))
            warnings_badge(name, experiment.warnings)
        tables = st.expander("Tables", key=f"tables:{name}", expanded=is_linked, type="compact", on_change="rerun")
        if tables.open:  # twenty closed expanders would be a third of the page
            with tables:
                _tables(experiment, counts)
        st.space("stretch")
        _actions(name, has_rows=any(counts.values()), is_running=_is_running(last))


def damaged_card(name: str, error: WorkbenchError) -> None:
    """Draw the card of a damaged experiment: the error and a Delete button."""
    with st.container(border=True, key=f"card:{name}", gap="xsmall"):
        st.header(plain(name), anchor=False)
        show_error(error)
        if pressed("Delete", key=f"delete:{name}", icon=":material/delete:"):
            confirm_delete(name)


def _tables(experiment: Experiment, counts: Mapping[str, int]) -> None:
    with st.container(height=_MAX_HEIGHT if len(counts) > _TABLES_WITHOUT_SCROLLING else "content", border=False):
        st.markdown("  \n".join(f"{plain(key)} :gray[{rows:,}]" for key, rows in counts.items()))
    st.caption("Download the schema")
    with st.container(horizontal=True, gap="small"):
        schema_files(experiment, key=f"schema:{experiment.name}")


def _is_running(run: Run | None) -> bool:
    return run is not None and run.status == "RUNNING"


def _facts(experiment: Experiment, rows: int) -> str:
    tables = len(experiment.schema.tables)
    return " · ".join(
        [
            f"**{tables:,}** {'table' if tables == 1 else 'tables'}",
            f"**{rows:,}** {'row' if rows == 1 else 'rows'}",
            f"**{size(experiment.size_bytes())}**",
        ]
    )


def _when(run: Run) -> str:
    took = "" if run.seconds is None else f" · {duration(run.seconds)}"
    return f"Run {run.id} · {ago_html(run.started_at)}{took}"


def _actions(name: str, *, has_rows: bool, is_running: bool) -> None:
    with st.container(horizontal=True, gap="xxsmall"):  # four fit side by side in a card
        if has_rows and pressed("Query", key=f"query:{name}", type="primary", icon=":material/terminal:"):
            go("query", name)
        if pressed(
            "Progress" if is_running else "Generate",
            key=f"generate:{name}",
            type="secondary" if has_rows else "primary",
            icon=":material/bolt:",
        ):
            go("generate", name)
        if pressed("Runs", key=f"runs:{name}", icon=":material/history:"):
            go("runs", name)
        if pressed("Schema", key=f"edit:{name}", icon=":material/edit_note:"):
            go("schema", name)


def _menu(name: str, *, has_rows: bool) -> None:
    chosen = st.menu_button(
        "More",
        [RENAME, DUPLICATE, DESCRIBE, *([CONNECT, RESET] if has_rows else []), DELETE],
        key=f"more:{name}",
        type="tertiary",
    )
    if chosen == RESET:
        confirm_reset(name)
    elif chosen == DELETE:
        confirm_delete(name)
    elif chosen == CONNECT:
        connect_experiment(name)
    elif chosen == RENAME:
        rename_experiment(name)
    elif chosen == DUPLICATE:
        duplicate_experiment(name)
    elif chosen == DESCRIBE:
        describe_experiment(name)
