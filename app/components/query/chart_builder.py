"""The chart of a result: automatic at first, with each part open to change.

An empty choice shows as its placeholder what the automatic chart uses.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

import altair as alt
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.charts import MIME_TYPES, fit_to_page, render_picture
from app.components.query.divider import result_room
from app.components.query.presentation import (
    AGGREGATES,
    CHART_PARTS,
    MARKS,
    NO_COLOUR,
    UNITS,
    chart_key,
    charted_key,
    take_asked_chart,
)
from app.markdown_text import plain
from engine import QueryResult
from engine.errors import WorkbenchError

CHART_HEIGHT = 340
BESIDE_CHART = 130
"""Pixels of the choices above a full-width chart and its buttons below."""


class _Part(NamedTuple):
    """One part of a chart: its argument, label and options."""

    argument: str
    label: str
    options: Mapping[str, str]
    help: str | None = None


def chart_builder(result: QueryResult, experiment: str, *, is_narrow: bool) -> None:
    """Draw the choices and their chart, or the reason why there is none."""
    _reset_for_other_columns(result, experiment)
    parts = _parts(result)
    _take_asked(parts, experiment)
    plan = _plan(result, _chosen(parts, experiment))
    shown = [part for part in parts if _is_useful(part, plan, experiment)]
    drawing = st.container() if is_narrow else None
    slots = _slots(len(shown), is_narrow=is_narrow)
    chosen = {part.argument: _choose(slot, part, plan, experiment) for slot, part in zip(slots, shown, strict=True)}
    with drawing or st.container():
        _draw_chart(result, chosen, experiment, is_narrow=is_narrow)


def _draw_chart(result: QueryResult, chosen: Mapping[str, str | None], experiment: str, *, is_narrow: bool) -> None:
    """Draw the chart, a note on what it leaves out, and its buttons."""
    try:
        chart = result.chart(**chosen)
    except WorkbenchError as error:
        st.caption(f":material/insert_chart: {plain(error.message)} {plain(error.hint)}")
        chart = None
    if chart is not None:
        themed, note = fit_to_page(chart, is_narrow=is_narrow)
        st.altair_chart(
            themed,
            key="chart",
            height=CHART_HEIGHT if is_narrow else max(CHART_HEIGHT, result_room() - BESIDE_CHART),
            alt="Chart of the result",
        )
        if note:
            st.caption(f":material/info: {plain(note[:1].upper() + note[1:])}.")
    with st.container(horizontal=True, horizontal_alignment="right", gap="xsmall", key=f"chart_files:{experiment}"):
        if any(choice is not None for choice in chosen.values()):
            st.button(
                "Automatic chart",
                key=f"chart_reset:{experiment}",
                icon=":material/restart_alt:",
                type="tertiary",
                on_click=_reset,
                args=(experiment,),
                help="Reset all chart options.",
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
        _Part("unit", "Unit of time", UNITS, "Rows in the same unit are aggregated."),
        _Part("y", "Y", numbers),
        _Part("aggregate", "Aggregate", AGGREGATES, "How rows with the same X are combined."),
        _Part("color", "Colour", {NO_COLOUR: ""} | columns),
    ]


def _plan(result: QueryResult, chosen: Mapping[str, str | None]) -> Mapping[str, object]:
    """Return the parts of the chart for these choices; empty when it cannot be drawn."""
    try:
        return vars(result.chart_plan(**chosen))
    except WorkbenchError:
        return {}


def _is_useful(part: _Part, plan: Mapping[str, object], experiment: str) -> bool:
    """Return whether a part applies: units to times, an aggregate to rows that share an X."""
    if part.argument == "unit":
        return bool(plan.get("units"))
    if part.argument == "aggregate":
        return bool(plan.get("has_repeats")) or st.session_state.get(chart_key(part.argument, experiment)) is not None
    return bool(part.options)


def _slots(number: int, *, is_narrow: bool) -> list[DeltaGenerator]:
    if not is_narrow:
        return st.columns(number, gap="xsmall")
    rows = [st.columns(2, gap="xsmall") for _ in range(0, number, 2)]
    return [slot for row in rows for slot in row][:number]


def _choose(slot: DeltaGenerator, part: _Part, plan: Mapping[str, object], experiment: str) -> str | None:
    options = dict(part.options)
    if part.argument == "unit":
        units = plan["units"]
        assert isinstance(units, tuple)
        options = {label: unit for label, unit in UNITS.items() if unit in (*units, "none")}
    key = chart_key(part.argument, experiment)
    if st.session_state.get(key) not in (None, *options):
        st.session_state[key] = None
    chosen = slot.selectbox(
        part.label, list(options), index=None, placeholder=_automatic(part, plan), key=key, help=part.help
    )
    return None if chosen is None else options[chosen]


def _automatic(part: _Part, plan: Mapping[str, object]) -> str:
    """Return the placeholder of a part that is not chosen: the automatic value."""
    if not plan:
        return "Automatic"
    value_used = plan[part.argument]
    if value_used is None:
        return "Rows (auto)" if part.argument == "y" else "None (auto)"
    label = next((label for label, value in part.options.items() if value == value_used), str(value_used))
    return f"{label} (auto)"


def _picture_buttons(chart: alt.Chart, experiment: str) -> None:
    """Draw the buttons that save the chart; the picture is rendered on a click."""
    for kind, mime in MIME_TYPES.items():
        st.download_button(
            kind.upper(),
            partial(render_picture, chart, kind),
            file_name=f"{experiment}-chart.{kind}",
            mime=mime,
            key=f"chart_{kind}:{experiment}",
            icon=":material/image:" if kind == "png" else ":material/shapes:",
            type="tertiary",
            on_click="ignore",
            help=f"Save this chart as a picture ({kind.upper()}).",
        )


def _chosen(parts: list[_Part], experiment: str) -> dict[str, str | None]:
    labels = [(part, st.session_state.get(chart_key(part.argument, experiment)) or "") for part in parts]
    return {part.argument: part.options.get(label) for part, label in labels}


def _take_asked(parts: list[_Part], experiment: str) -> None:
    """Choose the parts that a link, a saved query or a tab asks for; what does not fit the result stays automatic."""
    asked = take_asked_chart(experiment)
    if asked is None:
        return
    for part in parts:
        label = next((label for label, choice in part.options.items() if choice == asked.get(part.argument)), None)
        st.session_state[chart_key(part.argument, experiment)] = label


def _reset_for_other_columns(result: QueryResult, experiment: str) -> None:
    """Reset the choices when the result has other columns: they would not apply there."""
    key = charted_key(experiment)
    if st.session_state.get(key, result.columns) != result.columns:
        _reset(experiment)
    st.session_state[key] = result.columns


def _reset(experiment: str) -> None:
    for argument in CHART_PARTS:
        st.session_state[chart_key(argument, experiment)] = None
