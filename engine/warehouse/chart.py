"""The chart a result asks for by its columns, when nobody says more.

| columns | chart |
|---|---|
| time and number | line, one of each colour for a category of few values |
| category and number | bars |
| two numbers | scatter |
| one number | histogram |
| one category, or one time | bars of counts |

Altair embeds the drawn rows in the page, so they are capped and the title says so. Columns are drawn as `x` and `y`:
a header may hold any character, and Vega reads dots and brackets as paths.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import altair as alt
import polars as pl

from engine.errors import WorkbenchError

GREATEST_ROWS = 5_000
GREATEST_BARS = 50
GREATEST_COLOURS = 10
_HEIGHT = 360
_CATEGORIES = (pl.String, pl.Categorical, pl.Enum, pl.Boolean)
_Kind = Literal["temporal", "quantitative", "nominal"]


class _Axes(NamedTuple):
    x: alt.X
    y: alt.Y
    tooltip: list[alt.Tooltip]


def default_chart(frame: pl.DataFrame) -> alt.Chart:
    """Return the chart that fits the columns, the first of each kind; raises `WorkbenchError` if none can be."""
    if frame.is_empty():
        raise WorkbenchError("There is nothing to draw: the result has no rows.")
    filled = [column for column in frame.iter_columns() if column.count()]
    times = [column for column in filled if isinstance(column.dtype, pl.Date | pl.Datetime)]
    numbers = [column for column in filled if column.dtype.is_numeric()]
    categories = [column for column in filled if isinstance(column.dtype, _CATEGORIES)]
    if times and numbers:
        few = next((column for column in categories if column.n_unique() <= GREATEST_COLOURS), None)
        return _line(times[0], numbers[0], few)
    if categories and numbers:
        return _bars(categories[0], numbers[0])
    if len(numbers) > 1:
        return _scatter(numbers[0], numbers[1])
    if numbers:
        return _histogram(numbers[0])
    if categories or times:
        return _counts((categories or times)[0])
    raise WorkbenchError(
        "None of the result's columns can be drawn.", hint="A chart needs a number, a date, a time or a short text."
    )


def _line(time: pl.Series, number: pl.Series, category: pl.Series | None) -> alt.Chart:
    pairs = _pair(time, number)
    if category is not None:
        pairs = pairs.with_columns(_plain(category).alias("c"))
    data, note = _rows(pairs, GREATEST_ROWS, "rows")
    title = f"{number.name} by {time.name}" + ("" if category is None else f" and {category.name}")
    base = _base(data.sort("x"), title, note)
    chart = _encoded(base.mark_line(point=len(data) <= 60), _axes("temporal", time.name, number.name))
    if category is None:
        return chart
    coloured: alt.Chart = chart.encode(color=alt.Color("c", type="nominal", title=category.name))
    return coloured


def _bars(category: pl.Series, number: pl.Series) -> alt.Chart:
    data, note = _rows(_pair(category, number), GREATEST_BARS, "bars")
    base = _base(data, f"{number.name} by {category.name}", note)
    return _encoded(base.mark_bar(), _axes("nominal", category.name, number.name))


def _scatter(one: pl.Series, other: pl.Series) -> alt.Chart:
    data, note = _rows(_pair(one, other), GREATEST_ROWS, "rows")
    base = _base(data, f"{other.name} by {one.name}", note)
    return _encoded(base.mark_circle(opacity=0.6), _axes("quantitative", one.name, other.name))


def _histogram(number: pl.Series) -> alt.Chart:
    data, note = _rows(pl.DataFrame({"x": _plain(number)}), GREATEST_ROWS, "rows")
    base = _base(data, f"Distribution of {number.name}", note)
    axes = _Axes(
        alt.X("x", type="quantitative", bin=alt.Bin(maxbins=40), title=number.name),
        alt.Y("count()", type="quantitative", title="rows"),
        [alt.Tooltip("count()", type="quantitative", title="rows")],
    )
    return _encoded(base.mark_bar(), axes)


def _counts(values: pl.Series) -> alt.Chart:
    is_time = isinstance(values.dtype, pl.Date | pl.Datetime)
    counted = pl.DataFrame({"x": _plain(values)}).group_by("x", maintain_order=True).len("y")
    order = pl.col("x") if is_time else pl.col("y")
    ordered = counted.sort(order, descending=not is_time, maintain_order=True, nulls_last=True)
    data, note = _rows(ordered, GREATEST_ROWS if is_time else GREATEST_BARS, "values")
    base = _base(data, f"Rows by {values.name}", note)
    return _encoded(base.mark_bar(), _axes("temporal" if is_time else "nominal", values.name, "rows"))


def _pair(x: pl.Series, y: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"x": _plain(x), "y": _plain(y)})


def _plain(values: pl.Series) -> pl.Series:
    """Return the values in a type that JSON has."""
    if isinstance(values.dtype, pl.Date | pl.Datetime):
        return values
    return values.cast(pl.Float64 if values.dtype.is_numeric() else pl.String)


def _rows(data: pl.DataFrame, greatest: int, noun: str) -> tuple[pl.DataFrame, str]:
    """Return the first rows, at most `greatest`, and the note that belongs into the title when there are more."""
    if len(data) <= greatest:
        return data, ""
    return data.head(greatest), f"the first {greatest:,} of {len(data):,} {noun}"


def _base(data: pl.DataFrame, title: str, note: str) -> alt.Chart:
    shown = alt.TitleParams(title, subtitle=note) if note else alt.TitleParams(title)
    return alt.Chart(data, title=shown, height=_HEIGHT, width="container")


def _encoded(marked: alt.Chart, axes: _Axes) -> alt.Chart:
    chart: alt.Chart = marked.encode(x=axes.x, y=axes.y, tooltip=axes.tooltip)
    return chart


def _axes(kind: _Kind, x_title: str, y_title: str) -> _Axes:
    """Return the encodings of columns x and y; a category keeps the order of the rows."""
    x = alt.X("x", type=kind, title=x_title, sort=None) if kind == "nominal" else alt.X("x", type=kind, title=x_title)
    tooltip = [alt.Tooltip("x", type=kind, title=x_title), alt.Tooltip("y", type="quantitative", title=y_title)]
    return _Axes(x, alt.Y("y", type="quantitative", title=y_title), tooltip)
