"""The chart of a result: the workbench's own at first, which each choice of a person changes in one part.

What is not chosen is still said: it stands in the empty choice, as the plan of the chart has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

import altair as alt
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.charts import MIME_TYPES, for_page, picture
from app.formats import plain
from engine import QueryResult
from engine.errors import WorkbenchError

MARKS = {"Bars": "bar", "Line": "line", "Area": "area", "Points": "point"}
AGGREGATES = {
    "Sum": "sum",
    "Mean": "mean",
    "Median": "median",
    "Min": "min",
    "Max": "max",
    "Rows": "count",
    "Each row": "none",
}
UNITS = {name.capitalize(): name for name in ("minute", "hour", "day", "week", "month", "quarter", "year")}
UNITS["Each moment"] = "none"
NO_COLOUR = "No colour"
CHART_HEIGHT = 340


class _Part(NamedTuple):
    """One part of a chart: its argument, its label, and the choices there are."""

    argument: str
    label: str
    options: Mapping[str, str]
    help: str | None = None


def chart_builder(result: QueryResult, experiment: str, *, is_narrow: bool) -> None:
    """Draw the choices and the chart they make; what cannot be drawn is said in its place."""
    _forget_other_columns(result, experiment)
    parts = _parts(result)
    plan = _plan(result, _chosen(parts, experiment))
    shown = [part for part in parts if _means_something(part, plan, experiment)]
    drawing = st.container() if is_narrow else None
    rooms = _rooms(len(shown), is_narrow=is_narrow)
    chosen = {part.argument: _choose(room, part, plan, experiment) for room, part in zip(rooms, shown, strict=True)}
    with drawing or st.container():
        _drawn(result, chosen, experiment, is_narrow=is_narrow)


def _drawn(result: QueryResult, chosen: Mapping[str, str | None], experiment: str, *, is_narrow: bool) -> None:
    """Draw the chart, what it leaves out, and what can be done with it."""
    try:
        chart = result.chart(**chosen)
    except WorkbenchError as error:
        st.caption(f":material/insert_chart: {plain(error.message)} {plain(error.hint)}")
        chart = None
    if chart is not None:
        drawn, note = for_page(chart, is_narrow=is_narrow)
        st.altair_chart(drawn, key="chart", height=CHART_HEIGHT, alt="Chart of the result")
        if note:
            st.caption(f":material/info: Drawn: {plain(note)}.")
    with st.container(horizontal=True, horizontal_alignment="right", gap="xsmall", key=f"chart_files:{experiment}"):
        if any(choice is not None for choice in chosen.values()):
            st.button(
                "Automatic chart",
                key=f"chart_reset:{experiment}",
                icon=":material/restart_alt:",
                type="tertiary",
                on_click=_reset,
                args=(experiment,),
                help="Forget all choices of the chart.",
            )
        if chart is not None:
            _picture_buttons(chart, experiment)


def _parts(result: QueryResult) -> list[_Part]:
    frame = result.frame
    filled = [name for name in frame.columns if frame[name].count()]
    columns = {name: name for name in filled}
    numbers = {name: name for name in filled if frame.schema[name].is_numeric()}
    return [
        _Part("mark", "Mark", MARKS),
        _Part("x", "X", columns),
        _Part("unit", "Unit of time", UNITS, "The rows of one unit are put together."),
        _Part("y", "Y", numbers),
        _Part("aggregate", "Aggregate", AGGREGATES, "What is made of the rows that fall on one X."),
        _Part("color", "Colour", {NO_COLOUR: ""} | columns),
    ]


def _plan(result: QueryResult, chosen: Mapping[str, str | None]) -> Mapping[str, object]:
    """Return the parts of the chart that the choices make; none when it cannot be drawn."""
    try:
        return vars(result.chart_plan(**chosen))
    except WorkbenchError:
        return {}


def _means_something(part: _Part, plan: Mapping[str, object], experiment: str) -> bool:
    """Whether a part is worth choosing: units belong to times, an aggregate to rows that share a place."""
    if part.argument == "unit":
        return bool(plan.get("units"))
    if part.argument == "aggregate":
        return bool(plan.get("has_repeats")) or st.session_state.get(_key(part.argument, experiment)) is not None
    return bool(part.options)


def _rooms(number: int, *, is_narrow: bool) -> list[DeltaGenerator]:
    if not is_narrow:
        return st.columns(number, gap="xsmall")
    rows = [st.columns(2, gap="xsmall") for _ in range(0, number, 2)]
    return [room for row in rows for room in row][:number]


def _choose(place: DeltaGenerator, part: _Part, plan: Mapping[str, object], experiment: str) -> str | None:
    options = dict(part.options)
    if part.argument == "unit":
        units = plan["units"]
        assert isinstance(units, tuple)
        options = {label: unit for label, unit in UNITS.items() if unit in (*units, "none")}
    key = _key(part.argument, experiment)
    if st.session_state.get(key) not in (None, *options):
        st.session_state[key] = None
    chosen = place.selectbox(
        part.label, list(options), index=None, placeholder=_automatic(part, plan), key=key, help=part.help
    )
    return None if chosen is None else options[chosen]


def _automatic(part: _Part, plan: Mapping[str, object]) -> str:
    """Return what the workbench takes for a part that is not chosen."""
    if not plan:
        return "Automatic"
    taken = plan[part.argument]
    if taken is None:
        return "Rows (auto)" if part.argument == "y" else "None (auto)"
    label = next((label for label, value in part.options.items() if value == taken), str(taken))
    return f"{label} (auto)"


def _picture_buttons(chart: alt.Chart, experiment: str) -> None:
    """Draw the buttons that save the chart; the picture is made when one is pressed."""
    for kind, mime in MIME_TYPES.items():
        st.download_button(
            kind.upper(),
            partial(picture, chart, kind),
            file_name=f"{experiment}-chart.{kind}",
            mime=mime,
            key=f"chart_{kind}:{experiment}",
            icon=":material/image:" if kind == "png" else ":material/shapes:",
            type="tertiary",
            on_click="ignore",
            help=f"Save this chart as a picture ({kind.upper()}).",
        )


def _chosen(parts: list[_Part], experiment: str) -> dict[str, str | None]:
    labels = [(part, st.session_state.get(_key(part.argument, experiment)) or "") for part in parts]
    return {part.argument: part.options.get(label) for part, label in labels}


def _forget_other_columns(result: QueryResult, experiment: str) -> None:
    """Begin anew for a result of other columns: choices that were made for these would say nothing there."""
    key = f"_charted_{experiment.casefold()}"
    if st.session_state.get(key, result.columns) != result.columns:
        _reset(experiment)
    st.session_state[key] = result.columns


def _reset(experiment: str) -> None:
    for argument in ("mark", "x", "unit", "y", "aggregate", "color"):
        st.session_state[_key(argument, experiment)] = None


def _key(argument: str, experiment: str) -> str:
    return f"chart_{argument}:{experiment}"
