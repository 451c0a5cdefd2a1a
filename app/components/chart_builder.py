"""The chart of a result: a sensible one at first, then the mark, columns and aggregate a person chooses."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.components.chart_files import chart_downloads
from app.formats import plain
from engine import QueryResult
from engine.errors import WorkbenchError

MARKS = {"Bars": "bar", "Line": "line", "Area": "area", "Points": "point"}
AGGREGATES = {"Sum": "sum", "Mean": "mean", "Median": "median", "Least": "min", "Greatest": "max", "Rows": "count"}


def chart_builder(result: QueryResult, experiment: str) -> None:
    """Draw the choices and the chart they make; what cannot be drawn is said in its place."""
    columns = {name: name for name in result.frame.columns}
    rooms = st.columns(5, gap="xsmall")
    mark = _choose(rooms[0], "Mark", MARKS, experiment)
    across = _choose(rooms[1], "Across", columns, experiment)
    up = _choose(rooms[2], "Up", columns, experiment)
    colour = _choose(rooms[3], "Colour", columns, experiment)
    aggregate = _choose(rooms[4], "Aggregate", AGGREGATES, experiment)
    try:
        chart = result.chart(mark=mark, x=across, y=up, color=colour, aggregate=aggregate)
    except WorkbenchError as error:
        st.caption(f":material/insert_chart: {plain(error.message)} {plain(error.hint)}")
    else:
        st.altair_chart(chart, key="chart", height=340, alt="Chart of the result")
        chart_downloads(chart, experiment)


def _choose(place: DeltaGenerator, label: str, options: Mapping[str, str], experiment: str) -> str | None:
    key = f"chart_{label.lower()}:{experiment}"
    if st.session_state.get(key) not in (None, *options):
        st.session_state[key] = None
    chosen = place.selectbox(
        label, list(options), index=None, placeholder=label, key=key, label_visibility="collapsed", help=None
    )
    return None if chosen is None else options[chosen]
