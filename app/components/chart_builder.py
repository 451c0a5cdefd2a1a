"""The chart of a result: a sensible one at first, then the mark, columns and aggregate a person chooses."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app.components.chart_files import chart_downloads
from app.formats import plain
from engine import QueryResult
from engine.errors import WorkbenchError

MARKS = {"Bars": "bar", "Line": "line", "Area": "area", "Points": "point"}
AGGREGATES = {"Sum": "sum", "Mean": "mean", "Median": "median", "Least": "min", "Greatest": "max", "Rows": "count"}

CHOICE_WIDTH = 118
"""Wide enough for every label; where five do not fit beside each other, they wrap."""


def chart_builder(result: QueryResult, experiment: str) -> None:
    """Draw the choices and the chart they make; what cannot be drawn is said in its place."""
    columns = {name: name for name in result.frame.columns}
    with st.container(horizontal=True, gap="xsmall", key=f"chart_choices:{experiment}"):
        mark = _choose("Mark", MARKS, experiment)
        across = _choose("Across", columns, experiment)
        up = _choose("Up", columns, experiment)
        colour = _choose("Colour", columns, experiment)
        aggregate = _choose("Aggregate", AGGREGATES, experiment)
    try:
        chart = result.chart(mark=mark, x=across, y=up, color=colour, aggregate=aggregate)
    except WorkbenchError as error:
        st.caption(f":material/insert_chart: {plain(error.message)} {plain(error.hint)}")
    else:
        st.altair_chart(chart, key="chart", height=340, alt="Chart of the result")
        chart_downloads(chart, experiment)


def _choose(label: str, options: Mapping[str, str], experiment: str) -> str | None:
    key = f"chart_{label.lower()}:{experiment}"
    if st.session_state.get(key) not in (None, *options):
        st.session_state[key] = None
    chosen = st.selectbox(
        label, list(options), index=None, placeholder=label, key=key, label_visibility="collapsed", width=CHOICE_WIDTH
    )
    return None if chosen is None else options[chosen]
