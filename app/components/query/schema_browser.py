"""The tables and columns of an experiment, next to the editor."""

from __future__ import annotations

import streamlit as st

from app import state
from app.markdown_text import plain
from engine import ColumnSchema, Experiment, TableSchema
from engine.display.wording import counted

SEARCH_FROM_TABLES = 10
SHOWN_TABLES = 40
"""Tables of a page of the tree; the browser takes a tenth of a second for them."""

MAX_HEIGHT = 560
_SHOWN_MATCHES = 3


def schema_browser(experiment: Experiment) -> None:
    """Draw the tables with their row counts and columns, each with a button to query its first rows.

    Many tables are in a box with a scrollbar of its own, page by page. A narrow screen, where the tables are above the
    editor, has them folded: the browser alone knows its width, so its styles hide either the button or nothing.
    """
    tables = experiment.loaded_schema.tables
    key = f"_tree_unfolded_{experiment.name}"
    is_unfolded = bool(st.session_state.get(key))
    with st.container(key="tree_fold"):
        st.button(
            f"{'Hide' if is_unfolded else 'Show'} {counted(len(tables), 'table')}",
            key=f"fold_tree:{experiment.name}",
            icon=":material/unfold_less:" if is_unfolded else ":material/unfold_more:",
            width="stretch",
            on_click=_set_unfolded,
            args=(key, not is_unfolded),
        )
    with st.container(key="tree_place"), st.container(key="tree_unfolded" if is_unfolded else "tree_folded"):
        _draw_tables(experiment)


def _set_unfolded(key: str, is_unfolded: bool) -> None:
    st.session_state[key] = is_unfolded


def _draw_tables(experiment: Experiment) -> None:
    counts = experiment.row_counts()
    tables = experiment.loaded_schema.tables
    is_large = len(tables) >= SEARCH_FROM_TABLES
    folded = ""
    if is_large:
        wanted = st.text_input(
            "Find a table or column",
            type="search",
            placeholder="Find a table or column",
            key=f"find:{experiment.name}",
            label_visibility="collapsed",
        )
        folded = (wanted or "").strip().casefold()
        tables = [table for table in tables if _matches(table, folded)]
    if not tables:
        st.caption("No table or column matches.")
    pages = -(-len(tables) // SHOWN_TABLES)
    box, below = st.container(height=MAX_HEIGHT if is_large and tables else "content", border=False), st.container()
    page = 1
    if pages > 1:
        with below:
            page = st.pagination(pages, key=f"tree_page:{experiment.name}:{folded}", max_visible_pages=5)
            st.caption(f"{counted(len(tables), 'table')}, {SHOWN_TABLES} on a page.")
    with box, st.container(gap=None):
        for table in tables[(page - 1) * SHOWN_TABLES : page * SHOWN_TABLES]:
            _draw_table(experiment, table, counts.get(table.key, 0), folded)


def _matches(table: TableSchema, folded: str) -> bool:
    return any(folded in name.casefold() for name in (table.key, *(column.name for column in table.columns)))


def _matching_columns(table: TableSchema, folded: str) -> list[ColumnSchema]:
    """Return the columns that a search finds, none when it finds the table itself."""
    if not folded or folded in table.key.casefold():
        return []
    return [column for column in table.columns if folded in column.name.casefold()]


def _draw_table(experiment: Experiment, table: TableSchema, rows: int, folded: str) -> None:
    key = f"{experiment.name}:{table.key}"
    found = _matching_columns(table, folded)
    expander = st.expander(
        f"**{plain(table.key)}** {rows:,}{_name_matches(found)}", key=f"browse:{key}", type="compact", on_change="rerun"
    )
    if expander.open:  # drawing the columns of many closed tables would slow the page
        with expander:
            _draw_columns(experiment, table, key, found)


def _name_matches(found: list[ColumnSchema]) -> str:
    """Return the names of the columns that a search found, for the label of their table."""
    if not found:
        return ""
    names = ", ".join(plain(column.name) for column in found[:_SHOWN_MATCHES])
    return f" :gray[{names}{', …' if len(found) > _SHOWN_MATCHES else ''}]"


def _draw_columns(experiment: Experiment, table: TableSchema, key: str, found: list[ColumnSchema]) -> None:
    if table.comment:
        st.caption(plain(table.comment))
    st.markdown("  \n".join(_format_column(table, column) for column in found or table.columns))
    if found and (others := len(table.columns) - len(found)):
        st.caption(f"And {counted(others, 'other column')}.")
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
