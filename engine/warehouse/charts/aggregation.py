"""The rows of a chart, aggregated over the whole result, so that the browser draws few of them.

Columns are named `x`, `y` and `c` (the colour): a header may hold any character, and Vega reads dots and brackets as
paths. A histogram has its bin edges in `x` and `x2`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

import polars as pl

from engine.errors import WorkbenchError
from engine.warehouse.charts.column_roles import MAX_BARS, MAX_COLOURS, ChartColumn
from engine.warehouse.charts.plan import NONE, ChartPlan
from engine.warehouse.charts.time_units import every_unit, truncate

MAX_POINTS = 5_000
BINS = 30
EMPTY = "(empty)"
_MAX_NUMBER = 1e300


@dataclass(frozen=True)
class ChartRows:
    """The drawn rows, and a note for the title if rows were left out."""

    data: pl.DataFrame
    note: str = ""


def chart_rows(frame: pl.DataFrame, plan: ChartPlan, *, keeps_order: bool = False) -> ChartRows:
    """Return the rows of a plan, bars in the order of the frame with `keeps_order`.

    Raises `WorkbenchError` if they hold no finite numbers.
    """
    columns = {"x": frame[plan.x]}
    if plan.y is not None:
        columns["y"] = _plain(frame[plan.y])
        if not columns["y"].count():
            raise WorkbenchError(f'Nothing to draw: "{plan.y}" has no finite numbers.')
    if plan.color is not None:
        columns["c"] = _text(frame[plan.color])
    if plan.unit != NONE:
        columns["x"] = truncate(columns["x"], plan.unit)
    if is_binned(frame, plan):
        return ChartRows(_bin(_plain(columns["x"])))
    columns["x"] = _text(columns["x"]) if is_nominal(frame, plan) else _plain(columns["x"])
    colours = pl.DataFrame(columns)
    data, note = _limit_colours(colours, plan)
    data = _aggregate(data, plan)
    if is_nominal(frame, plan):
        if keeps_order:
            return _first_bars(data, note)
        return _bars(data, plan, note, is_ordered=frame.schema[plan.x].is_numeric())
    if plan.unit != NONE and (plan.y is None or plan.mark in ("line", "area")):
        data = _add_gaps(data, plan)
    if plan.mark in ("line", "area") or data.schema["x"].is_temporal():
        data = data.sort("x", maintain_order=True)
    if len(data) > MAX_POINTS:
        noun = "rows" if plan.mark == "point" else "points"
        return ChartRows(data.head(MAX_POINTS), f"the first {MAX_POINTS:,} of {len(data):,} {noun}")
    return ChartRows(data, note)


def is_nominal(frame: pl.DataFrame, plan: ChartPlan) -> bool:
    """Return whether the x axis has one slot per value instead of a scale."""
    x = ChartColumn(frame[plan.x])
    if x.role == "time":
        return False
    if not x.is_number:
        return True
    if x.role in ("step", "key") or x.is_scale:
        return plan.mark == "bar" and not is_binned(frame, plan)
    return plan.mark == "bar" and plan.y is not None and x.distinct <= MAX_BARS


def is_binned(frame: pl.DataFrame, plan: ChartPlan) -> bool:
    """Return whether the plan is a histogram."""
    x = ChartColumn(frame[plan.x])
    is_measure = x.role in ("measure", "other") or (x.role == "key" and x.distinct > MAX_BARS)
    return x.is_number and is_measure and plan.y is None and plan.mark == "bar" and plan.color is None


def _aggregate(data: pl.DataFrame, plan: ChartPlan) -> pl.DataFrame:
    keys = [key for key in ("x", "c") if key in data.columns]
    if plan.y is None:
        return data.group_by(keys, maintain_order=True).agg(pl.len().cast(pl.Int64).alias("y"))
    if plan.aggregate == NONE:
        return data
    return data.group_by(keys, maintain_order=True).agg(getattr(pl.col("y"), plan.aggregate)())


def _limit_colours(data: pl.DataFrame, plan: ChartPlan) -> tuple[pl.DataFrame, str]:
    """Keep the most frequent values of the colour, or those with the largest sums: more are indistinguishable."""
    if "c" not in data.columns or data["c"].n_unique() <= MAX_COLOURS:
        return data, ""
    weight = pl.len() if plan.y is None or not data.schema["y"].is_numeric() else pl.col("y").abs().sum()
    sums = (
        data.group_by("c", maintain_order=True).agg(weight.alias("w")).sort("w", descending=True, maintain_order=True)
    )
    kept = sums["c"].head(MAX_COLOURS)
    note = f"top {MAX_COLOURS} of {len(sums):,} values of {plan.color}"
    return data.filter(pl.col("c").is_in(kept.implode(), nulls_equal=True)), note


def _bars(data: pl.DataFrame, plan: ChartPlan, note: str, *, is_ordered: bool) -> ChartRows:
    """Return the bars in order: numbers ascending, sums descending, rows grouped by the query unchanged."""
    can_rank = data.schema["y"].is_numeric()
    values = data["x"].n_unique()
    if can_rank and (values > MAX_BARS or (plan.aggregate != NONE and not is_ordered)):
        top = _top_values(data)
        data = top.join(data, on="x", how="left", maintain_order="left_right", nulls_equal=True)
    if is_ordered and values <= MAX_BARS:
        data = data.sort(pl.col("x").cast(pl.Float64, strict=False), maintain_order=True, nulls_last=True)
    if values > MAX_BARS:
        note = f"top {MAX_BARS} of {values:,} values" + (f"; {note}" if note else "")
    return ChartRows(data.select("x", *(name for name in ("c", "y") if name in data.columns)), note)


def _first_bars(data: pl.DataFrame, note: str) -> ChartRows:
    """Return the bars in the order of the rows, as an ORDER BY put them."""
    values = data["x"].n_unique()
    if values > MAX_BARS:
        first = data["x"].unique(maintain_order=True).head(MAX_BARS)
        data = data.filter(pl.col("x").is_in(first.implode()))
        note = f"first {MAX_BARS} of {values:,} values" + (f"; {note}" if note else "")
    return ChartRows(data.select("x", *(name for name in ("c", "y") if name in data.columns)), note)


def _top_values(data: pl.DataFrame) -> pl.DataFrame:
    sums = data.group_by("x", maintain_order=True).agg(pl.col("y").sum().alias("w"))
    return sums.sort("w", descending=True, maintain_order=True, nulls_last=True).head(MAX_BARS).select("x")


def _add_gaps(data: pl.DataFrame, plan: ChartPlan) -> pl.DataFrame:
    """Add the units of time without any row: a count of 0, else NULL, so that a line neither bridges them nor falls.

    Within a unit that has rows, the sum of a colour without any is 0, so that areas stack.
    """
    slots = pl.DataFrame({"x": every_unit(data["x"], plan.unit)})
    keys = ["x"]
    if "c" in data.columns:
        keys = ["x", "c"]
        slots = slots.join(data.select("c").unique(maintain_order=True), how="cross")
    full = slots.join(data, on=keys, how="left", nulls_equal=True, maintain_order="left")
    if plan.y is None:
        return full.with_columns(pl.col("y").fill_null(0))
    if plan.aggregate != "sum":
        return full
    has_rows = pl.col("x").is_in(data["x"].unique().implode())
    return full.with_columns(pl.when(has_rows).then(pl.col("y").fill_null(0)).otherwise("y").alias("y"))


def _bin(values: pl.Series) -> pl.DataFrame:
    """Return the bins of a histogram: equal, with round edges, and one per number where those are few."""
    finite = values.drop_nulls()
    if finite.is_empty():
        raise WorkbenchError(f'Nothing to draw: "{values.name}" has no finite numbers.')
    low, high = cast(float, finite.min()), cast(float, finite.max())
    is_whole = bool((finite == finite.floor()).all())
    width = _round_width((high - low) / BINS)
    shift = 0.0
    if is_whole and width <= 1:
        width, shift = 1.0, 0.5  # each number is in the middle of its bar
    bins = ((finite + shift) / width).floor()
    counts = pl.DataFrame({"bin": bins}).group_by("bin").agg(pl.len().cast(pl.Int64).alias("y")).sort("bin")
    begin = pl.col("bin") * width - shift
    return counts.select(begin.alias("x"), (begin + width).alias("x2"), "y")


def _round_width(width: float) -> float:
    """Round a width up to 1, 2 or 5 times a power of ten."""
    if width <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(width))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= width * (1 - 1e-9))


def _plain(values: pl.Series) -> pl.Series:
    """Return the values in a JSON type; numbers that are not finite become NULL, as no scale holds them."""
    if isinstance(values.dtype, pl.Date | pl.Datetime):
        return values
    if not values.dtype.is_numeric():
        return _text(values)
    name, number = values.name, values.cast(pl.Float64)
    is_drawn = number.is_finite() & (number.abs() < _MAX_NUMBER)
    return pl.DataFrame({"v": number, "ok": is_drawn}).select(pl.when("ok").then("v").alias(name))[name]


def _text(values: pl.Series) -> pl.Series:
    if values.dtype.is_nested() or values.dtype == pl.Binary:
        return pl.Series(values.name, [None if value is None else str(value) for value in values], pl.String)
    return values.cast(pl.String).replace("", EMPTY)  # Vega treats empty text as NULL
