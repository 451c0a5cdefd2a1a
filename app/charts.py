"""Charts of a query's result: the engine's own default, or a mark with the columns a person chose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import altair as alt
import polars as pl

from engine import QueryResult

MARKS = {"Bars": "bar", "Line": "line", "Area": "area", "Points": "circle"}
GREATEST_POINTS = 5000

_Kind = Literal["quantitative", "temporal", "nominal"]


@dataclass(frozen=True)
class Choice:
    """What a person chose: the name of a mark and of the columns for x and y; None leaves it to the workbench."""

    mark: str | None = None
    x: str | None = None
    y: str | None = None


def chart_of(result: QueryResult, choice: Choice) -> Any:
    """Return the Altair chart of a result; with a choice, of its first `GREATEST_POINTS` rows.

    Without a column for y the chart counts the rows of each x.
    """
    if choice == Choice():
        return result.chart()
    frame = _drawable(result.frame.head(GREATEST_POINTS))
    x = choice.x or next((name for name in frame.columns if name != choice.y), frame.columns[0])
    y = choice.y or next((name for name in frame.columns if name != x and _kind(frame, name) == "quantitative"), None)
    mark: Any = MARKS[choice.mark or "Bars"]
    return alt.Chart(frame, mark=alt.MarkDef(type=mark, tooltip=True)).encode(
        x=alt.X(field=_field(x), type=_kind(frame, x), title=x, sort=None),
        y=alt.Y(field=_field(y), type=_kind(frame, y), title=y) if y else alt.Y(aggregate="count", type="quantitative"),
    )


def _drawable(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with the types a browser's chart knows: decimals and wide integers as floats."""
    return frame.with_columns(
        pl.col(name).cast(pl.Float64)
        for name, dtype in frame.schema.items()
        if dtype.is_decimal() or dtype in (pl.Int128, pl.UInt64)
    )


def _kind(frame: pl.DataFrame, name: str) -> _Kind:
    dtype = frame.schema[name]
    if dtype.is_numeric():
        return "quantitative"
    return "temporal" if dtype in (pl.Date, pl.Datetime) else "nominal"


def _field(name: str) -> str:
    """Return a column name as Vega-Lite reads a field: dots and brackets would mean a path."""
    for character in "\\.[]":
        name = name.replace(character, f"\\{character}")
    return name
