"""The loaded tables at a glance: one table's columns with their distributions, and all keys with their coverage."""

from __future__ import annotations

import polars as pl
import streamlit as st

from app.components.explore.column_charts import shape_chart
from app.components.shared.background_results import show_result
from app.components.shared.column_profiles import profile_table
from app.formats import plain
from engine import Experiment
from engine.display.wording import counted, listed
from engine.types import ColumnProfile, Profile

CHART_HEIGHT = 190


def table_profile(experiment: Experiment, table: str) -> None:
    """Draw the profile of a table, and its shape column by column."""
    name, of = experiment.name, (table, experiment.loaded_run_id, experiment.created_at)
    show_result(
        f"profile:{name}:{table}",
        of,
        lambda handle: experiment.profile(table, handle=handle),
        lambda profile: _draw_profile(name, table, profile),
    )


def _draw_profile(name: str, table: str, profile: Profile) -> None:
    st.caption(f"{counted(profile.rows, 'row')}, {counted(len(profile.columns), 'column')}.")
    profile_table(profile.frame, key=f"profile:{name}", alt=f"What each column of {table} holds")
    drawn = [column for column in profile.columns if len(column.bars) > 1 and not column.is_key]
    _say_what_is_not_drawn([column for column in profile.columns if column not in drawn])
    with st.grid(3, min_column_width=300):
        for column in drawn:
            _shape(table, column)


def _shape(table: str, column: ColumnProfile) -> None:
    with st.container(border=True, key=f"shape:{column.name}", gap="xsmall"):
        more = "" if column.edges else f" · top {len(column.bars)} of {column.distinct:,}"
        few = more if column.distinct > len(column.bars) else ""
        st.markdown(f"**{plain(column.name)}** :gray[{plain(column.type.lower() + few)}]")
        st.altair_chart(
            shape_chart(column),
            height=CHART_HEIGHT,
            key=f"chart:{table}:{column.name}",
            alt=f"Distribution of {column.name}",
        )


def _say_what_is_not_drawn(columns: list[ColumnProfile]) -> None:
    """Name the columns without a chart in one caption, by the reason."""
    reasons: dict[str, list[str]] = {}
    for column in columns:
        reasons.setdefault(_reason(column), []).append(f"**{plain(column.name)}**")
    if reasons:
        told = "; ".join(f"{listed(names)} ({reason})" for reason, names in reasons.items())
        st.caption(f"No chart for {told}.")


def _reason(column: ColumnProfile) -> str:
    if column.nulls == column.rows:
        return "no values"
    if column.shape == "other":
        return "nested or binary"
    if column.distinct == 1:
        return "one value only"
    return "no value comes twice" if column.is_key else "hardly any value comes twice"


def coverage_table(experiment: Experiment) -> None:
    """Draw each foreign key with the share of parents it reaches and the children of each."""
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
    st.caption(f"{counted(frame.height, 'foreign key')}: how many parents have children, and how many each.")
    st.dataframe(
        frame,
        key=f"coverage:{name}",
        alt="Coverage of the foreign keys",
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
                "Orphans", format="localized", help="Rows whose parent is not there: always 0."
            ),
        },
    )
