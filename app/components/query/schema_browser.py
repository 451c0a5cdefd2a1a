"""The tables and columns of an experiment, next to the editor."""

from __future__ import annotations

import streamlit as st

from app import state
from app.markdown_text import plain
from engine import ColumnSchema, Experiment, TableSchema

SEARCH_FROM_TABLES = 10


def schema_browser(experiment: Experiment) -> None:
    """Draw the tables with their row counts and columns, each with a button to query its first rows."""
    counts = experiment.row_counts()
    tables = experiment.schema.tables
    if len(tables) >= SEARCH_FROM_TABLES:
        wanted = st.text_input(
            "Find a table or column",
            type="search",
            placeholder="Find a table or column",
            key=f"find:{experiment.name}",
            label_visibility="collapsed",
        )
        tables = [table for table in tables if _matches(table, wanted or "")]
    if not tables:
        st.caption("No table or column matches.")
    with st.container(gap=None):
        for table in tables:
            _draw_table(experiment, table, counts.get(table.key, 0))


def _matches(table: TableSchema, wanted: str) -> bool:
    folded = wanted.strip().casefold()
    return any(folded in name.casefold() for name in (table.key, *(column.name for column in table.columns)))


def _draw_table(experiment: Experiment, table: TableSchema, rows: int) -> None:
    key = f"{experiment.name}:{table.key}"
    expander = st.expander(f"**{plain(table.key)}** {rows:,}", key=f"browse:{key}", type="compact", on_change="rerun")
    if expander.open:  # drawing the columns of many closed tables would slow the page
        with expander:
            _draw_columns(experiment, table, key)


def _draw_columns(experiment: Experiment, table: TableSchema, key: str) -> None:
    if table.comment:
        st.caption(plain(table.comment))
    st.markdown("  \n".join(_format_column(table, column) for column in table.columns))
    st.button(
        "First rows",
        key=f"rows_of:{key}",
        icon=":material/table_rows:",
        on_click=state.request_query,
        args=(experiment.name, experiment.rows_query(table.key)),
    )


def _format_column(table: TableSchema, column: ColumnSchema) -> str:
    marks = ""
    if column.name in table.primary_key or table.is_unique(column):
        marks += " :material/key:"
    if column.foreign_key is not None:
        key = column.foreign_key
        marks += f" :gray[:material/arrow_forward: {plain(key.references_table)}]"
    return f"{plain(column.name)} :gray[{plain(str(column.type).lower())}]{marks}"
