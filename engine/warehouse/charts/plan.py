"""The plan of a chart: the parts that the user chose, and automatic choices for the others.

| columns | chart |
|---|---|
| time and number | line; raw rows are aggregated by a fitting unit of time |
| category, or a few consecutive whole numbers, and number | bars, the largest if there are many |
| two numbers | scatter |
| one number | histogram |
| one category, or one time | bars of counts |

Keys are never quantities (see `chart_columns`). Rows with a unique key are entities: with several measures none is the
obvious one, so entities are counted. Rows without a unique key were already aggregated by the query.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from engine.errors import WorkbenchError
from engine.warehouse.charts.column_roles import (
    MAX_BARS,
    MAX_COLOURS,
    ChartColumn,
    chart_columns,
    repeats,
    with_role,
)
from engine.warehouse.charts.time_units import EVERY, fitting_unit, has_whole_hours, units_of

MARKS = ("bar", "line", "area", "point")
AGGREGATES = ("sum", "mean", "median", "min", "max", "count")
NONE = "none"
"""As aggregate: draw each row. As unit: draw each timestamp."""

_MAX_LINE_POINTS = 1_500
_MAX_GROUPS = 100


@dataclass(frozen=True)
class ChartChoice:
    """The user's choices: None leaves a part to be chosen automatically; an empty `color` is no colour."""

    mark: str | None = None
    x: str | None = None
    y: str | None = None
    color: str | None = None
    aggregate: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class ChartPlan:
    """A chart with every part chosen; without `y`, rows are counted.

    `units` are the units of time that fit its x, and `has_repeats` is True if there are rows to aggregate.
    """

    mark: str
    x: str
    y: str | None
    color: str | None
    aggregate: str
    unit: str
    units: tuple[str, ...] = ()
    has_repeats: bool = False


def plan_chart(frame: pl.DataFrame, choice: ChartChoice) -> ChartPlan:
    """Return the full plan of a choice; raises `WorkbenchError` for unknown names and for data that cannot be drawn."""
    _check(frame, choice)
    columns = chart_columns(frame)
    known = {column.name: column for column in columns}
    x = known[choice.x] if choice.x else _choose_x(columns, choice)
    if x is None:
        raise WorkbenchError(
            "No column of the result can be charted.",
            hint="A chart needs numbers, dates or timestamps, or text with repeated values.",
        )
    others = [column for column in columns if column.name not in (x.name, choice.color)]
    color = known[choice.color] if choice.color else None
    if choice.color is None:
        color = _choose_color(x, [column for column in others if column.name != choice.y])
    units = units_of(x.values) if x.role == "time" else ()
    unit = _choose_unit(x, color, others, units, choice)
    has_repeats = unit != NONE or repeats(x, color)
    y = known[choice.y] if choice.y else _choose_y(x, others, has_repeats=has_repeats)
    aggregate = _choose_aggregate(x, y, choice, has_repeats=has_repeats)
    if aggregate == "count":
        y = None
    return ChartPlan(
        choice.mark or _choose_mark(x, y, color, aggregate),
        x.name,
        y.name if y else None,
        color.name if color else None,
        aggregate,
        unit,
        units,
        has_repeats,
    )


def _choose_x(columns: list[ChartColumn], choice: ChartChoice) -> ChartColumn | None:
    """Return the column of the x axis: a time, a grouping column, a category, or else a number."""
    free = [column for column in columns if column.name not in (choice.y, choice.color)]
    is_single = bool(columns) and len(columns[0].values) == 1
    categories = list(with_role(free, "category", "step"))
    measures = list(with_role(free, "measure"))
    measured = [column for column in with_role(columns, "measure") if column.name != choice.color]
    amounts = [column for column in measured if not column.is_sequence]
    candidates = [
        *(column for column in with_role(free, "time") if column.distinct > 1),
        *(column for column in _grouping(free) if any(other is not column for other in measured)),
        *(column for column in categories if 1 < column.distinct <= MAX_BARS and not column.is_unique),
        *(column for column in categories if column.is_often_repeated or (column.is_unique and len(amounts) == 1)),
        *(with_role(free, "time") if measured else ()),
        *(_sort_continuous(measures)[:1] if choice.y is None else measures),
        *with_role(free, "step"),
        *(column for column in with_role(free, "key") if column.is_number and not column.is_unique),
        *(
            column
            for column in (*categories, *with_role(free, "time"))
            if not column.is_unique or choice.y or is_single
        ),
    ]
    first = next(iter(candidates), None)
    if choice.color and (first is None or first.role == "measure"):
        whole = _choose_x(columns, replace(choice, color=None))
        if whole is not None and whole.name == choice.color:
            return whole  # prefer the colour column on x to the numbers
    return first


def _grouping(columns: list[ChartColumn]) -> list[ChartColumn]:
    """Return the columns that few rows are grouped by, names before numbers and keys."""
    if not columns or len(columns[0].values) > _MAX_GROUPS:
        return []
    is_short = len(columns[0].values) <= MAX_BARS
    named = [column for column in with_role(columns, "category", "step") if is_short and column.is_unique]
    first = columns[0]
    is_group = (first.role == "key" and first.is_unique) or (first.role == "measure" and first.is_scale)
    return [*named, first] if is_group else named


def _choose_color(x: ChartColumn, others: list[ChartColumn]) -> ChartColumn | None:
    """Return the column of the colour, if one makes the chart clearer."""
    if x.role not in ("time", "category", "step") or (x.is_unique and x.role != "time"):
        return None
    categories = [column for column in with_role(others, "category") if column.distinct > 1 and not column.is_unique]
    few = [column for column in categories if column.distinct <= MAX_COLOURS]
    grouped = [column for column in (few or categories) if x.is_repeated and not repeats(x, column)]
    return next(iter([*grouped, *few] if x.role == "time" else grouped), None)


def _choose_unit(
    x: ChartColumn,
    color: ChartColumn | None,
    others: list[ChartColumn],
    units: tuple[str, ...],
    choice: ChartChoice,
) -> str:
    """Return the unit of time that groups raw rows; "none" for rows that are already points of lines."""
    if choice.unit is not None:
        return choice.unit if choice.unit in units else NONE
    if not units or choice.aggregate == NONE or _is_series(x, color, others):
        return NONE
    return fitting_unit(x.values, _lines(color))


def _is_series(x: ChartColumn, color: ChartColumn | None, others: list[ChartColumn]) -> bool:
    """Return whether the rows are points of lines, as from a GROUP BY query."""
    if repeats(x, color) or len(x.values) / _lines(color) > _MAX_LINE_POINTS:
        return False
    if not any(column.is_number for column in others) or _are_entities(others):
        return False
    return x.values.is_sorted() or has_whole_hours(x.values)


def _choose_y(x: ChartColumn, others: list[ChartColumn], *, has_repeats: bool) -> ChartColumn | None:
    """Return the column of the y axis; None counts rows."""
    measures = [column for column in with_role(others, "measure") if not column.is_sequence]
    if x.role == "measure" and not x.is_scale:
        measures = _sort_continuous(measures)
    if not measures or (has_repeats and x.role != "measure" and _are_entities(others) and len(measures) > 1):
        return None
    return measures[0]


def _are_entities(columns: list[ChartColumn]) -> bool:
    return any(column.role == "key" and column.is_unique and len(column.values) > 1 for column in columns)


def _sort_continuous(numbers: list[ChartColumn]) -> list[ChartColumn]:
    """Sort numbers by many distinct values first: two of those scatter as a cloud, not as stripes."""
    return sorted(numbers, key=lambda column: column.distinct <= MAX_BARS)


def _choose_aggregate(x: ChartColumn, y: ChartColumn | None, choice: ChartChoice, *, has_repeats: bool) -> str:
    if y is None or choice.aggregate is not None:
        return choice.aggregate or "count" if y is not None else "count"
    is_scatter = choice.mark is None and x.role == "measure" and not x.is_scale
    is_cloud = choice.mark == "point" or is_scatter
    if is_cloud or not has_repeats:
        return NONE
    if not y.is_number:
        return "count"
    return "mean" if y.is_rate or x.role == "measure" else "sum"


def _choose_mark(x: ChartColumn, y: ChartColumn | None, color: ChartColumn | None, aggregate: str) -> str:
    if x.role == "time":
        return "bar" if x.distinct == 1 or (y is None and color is None) else "line"
    is_place = x.role in ("category", "step") or x.is_scale or (x.role == "key" and x.is_unique)
    return "bar" if is_place or aggregate != NONE else "point"


def _lines(color: ChartColumn | None) -> int:
    return 1 if color is None else min(color.distinct, MAX_COLOURS)


def _check(frame: pl.DataFrame, choice: ChartChoice) -> None:
    if frame.is_empty():
        raise WorkbenchError("Nothing to draw: the result has no rows.")
    for name in (choice.x, choice.y, choice.color or None):
        if name is not None and name not in frame.columns:
            raise WorkbenchError(f'There is no column "{name}".', hint=f"Columns: {', '.join(frame.columns[:20])}.")
        if name is not None and not frame[name].count():
            raise WorkbenchError(f'"{name}" holds only NULLs.', hint="Choose another column.")
    for noun, given, known in (
        ("mark", choice.mark, MARKS),
        ("aggregate", choice.aggregate, (*AGGREGATES, NONE)),
        ("unit of time", choice.unit, (*EVERY, NONE)),
    ):
        if given is not None and given not in known:
            raise WorkbenchError(f'Unknown {noun} "{given}".', hint=f"Use one of: {', '.join(known)}.")
    numeric = choice.y is None or frame.schema[choice.y].is_numeric()
    if choice.aggregate not in (None, NONE, "count") and not numeric:
        raise WorkbenchError(
            f'"{choice.y}" is not numeric: it can only be counted.', hint="Choose count or another column."
        )
