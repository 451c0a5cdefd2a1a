"""What a chart shows: the parts a person chose, and the workbench's choice for all others.

| columns | chart |
|---|---|
| time and number | line; raw rows are put together by a unit of time that fits |
| category, or a few whole numbers that follow each other, and number | bars, the greatest if there are many |
| two numbers | scatter |
| one number | histogram |
| one category, or one time | bars of counts |

Keys are never quantities (see `chart_columns`). Rows that have a key of their own are things: several figures of them
make none the obvious one, and the things are counted. Rows without one were put together by the query already.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from engine.errors import WorkbenchError
from engine.warehouse.charts.column_roles import (
    GREATEST_BARS,
    GREATEST_COLOURS,
    ChartColumn,
    chart_columns,
    of_role,
    repeats,
)
from engine.warehouse.charts.time_units import EVERY, fitting_unit, has_whole_hours, units_of

MARKS = ("bar", "line", "area", "point")
AGGREGATES = ("sum", "mean", "median", "min", "max", "count")
NONE = "none"
"""No aggregate: each row is drawn. No unit: each moment is."""

_GREATEST_LINE = 1_500
_GREATEST_KEYS = 100


@dataclass(frozen=True)
class ChartChoice:
    """What a person wants to see: None leaves a part to the workbench; an empty `color` is no colour."""

    mark: str | None = None
    x: str | None = None
    y: str | None = None
    color: str | None = None
    aggregate: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class ChartPlan:
    """A chart of which every part is settled; without `y`, rows are counted.

    `units` are those that would fit its x, and `has_repeats` tells whether an aggregate has anything to put together.
    """

    mark: str
    x: str
    y: str | None
    color: str | None
    aggregate: str
    unit: str
    units: tuple[str, ...] = ()
    has_repeats: bool = False


def planned(frame: pl.DataFrame, choice: ChartChoice) -> ChartPlan:
    """Return the whole plan of a choice; raises `WorkbenchError` for what there is not or cannot be drawn."""
    _check(frame, choice)
    columns = chart_columns(frame)
    known = {column.name: column for column in columns}
    x = known[choice.x] if choice.x else _across(columns, choice)
    if x is None:
        raise WorkbenchError(
            "None of the result's columns can be drawn.",
            hint="A chart needs a number, a time, or a text whose values repeat.",
        )
    others = [column for column in columns if column.name not in (x.name, choice.color)]
    color = known[choice.color] if choice.color else None
    if choice.color is None:
        color = _color(x, [column for column in others if column.name != choice.y])
    units = units_of(x.values) if x.role == "time" else ()
    unit = _unit(x, color, others, units, choice)
    has_repeats = unit != NONE or repeats(x, color)
    y = known[choice.y] if choice.y else _up(x, others, has_repeats=has_repeats)
    aggregate = _aggregate(x, y, choice, has_repeats=has_repeats)
    if aggregate == "count":
        y = None
    return ChartPlan(
        choice.mark or _mark(x, y, color, aggregate),
        x.name,
        y.name if y else None,
        color.name if color else None,
        aggregate,
        unit,
        units,
        has_repeats,
    )


def _across(columns: list[ChartColumn], choice: ChartChoice) -> ChartColumn | None:
    """Return the column that goes across: a time, what the rows are grouped by, a category, or else a number."""
    free = [column for column in columns if column.name not in (choice.y, choice.color)]
    is_single = bool(columns) and len(columns[0].values) == 1
    categories = list(of_role(free, "category", "step"))
    measures = list(of_role(free, "measure"))
    figures = [column for column in of_role(columns, "measure") if column.name != choice.color]
    amounts = [column for column in figures if not column.is_sequence]
    candidates = [
        *(column for column in of_role(free, "time") if column.distinct > 1),
        *(column for column in _grouping(free) if any(figure is not column for figure in figures)),
        *(column for column in categories if 1 < column.distinct <= GREATEST_BARS and not column.is_unique),
        *(column for column in categories if column.is_often_repeated or (column.is_unique and len(amounts) == 1)),
        *(of_role(free, "time") if figures else ()),
        *(_continuous(measures)[:1] if choice.y is None else measures),
        *of_role(free, "step"),
        *(column for column in of_role(free, "key") if column.is_number and not column.is_unique),
        *(column for column in (*categories, *of_role(free, "time")) if not column.is_unique or choice.y or is_single),
    ]
    first = next(iter(candidates), None)
    if choice.color and (first is None or first.role == "measure"):
        whole = _across(columns, replace(choice, color=None))
        if whole is not None and whole.name == choice.color:
            return whole  # what is coloured may go across as well, rather than the numbers
    return first


def _grouping(columns: list[ChartColumn]) -> list[ChartColumn]:
    """Return the columns that few rows were grouped by, names before numbers and keys."""
    if not columns or len(columns[0].values) > _GREATEST_KEYS:
        return []
    is_short = len(columns[0].values) <= GREATEST_BARS
    named = [column for column in of_role(columns, "category", "step") if is_short and column.is_unique]
    first = columns[0]
    is_group = (first.role == "key" and first.is_unique) or (first.role == "measure" and first.is_scale)
    return [*named, first] if is_group else named


def _color(x: ChartColumn, others: list[ChartColumn]) -> ChartColumn | None:
    """Return the column whose values are the lines or the parts of the bars, if one makes the chart clearer."""
    if x.role not in ("time", "category", "step") or (x.is_unique and x.role != "time"):
        return None
    categories = [column for column in of_role(others, "category") if column.distinct > 1 and not column.is_unique]
    few = [column for column in categories if column.distinct <= GREATEST_COLOURS]
    grouped = [column for column in (few or categories) if x.is_repeated and not repeats(x, column)]
    return next(iter([*grouped, *few] if x.role == "time" else grouped), None)


def _unit(
    x: ChartColumn,
    color: ChartColumn | None,
    others: list[ChartColumn],
    units: tuple[str, ...],
    choice: ChartChoice,
) -> str:
    """Return the unit of time that puts raw rows together; "none" for rows that are the points of lines already."""
    if choice.unit is not None:
        return choice.unit if choice.unit in units else NONE
    if not units or choice.aggregate == NONE or _is_series(x, color, others):
        return NONE
    return fitting_unit(x.values, _lines(color))


def _is_series(x: ChartColumn, color: ChartColumn | None, others: list[ChartColumn]) -> bool:
    """Whether the rows are points of lines, as a query with GROUP BY returns them."""
    if repeats(x, color) or len(x.values) / _lines(color) > _GREATEST_LINE:
        return False
    if not any(column.is_number for column in others) or _are_things(others):
        return False
    return x.values.is_sorted() or has_whole_hours(x.values)


def _up(x: ChartColumn, others: list[ChartColumn], *, has_repeats: bool) -> ChartColumn | None:
    """Return the column of the values; None counts the rows."""
    measures = [column for column in of_role(others, "measure") if not column.is_sequence]
    if x.role == "measure" and not x.is_scale:
        measures = _continuous(measures)
    if not measures or (has_repeats and x.role != "measure" and _are_things(others) and len(measures) > 1):
        return None
    return measures[0]


def _are_things(columns: list[ChartColumn]) -> bool:
    return any(column.role == "key" and column.is_unique and len(column.values) > 1 for column in columns)


def _continuous(numbers: list[ChartColumn]) -> list[ChartColumn]:
    """Return numbers with those of many values first: two of them make a cloud, and not stripes."""
    return sorted(numbers, key=lambda column: column.distinct <= GREATEST_BARS)


def _aggregate(x: ChartColumn, y: ChartColumn | None, choice: ChartChoice, *, has_repeats: bool) -> str:
    if y is None or choice.aggregate is not None:
        return choice.aggregate or "count" if y is not None else "count"
    is_scatter = choice.mark is None and x.role == "measure" and not x.is_scale
    is_cloud = choice.mark == "point" or is_scatter
    if is_cloud or not has_repeats:
        return NONE
    if not y.is_number:
        return "count"
    return "mean" if y.is_rate or x.role == "measure" else "sum"


def _mark(x: ChartColumn, y: ChartColumn | None, color: ChartColumn | None, aggregate: str) -> str:
    if x.role == "time":
        return "bar" if x.distinct == 1 or (y is None and color is None) else "line"
    is_place = x.role in ("category", "step") or x.is_scale or (x.role == "key" and x.is_unique)
    return "bar" if is_place or aggregate != NONE else "point"


def _lines(color: ChartColumn | None) -> int:
    return 1 if color is None else min(color.distinct, GREATEST_COLOURS)


def _check(frame: pl.DataFrame, choice: ChartChoice) -> None:
    if frame.is_empty():
        raise WorkbenchError("There is nothing to draw: the result has no rows.")
    for name in (choice.x, choice.y, choice.color or None):
        if name is not None and name not in frame.columns:
            raise WorkbenchError(f'There is no column "{name}".', hint=f"There are {', '.join(frame.columns[:20])}.")
        if name is not None and not frame[name].count():
            raise WorkbenchError(f'"{name}" holds nothing but NULL.', hint="Choose another column.")
    for noun, given, known in (
        ("mark", choice.mark, MARKS),
        ("aggregate", choice.aggregate, (*AGGREGATES, NONE)),
        ("unit of time", choice.unit, (*EVERY, NONE)),
    ):
        if given is not None and given not in known:
            raise WorkbenchError(f'There is no {noun} "{given}".', hint=f"There are {', '.join(known)}.")
    numeric = choice.y is None or frame.schema[choice.y].is_numeric()
    if choice.aggregate not in (None, NONE, "count") and not numeric:
        raise WorkbenchError(
            f'"{choice.y}" is no number: it can be counted only.', hint="Choose count or another column."
        )
