"""How a column's first values are spread, and the curve of the distribution that they follow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from engine.errors import RuleError
from engine.rules.compiler import TableCompiler
from engine.rules.distributions.law_names import resolve_law
from engine.rules.distributions.laws import UNIFORM, ZIPF, Floats, Law, distribution, silence_warnings
from engine.rules.values.timestamps import moment_bounds
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind

_BARS = 40
_POINTS_PER_BAR = 4

Place = float | date | datetime


@dataclass(frozen=True)
class Curve:
    """Bars of sample values, and the points of the distribution, in the same unit: a share of the rows per bar."""

    bars: list[tuple[Place, Place, float]]
    """The lower and the upper end of each bar, and its share of the rows."""
    points: list[tuple[Place, float]]
    """The share that the distribution expects around each point; empty without a distribution."""


def distribution_curve(
    schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, values: pl.Series
) -> Curve | None:
    """Return the curve of numbers, dates and timestamps; None for other types, and without values."""
    kind = column.type.kind
    if kind not in NUMERIC | TIMESTAMPS | {Kind.DATE} or values.drop_nulls().is_empty():
        return None
    numbers = _numbers(values.drop_nulls(), kind)
    low, high = float(numbers.min()), float(numbers.max())
    is_whole = kind is Kind.INTEGER and high - low < _BARS
    if is_whole:
        edges = np.arange(low - 0.5, high + 1, 1.0)
    else:
        edges = np.linspace(low, high if high > low else low + 1, _BARS + 1)
    counts, _ = np.histogram(numbers, bins=edges)
    shares = counts / len(numbers)
    bars = [
        (_place(first, kind), _place(last, kind), float(share))
        for first, last, share in zip(edges[:-1], edges[1:], shares, strict=True)
    ]
    law = _law(schema, table, column)
    if law is None:
        return Curve(bars, [])
    start = _start(column, kind)
    with silence_warnings():
        points = _points(law, edges, start, _seconds_per_unit(kind))
    return Curve(bars, [(_place(x, kind), y) for x, y in points if math.isfinite(y)])


def _law(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> Law | None:
    if column.distribution is None:
        return None
    changed = table.model_copy(
        update={"columns": [column if each.name == column.name else each for each in table.columns]}
    )
    tables = [changed if each.key == table.key else each for each in schema.tables]
    compiler = TableCompiler(schema.model_copy(update={"tables": tables}), changed, 0, {each.key: 1 for each in tables})
    try:
        law = resolve_law(compiler.site(column.name), column.distribution)
    except RuleError:
        return None
    needs_range = column.type.kind not in NUMERIC and law.is_of_unit_interval
    return None if law.name == ZIPF or needs_range else law


def _points(law: Law, edges: Floats, start: float, unit: float) -> list[tuple[float, float]]:
    """Return the share of each bar by the law, cut to the bars: differences of its cumulative function."""
    if law.name == UNIFORM:
        share = 1 / (len(edges) - 1)
        return [(float(edges[0]), share), (float(edges[-1]), share)]
    frozen = distribution(law.name)(*law.shapes)
    places = np.linspace(edges[0], edges[-1], (len(edges) - 1) * (1 if law.is_discrete else _POINTS_PER_BAR) + 1)
    cumulated = frozen.cdf(((places - start) / unit - law.loc) / law.scale)
    total = cumulated[-1] - cumulated[0]
    if not total > 0:
        return []
    per_bar = (len(places) - 1) / (len(edges) - 1)
    middles = (places[:-1] + places[1:]) / 2
    return [(float(x), float(y)) for x, y in zip(middles, np.diff(cumulated) / total * per_bar, strict=True)]


def _numbers(values: pl.Series, kind: Kind) -> Floats:
    if kind in NUMERIC:
        return values.cast(pl.Float64).to_numpy()
    return values.cast(pl.Datetime("us")).dt.timestamp("us").cast(pl.Float64).to_numpy() / 1e6


def _start(column: ColumnSchema, kind: Kind) -> float:
    """Return the number at which the law's 0 is: the start of the range of dates and timestamps, in seconds."""
    if kind in NUMERIC:
        return 0.0
    first = moment_bounds(column)[0]
    return first * 86_400.0 if kind is Kind.DATE else first / 1e6


def _seconds_per_unit(kind: Kind) -> float:
    return 86_400.0 if kind is Kind.DATE else 1.0


def _place(number: float, kind: Kind) -> Place:
    if kind in NUMERIC:
        return float(number)
    return datetime(1970, 1, 1) + timedelta(seconds=float(number))
