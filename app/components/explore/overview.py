"""Profiles of a table's columns with their distributions, and the coverage of all foreign keys."""

from __future__ import annotations

import polars as pl
import streamlit as st

from app.components.explore.column_charts import shape_chart
from app.components.shared.background_results import show_result
from app.components.shared.column_profiles import profile_table
from app.markdown_text import plain
from engine import Experiment
from engine.display.wording import counted, listed
from engine.types import ColumnProfile, Profile

CHART_HEIGHT = 190


def table_profile(experiment: Experiment, table: str) -> None:
    """Draw the profile of a table and a chart for each column."""
    name, of = experiment.name, (table, experiment.loaded_run_id, experiment.created_at)
    show_result(
        f"profile:{name}:{table}",
        of,
        lambda handle: experiment.profile(table, handle=handle),
        lambda profile: _draw_profile(name, table, profile),
    )


def _draw_profile(name: str, table: str, profile: Profile) -> None:
    st.caption(f"{counted(profile.rows, 'row')}, {counted(len(profile.columns), 'column')}.")
    profile_table(profile.frame, key=f"profile:{name}", alt=f"Column profile of {table}")
    charted = [column for column in profile.columns if len(column.bars) > 1 and not column.is_key]
    _name_columns_without_chart([column for column in profile.columns if column not in charted])
    with st.grid(3, min_column_width=300):
        for column in charted:
            _draw_column(table, column)


def _draw_column(table: str, column: ColumnProfile) -> None:
    with st.container(border=True, key=f"shape:{column.name}", gap="xsmall"):
        more = "" if column.edges else f" · top {len(column.bars)} of {column.distinct:,}"
        suffix = more if column.distinct > len(column.bars) else ""
        st.markdown(f"**{plain(column.name)}** :gray[{plain(column.type.lower() + suffix)}]")
        st.altair_chart(
            shape_chart(column),
            height=CHART_HEIGHT,
            key=f"chart:{table}:{column.name}",
            alt=f"Distribution of {column.name}",
        )


def _name_columns_without_chart(columns: list[ColumnProfile]) -> None:
    """Draw one caption with the columns that have no chart, grouped by reason."""
    reasons: dict[str, list[str]] = {}
    for column in columns:
        reasons.setdefault(_reason(column), []).append(f"**{plain(column.name)}**")
    if reasons:
        groups = "; ".join(f"{listed(names)} ({reason})" for reason, names in reasons.items())
        st.caption(f"No chart for {groups}.")


def _reason(column: ColumnProfile) -> str:
    if column.nulls == column.rows:
        return "all NULL"
    if column.shape == "other":
        return "nested or binary"
    if column.distinct == 1:
        return "only one value"
    return "all values are distinct" if column.is_key else "almost all values are distinct"


def coverage_table(experiment: Experiment) -> None:
    """Draw each foreign key with its share of parents that have children and the children per parent."""
    name, of = experiment.name, (experiment.loaded_run_id, experiment.created_at)
    show_result(
        f"keys:{name}",
        of,
        lambda handle: experiment.key_coverage(handle=handle),
        lambda frame: _draw_coverage(name, frame),
    )


def _draw_coverage(name: str, frame: pl.DataFrame) -> None:
    if frame.is_empty():
        st.caption("The schema has no foreign keys.")
        return
    st.caption(f"{counted(frame.height, 'foreign key')}: share of parents with children, and children per parent.")
    st.dataframe(
        frame,
        key=f"coverage:{name}",
        alt="Foreign key coverage",
        hide_index=True,
        placeholder="–",
        column_config={
            "table": st.column_config.TextColumn("Table", pinned=True),
            "columns": st.column_config.TextColumn("Columns"),
            "references": st.column_config.TextColumn("References"),
            "parents": st.column_config.NumberColumn("Parents", format="localized"),
            "covered": st.column_config.ProgressColumn("With children", format="percent", min_value=0, max_value=1),
            "min_children": st.column_config.NumberColumn("Min", format="localized", help="Children per parent."),
            "mean_children": st.column_config.NumberColumn("Mean", format="localized", help="Children per parent."),
            "max_children": st.column_config.NumberColumn("Max", format="localized", help="Children per parent."),
            "nulls": st.column_config.NumberColumn("Without parent", format="localized"),
            "orphans": st.column_config.NumberColumn(
                "Orphans", format="localized", help="Rows whose parent does not exist: always 0."
            ),
        },
    )
