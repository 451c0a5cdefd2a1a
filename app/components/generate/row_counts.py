"""The inputs of a run: rows of each table, and the seed."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app import state
from app.components.generate.row_grid import redraw_grid, row_grid
from app.markdown_text import plain
from engine import Experiment, TableSchema
from engine.errors import WorkbenchError

MAX_ROWS = 10**12
MAX_INPUTS = 12
"""More tables are a grid, which scrolls: the button below stays visible."""

SHOWN_FOLLOWERS = 4
_FOLLOWS = ":material/subdirectory_arrow_right:"


FACTORS = {"× 0.1": 0.1, "× 1": 1.0, "× 10": 10.0, "× 100": 100.0, "× 1,000": 1000.0}


def multiplier(experiment: Experiment) -> None:
    """Draw the control that sets every table to a multiple of its rows in the schema."""
    key = f"multiplier:{experiment.name}"
    st.segmented_control(
        "All tables",
        list(FACTORS),
        key=key,
        label_visibility="collapsed",
        on_change=lambda: _multiply(experiment, st.session_state[key]),
        help="Multiply the rows of every table.",
    )


def _multiply(experiment: Experiment, chosen: str | None) -> None:
    """Set the inputs; tables whose rows follow another table are reset to follow it."""
    if chosen is None:
        return
    planned, followed = experiment.planned_rows(), experiment.followed_tables()
    for table in experiment.schema.tables:
        rows = min(MAX_ROWS, round(planned[table.key] * FACTORS[chosen]))
        st.session_state[_rows_key(experiment.name, table)] = None if table.key in followed else rows
    redraw_grid()


def total_input(experiment: Experiment) -> None:
    """Draw the input that spreads one number of rows over all tables."""
    key = f"total_rows:{experiment.name}"
    st.number_input(
        "About N rows in all",
        min_value=1,
        max_value=MAX_ROWS,
        value=None,
        step=1000,
        placeholder="Spread over the tables",
        key=key,
        on_change=lambda: _spread(experiment, st.session_state[key]),
        help="Sets every table in proportion of its rows in the schema; lookups and calendars keep theirs.",
    )


def _spread(experiment: Experiment, total: int | None) -> None:
    """Set the inputs to about this many rows in all; tables whose rows follow another table are reset to follow it."""
    if total is None:
        return
    try:
        counts = experiment.planned_rows(total_rows=int(total))
    except WorkbenchError as error:
        state.set_error(error)
        return
    followed = experiment.followed_tables()
    for table in experiment.schema.tables:
        st.session_state[_rows_key(experiment.name, table)] = None if table.key in followed else counts[table.key]
    redraw_grid()


def row_inputs(experiment: Experiment) -> None:
    """Draw a number input for each table, or a grid of many; an empty one uses the rows of the schema."""
    tables = experiment.schema.tables
    for table in tables:
        st.session_state.setdefault(_rows_key(experiment.name, table), table.target_rows)
    planned, followed = _format_planned_rows(experiment), experiment.followed_tables()
    if len(tables) > MAX_INPUTS:
        keys = [_rows_key(experiment.name, table) for table in tables]
        notes = [_note(table, followed.get(table.key)) for table in tables]
        row_grid(experiment.name, tables, keys, planned, notes)
        return
    with (
        st.container(border=False, key=f"row_inputs:{experiment.name}"),
        st.grid("auto", min_column_width=140, gap="small"),
    ):
        for table in tables:
            parent = followed.get(table.key)
            st.number_input(
                table.key,
                step=1000,
                placeholder=planned.get(table.key, ""),
                help=_help(table, parent),
                icon=None if parent is None else _FOLLOWS,
                key=_rows_key(experiment.name, table),
                persist_state="session",
            )
    _list_followers(experiment.name, followed)


def _note(table: TableSchema, parent: str | None) -> str:
    """Return what the grid says about the rows of a table."""
    follows = "" if parent is None else f"Follows {parent}."
    return " ".join(text for text in (follows, table.because, table.comment) if text)


def _format_planned_rows(experiment: Experiment) -> dict[str, str]:
    """Return the planned rows of each table, formatted; empty when the inputs contradict each other."""
    try:
        planned = experiment.planned_rows(requested_rows(experiment))
    except WorkbenchError:
        return {}  # the estimate shows the error
    return {table: f"{rows:,}" for table, rows in planned.items()}


def _help(table: TableSchema, parent: str | None) -> str | None:
    """Return the table's comment, why it has its rows, and the meaning of an empty input."""
    follows = "" if parent is None else f"Leave empty to follow the rows of {parent}; a number overrides that."
    return "  \n".join(plain(text) for text in (table.comment, table.because, follows) if text) or None


def _list_followers(name: str, followed: Mapping[str, str]) -> None:
    pairs = [
        f"{plain(table)} follows {plain(parent)}"
        for table, parent in followed.items()
        if st.session_state.get(f"rows:{name}:{table}") is None
    ]
    if pairs:
        shown = pairs if len(pairs) <= SHOWN_FOLLOWERS else [*pairs[:SHOWN_FOLLOWERS], "…"]
        st.caption(f"{_FOLLOWS} {', '.join(shown)}.")


def seed_input(name: str) -> None:
    """Draw the seed input; when empty, the run draws a random seed and records it."""
    st.number_input(
        "Seed",
        value=None,
        step=1,
        placeholder="Random",
        help="Leave empty for new data each time; the run records its seed.",
        key=f"seed:{name}",
        persist_state="session",
    )


def requested_rows(experiment: Experiment) -> dict[str, int]:
    """Return the rows in the inputs by table key, without empty inputs."""
    given = {table.key: st.session_state.get(_rows_key(experiment.name, table)) for table in experiment.schema.tables}
    return {table: rows for table, rows in given.items() if rows is not None}


def requested_seed(name: str) -> int | None:
    """Return the seed in the input, None for a random one."""
    seed: int | None = st.session_state.get(f"seed:{name}")
    return seed


def _rows_key(name: str, table: TableSchema) -> str:
    return f"rows:{name}:{table.key}"
