"""A chart of one's own choice: a mark, a column across, one up, one for the colour, and how values are put together.

The rows are put together here, over all of them; the browser only draws what comes out, at most `GREATEST_POINTS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import altair as alt
import polars as pl

from engine.errors import WorkbenchError

MARKS = {"bar": "bar", "line": "line", "area": "area", "point": "circle"}
AGGREGATES = ("sum", "mean", "median", "min", "max", "count")
GREATEST_POINTS = 5_000

_HEIGHT = 340
_Kind = Literal["quantitative", "temporal", "nominal"]


@dataclass(frozen=True)
class ChartChoice:
    """What is drawn: None leaves a part to the workbench. Without a column up, rows are counted."""

    mark: str | None = None
    x: str | None = None
    y: str | None = None
    color: str | None = None
    aggregate: str | None = None


def chosen_chart(frame: pl.DataFrame, choice: ChartChoice) -> alt.Chart:
    """Return the chart of a choice; raises `WorkbenchError` for a mark, column or aggregate that there is not."""
    _check(frame, choice)
    x = choice.x or next((name for name in frame.columns if name not in (choice.y, choice.color)), frame.columns[0])
    y = choice.y
    if y is None and choice.aggregate != "count":
        y = next((name for name in frame.columns if name != x and _kind(frame, name) == "quantitative"), None)
    data = _data(frame, x, y, choice)
    shown = data.head(GREATEST_POINTS)
    mark: Any = MARKS[choice.mark or ("line" if _kind(frame, x) == "temporal" else "bar")]
    up = "rows" if y is None or choice.aggregate == "count" else y
    if choice.aggregate not in (None, "count") and y is not None:
        up = f"{choice.aggregate} of {y}"
    note = f"the first {len(shown):,} of {len(data):,} points" if len(data) > len(shown) else ""
    title = alt.TitleParams(f"{up} by {x}", subtitle=note) if note else alt.TitleParams(f"{up} by {x}")
    x_kind, y_kind = _kind(shown, "x"), _kind(shown, "y")
    tooltip = [alt.Tooltip("x", type=x_kind, title=x), alt.Tooltip("y", type=y_kind, title=up)]
    chart: alt.Chart = alt.Chart(shown, title=title, height=_HEIGHT, width="container", mark=alt.MarkDef(type=mark))
    chart = chart.encode(
        x=alt.X("x", type=x_kind, title=x, sort=None) if x_kind == "nominal" else alt.X("x", type=x_kind, title=x),
        y=alt.Y("y", type=y_kind, title=up),
        tooltip=tooltip,
    )
    if choice.color is None:
        return chart
    coloured: alt.Chart = chart.encode(color=alt.Color("c", type=_kind(shown, "c"), title=choice.color))
    return coloured


def _check(frame: pl.DataFrame, choice: ChartChoice) -> None:
    if frame.is_empty():
        raise WorkbenchError("There is nothing to draw: the result has no rows.")
    for name in (choice.x, choice.y, choice.color):
        if name is not None and name not in frame.columns:
            raise WorkbenchError(f'There is no column "{name}".', hint=f"There are {', '.join(frame.columns[:20])}.")
    if choice.mark is not None and choice.mark not in MARKS:
        raise WorkbenchError(f'There is no mark "{choice.mark}".', hint=f"There are {', '.join(MARKS)}.")
    if choice.aggregate is not None and choice.aggregate not in AGGREGATES:
        raise WorkbenchError(f'There is no aggregate "{choice.aggregate}".', hint=f"There are {', '.join(AGGREGATES)}.")
    numeric = choice.y is None or frame.schema[choice.y].is_numeric()
    if choice.aggregate not in (None, "count") and not numeric:
        raise WorkbenchError(
            f'"{choice.y}" is no number: it can be counted only.', hint="Choose count or another column."
        )


def _data(frame: pl.DataFrame, x: str, y: str | None, choice: ChartChoice) -> pl.DataFrame:
    columns = {"x": _plain(frame[x])}
    if y is not None:
        columns["y"] = _plain(frame[y])
    if choice.color is not None:
        columns["c"] = _plain(frame[choice.color])
    data = pl.DataFrame(columns)
    keys = [key for key in ("x", "c") if key in columns]
    if y is None or choice.aggregate == "count":
        data = data.group_by(keys, maintain_order=True).agg(pl.len().alias("y"))
    elif choice.aggregate is not None:
        data = data.group_by(keys, maintain_order=True).agg(getattr(pl.col("y"), choice.aggregate)())
    return data.sort("x") if _kind(data, "x") == "temporal" else data


def _plain(values: pl.Series) -> pl.Series:
    """Return the values in a type that JSON has."""
    if isinstance(values.dtype, pl.Date | pl.Datetime):
        return values
    if values.dtype.is_nested() or values.dtype == pl.Binary:
        return pl.Series(values.name, [None if value is None else str(value) for value in values], pl.String)
    return values.cast(pl.Float64 if values.dtype.is_numeric() else pl.String)


def _kind(frame: pl.DataFrame, name: str) -> _Kind:
    dtype = frame.schema[name]
    if dtype.is_numeric():
        return "quantitative"
    return "temporal" if isinstance(dtype, pl.Date | pl.Datetime) else "nominal"
