"""The loaded tables at a glance: one table's columns with their distributions, and all keys with their coverage."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
import streamlit as st

from app.components.profiles import profile_table
from app.formats import counted, plain
from app.shared import workbench
from engine import Experiment


def table_profile(experiment: Experiment) -> None:
    """Draw the choice of a table, its profile, and its shape column by column."""
    table = st.selectbox(
        "Table",
        [table.key for table in experiment.schema.tables],
        key=f"explore_table:{experiment.name}",
        label_visibility="collapsed",
        width=320,
        persist_state="session",
    )
    with st.spinner("Counting …"):
        profile = _profile(experiment.name, table, experiment.loaded_run_id, experiment.created_at)
    st.caption(f"{counted(profile.rows, 'row')}, {counted(len(profile.columns), 'column')}.")
    profile_table(profile.frame, key=f"profile:{experiment.name}", alt=f"What each column of {table} holds")
    drawn = [column for column in profile.columns if len(column.bars) > 1]
    with st.grid(3, min_column_width=300):
        for column in drawn:
            with st.container(border=True, key=f"shape:{column.name}"):
                st.markdown(f"**{plain(column.name)}** :gray[{plain(column.type.lower())}]")
                labels, counts = zip(*column.bars, strict=True)
                st.bar_chart(
                    pl.DataFrame({column.name: labels, "rows": counts}),
                    x=column.name,
                    y="rows",
                    x_label="",
                    y_label="",
                    height=180,
                    sort=False,
                    alt=f"Distribution of {column.name}",
                )


@st.cache_data(max_entries=50, show_spinner=False)
def _profile(name: str, table: str, run_id: int | None, created_at: datetime) -> Any:
    """Return a profile, counted once for each loaded run of an experiment."""
    return workbench()[name].profile(table)


def coverage_table(experiment: Experiment) -> None:
    """Draw each foreign key with the share of parents it reaches and the children of each."""
    with st.spinner("Counting …"):
        frame = experiment.key_coverage()
    if frame.is_empty():
        st.caption("The schema has no foreign keys.")
        return
    st.dataframe(
        frame,
        key=f"coverage:{experiment.name}",
        alt="Coverage of the foreign keys",
        hide_index=True,
        placeholder="–",
        column_config={
            "table": st.column_config.TextColumn("Table", pinned=True),
            "columns": st.column_config.TextColumn("Columns"),
            "references": st.column_config.TextColumn("References"),
            "parents": st.column_config.NumberColumn("Parents", format="localized"),
            "covered": st.column_config.ProgressColumn("With children", format="percent", min_value=0, max_value=1),
            "least": st.column_config.NumberColumn("Least", help="The fewest children of a parent."),
            "mean": st.column_config.NumberColumn("Mean", format="%.2f"),
            "greatest": st.column_config.NumberColumn("Most"),
            "nulls": st.column_config.NumberColumn("Without parent", format="localized"),
            "orphans": st.column_config.NumberColumn("Orphans", help="Rows whose parent is not there: always 0."),
        },
    )
