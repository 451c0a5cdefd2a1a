"""The Altair chart of a plan: marks, axes, colours and title.

Altair embeds the drawn rows in the page, so they are few (see `chart_rows`); the subtitle says what was left out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import altair as alt
import polars as pl

from engine.display.wording import counted
from engine.warehouse.charts.aggregation import ChartRows, chart_rows, is_binned, is_nominal
from engine.warehouse.charts.column_roles import chart_columns
from engine.warehouse.charts.plan import NONE, ChartChoice, ChartPlan, plan_chart
from engine.warehouse.charts.time_units import TOOLTIPS

_HEIGHT = 340
_FEW_POINTS = 70
_LONG_LABELS = 40
_LABEL_WIDTH = 180
_TIME_UNITS: dict[str, Any] = {
    "minute": "yearmonthdatehoursminutes",
    "hour": "yearmonthdatehours",
    "day": "yearmonthdate",
    "month": "yearmonth",
    "quarter": "yearquarter",
    "year": "year",
}
_UNSTACKED = ("mean", "median", "min", "max")
_Kind = Literal["quantitative", "temporal", "nominal"]


def chart_plan(frame: pl.DataFrame, choice: ChartChoice) -> ChartPlan:
    """Return the plan of a choice; raises `WorkbenchError` if nothing can be drawn."""
    return plan_chart(_transpose_single_row(frame, choice), choice)


def draw(frame: pl.DataFrame, choice: ChartChoice, extent: str = "", *, keeps_order: bool = False) -> alt.Chart:
    """Return the chart of a choice; `extent` describes which rows of a result the frame holds.

    With `keeps_order` bars are in the order of the rows. Rows without an x are not drawn, and the subtitle tells them.
    """
    frame = _transpose_single_row(frame, choice)
    plan = plan_chart(frame, choice)
    missing = frame[plan.x].null_count()
    frame = frame.filter(pl.col(plan.x).is_not_null())
    rows = chart_rows(frame, plan, keeps_order=keeps_order)
    if missing:
        told = f"{counted(missing, 'row')} without {plan.x} not drawn"
        rows = replace(rows, note=f"{rows.note}; {told}" if rows.note else told)
    if is_binned(frame, plan):
        return _histogram(rows, plan, extent)
    is_horizontal = (
        is_nominal(frame, plan) and not frame.schema[plan.x].is_numeric() and _is_horizontal(rows.data, plan)
    )
    x = _x(rows.data, plan, is_nominal=is_nominal(frame, plan), is_horizontal=is_horizontal)
    y = _y(rows.data, plan, is_horizontal=is_horizontal)
    axes: dict[str, Any] = {"x": y, "y": x} if is_horizontal else {"x": x, "y": y}
    chart: alt.Chart = _base(rows, title_of(plan), extent, mark=_mark(plan, rows.data)).encode(
        tooltip=_tooltip(rows.data, plan), **axes
    )
    return chart if plan.color is None else _add_colours(chart, plan, is_horizontal=is_horizontal)


def title_of(plan: ChartPlan) -> str:
    """Return the title of a plan."""
    across = plan.x if plan.unit == NONE else f"{plan.unit} of {plan.x}"
    return f"{_value_title(plan)} by {across}" + ("" if plan.color is None else f" and {plan.color}")


def _value_title(plan: ChartPlan) -> str:
    if plan.y is None:
        return "rows"
    return plan.y if plan.aggregate == NONE else f"{plan.aggregate} of {plan.y}"


def _transpose_single_row(frame: pl.DataFrame, choice: ChartChoice) -> pl.DataFrame:
    """Transpose a single row of several numbers, so that each header is a bar."""
    columns = chart_columns(frame)
    numbers = [column for column in columns if column.is_number]
    has_place = any(column.role in ("time", "category") for column in columns)
    if len(frame) != 1 or choice != ChartChoice(mark=choice.mark) or has_place or not numbers:
        return frame
    values = [column.values.cast(pl.Float64).item() for column in numbers]
    return pl.DataFrame({"column": [column.name for column in numbers], "value": values})


def _base(rows: ChartRows, title: str, extent: str, mark: alt.MarkDef) -> alt.Chart:
    notes = [note for note in (rows.note, extent) if note]
    shown = alt.TitleParams(title, subtitle=", ".join(notes)) if notes else alt.TitleParams(title)
    return alt.Chart(rows.data, title=shown, height=_HEIGHT, width="container", mark=mark)


def _histogram(rows: ChartRows, plan: ChartPlan, extent: str) -> alt.Chart:
    base = _base(rows, f"Distribution of {plan.x}", extent, alt.MarkDef(type="bar"))
    is_whole = bool((rows.data["x2"] - rows.data["x"] >= 1).all())
    axis = alt.Axis(tickMinStep=1) if is_whole else alt.Axis()
    chart: alt.Chart = base.encode(
        x=alt.X("x", type="quantitative", bin="binned", title=plan.x, axis=axis, scale=alt.Scale(zero=False)),
        x2=alt.X2("x2"),
        y=alt.Y("y", type="quantitative", title="rows"),
        tooltip=[
            alt.Tooltip("x", type="quantitative", title="from"),
            alt.Tooltip("x2", type="quantitative", title="to"),
            alt.Tooltip("y", type="quantitative", title="rows", format=","),
        ],
    )
    return chart


def _mark(plan: ChartPlan, data: pl.DataFrame) -> alt.MarkDef:
    if plan.mark == "point":
        return alt.MarkDef(type="circle", opacity=0.6)
    if plan.mark == "area":
        return alt.MarkDef(type="area", opacity=0.7)
    if plan.mark == "line":
        lines = data["c"].n_unique() if "c" in data.columns else 1
        has_gaps = bool(data["y"].null_count())  # a point between two gaps is no line
        return alt.MarkDef(type="line", point=has_gaps or len(data) <= _FEW_POINTS * lines)
    return alt.MarkDef(type="bar")


def _x(data: pl.DataFrame, plan: ChartPlan, *, is_nominal: bool, is_horizontal: bool) -> alt.X | alt.Y:
    title = plan.x if plan.unit == NONE else f"{plan.x}, by {plan.unit}"
    if is_nominal:
        axis = alt.Axis(labelLimit=_LABEL_WIDTH, labelOverlap=not is_horizontal, labelAngle=0)
        across: alt.X | alt.Y = (alt.Y if is_horizontal else alt.X)(
            "x", type="nominal", title=title, sort=None, axis=axis
        )
        return across
    kind = _kind(data, "x")
    if kind == "temporal" and plan.mark == "bar" and plan.unit in _TIME_UNITS:
        return alt.X("x", type=kind, title=title, timeUnit=_TIME_UNITS[plan.unit])
    if kind == "quantitative" and plan.mark in ("point", "line"):
        return alt.X("x", type=kind, title=title, scale=alt.Scale(zero=False))
    return alt.X("x", type=kind, title=title)


def _y(data: pl.DataFrame, plan: ChartPlan, *, is_horizontal: bool) -> alt.X | alt.Y:
    channel = alt.X if is_horizontal else alt.Y
    if plan.mark == "point" and _kind(data, "y") == "quantitative":
        return channel("y", type="quantitative", title=_value_title(plan), scale=alt.Scale(zero=False))
    made = channel("y", type=_kind(data, "y"), title=_value_title(plan))
    return made.stack(False) if plan.color is not None and plan.aggregate in _UNSTACKED else made


def _add_colours(chart: alt.Chart, plan: ChartPlan, *, is_horizontal: bool) -> alt.Chart:
    """Colour the chart by its colour column; bars whose sum is meaningless are grouped, not stacked."""
    coloured: alt.Chart = chart.encode(color=alt.Color("c", type="nominal", title=plan.color))
    if plan.mark == "bar" and plan.aggregate in _UNSTACKED:
        offsets = (
            {"yOffset": alt.YOffset("c", type="nominal")}
            if is_horizontal
            else {"xOffset": alt.XOffset("c", type="nominal")}
        )
        coloured = coloured.encode(**offsets)
    return coloured


def _tooltip(data: pl.DataFrame, plan: ChartPlan) -> list[alt.Tooltip]:
    x_kind: _Kind = "nominal" if data.schema["x"] == pl.String else _kind(data, "x")
    time_format: dict[str, Any] = {"format": TOOLTIPS[plan.unit]} if plan.unit != NONE else {}
    tooltips = [alt.Tooltip("x", type=x_kind, title=plan.x, **time_format)]
    if plan.color is not None:
        tooltips.append(alt.Tooltip("c", type="nominal", title=plan.color))
    number_format: dict[str, Any] = {"format": ",.6~g"} if _kind(data, "y") == "quantitative" else {}
    return [*tooltips, alt.Tooltip("y", type=_kind(data, "y"), title=_value_title(plan), **number_format)]


def _is_horizontal(data: pl.DataFrame, plan: ChartPlan) -> bool:
    """Return whether the bars have long labels and are drawn horizontally, one line each."""
    if plan.mark != "bar" or _kind(data, "y") != "quantitative":
        return False
    labels = data["x"].unique().fill_null("null")
    return int(labels.str.len_chars().clip(upper_bound=25).sum()) + len(labels) > _LONG_LABELS


def _kind(data: pl.DataFrame, name: str) -> _Kind:
    dtype = data.schema[name]
    if dtype.is_numeric():
        return "quantitative"
    return "temporal" if isinstance(dtype, pl.Date | pl.Datetime) else "nominal"
