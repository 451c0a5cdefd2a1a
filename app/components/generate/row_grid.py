"""The rows of many tables as one grid with a filter: hundreds of inputs of their own take the browser a minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
import streamlit as st

from engine import TableSchema

HEIGHT = 330
_REVISION = "_row_grid_revision"


def row_grid(
    name: str, tables: Sequence[TableSchema], keys: Sequence[str], planned: Mapping[str, str], notes: Sequence[str]
) -> None:
    """Draw a line for each table; an edited cell sets the session value under the table's key."""
    wanted = st.text_input(
        "Find a table",
        type="search",
        placeholder=f"Find one of {len(tables)} tables",
        key=f"find_rows:{name}",
        label_visibility="collapsed",
        persist_state="session",
    )
    folded = (wanted or "").strip().casefold()
    lines = [
        (table.key, key, planned.get(table.key, ""), note)
        for table, key, note in zip(tables, keys, notes, strict=True)
        if folded in table.key.casefold()
    ]
    if not lines:
        st.caption("No table matches.")
        return
    edited = [key for _, key, _, _ in lines]
    grid = f"row_grid:{name}:{folded}:{st.session_state.setdefault(_REVISION, 0)}"
    st.data_editor(
        pl.DataFrame(
            {
                "Table": [line[0] for line in lines],
                "Rows": pl.Series([st.session_state[key] for key in edited], dtype=pl.Int64),
                "Gets": [line[2] for line in lines],
                "Note": [line[3] for line in lines],
            }
        ),
        key=grid,
        alt="Rows of each table",
        height=min(HEIGHT, 38 + 35 * len(lines)),
        hide_index=True,
        placeholder="",
        disabled=["Table", "Gets", "Note"],
        on_change=lambda: take_edits(grid, edited),
        column_config={
            "Table": st.column_config.TextColumn(pinned=True),
            "Rows": st.column_config.NumberColumn(
                format="localized", step=1, width=90, help="Leave empty for the rows that the schema gives."
            ),
            "Gets": st.column_config.TextColumn(alignment="right", width=90, help="The rows that the run generates."),
            "Note": st.column_config.TextColumn(help="Why the table has its rows."),
        },
    )


def redraw_grid() -> None:
    """Draw the grid from the session values again, without the edits that the browser keeps."""
    st.session_state[_REVISION] = st.session_state.get(_REVISION, 0) + 1


def take_edits(grid: str, keys: Sequence[str]) -> None:
    """Set the session values of the edited cells of a grid, whose lines have these keys."""
    for index, cells in st.session_state[grid]["edited_rows"].items():
        if "Rows" in cells:
            st.session_state[keys[int(index)]] = cells["Rows"]
