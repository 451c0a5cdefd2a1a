"""The rows of a chart: put together over all rows of the result, so that the browser only draws what comes out.

Columns are called `x`, `y` and `c` (the colour): a header may hold any character, and Vega reads dots and brackets as
paths. A histogram has the ends of its bins in `x` and `x2`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

import polars as pl

from engine.errors import WorkbenchError
from engine.warehouse.charts.column_roles import GREATEST_BARS, GREATEST_COLOURS, ChartColumn
from engine.warehouse.charts.plan import NONE, ChartPlan
from engine.warehouse.charts.time_units import every_unit, truncated

GREATEST_POINTS = 5_000
BINS = 30
EMPTY = "(empty)"
_GREATEST_NUMBER = 1e300


@dataclass(frozen=True)
class ChartRows:
    """What is drawn, and the note that its title needs when that is not all."""

    data: pl.DataFrame
    note: str = ""


def chart_rows(frame: pl.DataFrame, plan: ChartPlan) -> ChartRows:
    """Return the rows of a plan; raises `WorkbenchError` when they hold no number to draw."""
    columns = {"x": frame[plan.x]}
    if plan.y is not None:
        columns["y"] = _plain(frame[plan.y])
        if not columns["y"].count():
            raise WorkbenchError(f'There is nothing to draw: no number of "{plan.y}" is finite.')
    if plan.color is not None:
        columns["c"] = _text(frame[plan.color])
    if plan.unit != NONE:
        columns["x"] = truncated(columns["x"], plan.unit)
    if is_binned(frame, plan):
        return ChartRows(_binned(_plain(columns["x"])))
    columns["x"] = _text(columns["x"]) if is_nominal(frame, plan) else _plain(columns["x"])
    colours = pl.DataFrame(columns)
    data, note = _few_colours(colours, plan)
    data = _put_together(data, plan)
    if is_nominal(frame, plan):
        return _bars(data, plan, note, is_ordered=frame.schema[plan.x].is_numeric())
    if plan.unit != NONE and plan.aggregate in ("count", "sum"):
        data = _without_gaps(data, plan.unit)
    if plan.mark in ("line", "area") or data.schema["x"].is_temporal():
        data = data.sort("x", maintain_order=True)
    if len(data) > GREATEST_POINTS:
        noun = "rows" if plan.mark == "point" else "points"
        return ChartRows(data.head(GREATEST_POINTS), f"the first {GREATEST_POINTS:,} of {len(data):,} {noun}")
    return ChartRows(data, note)


def is_nominal(frame: pl.DataFrame, plan: ChartPlan) -> bool:
    """Whether x has a place for each of its values, and no scale."""
    x = ChartColumn(frame[plan.x])
    if x.role == "time":
        return False
    if not x.is_number:
        return True
    if x.role in ("step", "key") or x.is_scale:
        return plan.mark == "bar" and not is_binned(frame, plan)
    return plan.mark == "bar" and plan.y is not None and x.distinct <= GREATEST_BARS


def is_binned(frame: pl.DataFrame, plan: ChartPlan) -> bool:
    """Whether the plan is a histogram."""
    x = ChartColumn(frame[plan.x])
    is_measure = x.role in ("measure", "other") or (x.role == "key" and x.distinct > GREATEST_BARS)
    return x.is_number and is_measure and plan.y is None and plan.mark == "bar" and plan.color is None


def _put_together(data: pl.DataFrame, plan: ChartPlan) -> pl.DataFrame:
    keys = [key for key in ("x", "c") if key in data.columns]
    if plan.y is None:
        return data.group_by(keys, maintain_order=True).agg(pl.len().cast(pl.Int64).alias("y"))
    if plan.aggregate == NONE:
        return data
    return data.group_by(keys, maintain_order=True).agg(getattr(pl.col("y"), plan.aggregate)())


def _few_colours(data: pl.DataFrame, plan: ChartPlan) -> tuple[pl.DataFrame, str]:
    """Keep the most frequent values of the colour, or those of the greatest sums: more cannot be told apart."""
    if "c" not in data.columns or data["c"].n_unique() <= GREATEST_COLOURS:
        return data, ""
    weight = pl.len() if plan.y is None or not data.schema["y"].is_numeric() else pl.col("y").abs().sum()
    sums = (
        data.group_by("c", maintain_order=True).agg(weight.alias("w")).sort("w", descending=True, maintain_order=True)
    )
    kept = sums["c"].head(GREATEST_COLOURS)
    note = f"the {GREATEST_COLOURS} greatest of {len(sums):,} values of {plan.color}"
    return data.filter(pl.col("c").is_in(kept.implode(), nulls_equal=True)), note


def _bars(data: pl.DataFrame, plan: ChartPlan, note: str, *, is_ordered: bool) -> ChartRows:
    """Return the bars in their order: numbers rise, sums fall, and rows that were grouped stay as they were."""
    can_rank = data.schema["y"].is_numeric()
    values = data["x"].n_unique()
    if can_rank and (values > GREATEST_BARS or (plan.aggregate != NONE and not is_ordered)):
        top = _ranked(data)
        data = top.join(data, on="x", how="left", maintain_order="left_right", nulls_equal=True)
    if is_ordered and values <= GREATEST_BARS:
        data = data.sort(pl.col("x").cast(pl.Float64, strict=False), maintain_order=True, nulls_last=True)
    if values > GREATEST_BARS:
        note = f"the {GREATEST_BARS} greatest of {values:,} values" + (f"; {note}" if note else "")
    return ChartRows(data.select("x", *(name for name in ("c", "y") if name in data.columns)), note)


def _ranked(data: pl.DataFrame) -> pl.DataFrame:
    sums = data.group_by("x", maintain_order=True).agg(pl.col("y").sum().alias("w"))
    return sums.sort("w", descending=True, maintain_order=True, nulls_last=True).head(GREATEST_BARS).select("x")


def _without_gaps(data: pl.DataFrame, unit: str) -> pl.DataFrame:
    """Add the units of time in which nothing lies: there the count is 0, and not a line from one side to the other."""
    beginnings = data["x"].drop_nulls()
    if beginnings.is_empty():
        return data
    places = pl.DataFrame({"x": every_unit(beginnings, unit)})
    keys = [key for key in ("x", "c") if key in data.columns]
    if "c" in keys:
        places = places.join(data.select("c").unique(maintain_order=True), how="cross")
    full = places.join(data.filter(pl.col("x").is_not_null()), on=keys, how="left", nulls_equal=True)
    return full.with_columns(pl.col("y").fill_null(0))


def _binned(values: pl.Series) -> pl.DataFrame:
    """Return the bins of a histogram: equal, with round ends, and one for each number where those are few."""
    finite = values.drop_nulls()
    if finite.is_empty():
        raise WorkbenchError(f'There is nothing to draw: no number of "{values.name}" is finite.')
    least, greatest = cast(float, finite.min()), cast(float, finite.max())
    is_whole = bool((finite == finite.floor()).all())
    width = _round_width((greatest - least) / BINS)
    shift = 0.0
    if is_whole and width <= 1:
        width, shift = 1.0, 0.5  # a number stands in the middle of its bar
    places = ((finite + shift) / width).floor()
    counts = pl.DataFrame({"bin": places}).group_by("bin").agg(pl.len().cast(pl.Int64).alias("y")).sort("bin")
    begin = pl.col("bin") * width - shift
    return counts.select(begin.alias("x"), (begin + width).alias("x2"), "y")


def _round_width(width: float) -> float:
    """Return the next width of 1, 2 or 5 times a power of ten."""
    if width <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(width))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= width * (1 - 1e-9))


def _plain(values: pl.Series) -> pl.Series:
    """Return the values in a type that JSON has; a number that is not finite has no place on a scale."""
    if isinstance(values.dtype, pl.Date | pl.Datetime):
        return values
    if not values.dtype.is_numeric():
        return _text(values)
    name, number = values.name, values.cast(pl.Float64)
    is_drawn = number.is_finite() & (number.abs() < _GREATEST_NUMBER)
    return pl.DataFrame({"v": number, "ok": is_drawn}).select(pl.when("ok").then("v").alias(name))[name]


def _text(values: pl.Series) -> pl.Series:
    if values.dtype.is_nested() or values.dtype == pl.Binary:
        return pl.Series(values.name, [None if value is None else str(value) for value in values], pl.String)
    return values.cast(pl.String).replace("", EMPTY)  # Vega takes an empty text for NULL
