"""Profiles of columns: type, NULLs, distinct values, min, max, mean, and distribution.

DuckDB computes them. Distinct values are counted exactly up to two million, which limits time and memory (20 million
take 10 seconds and 1 GB for one column); beyond that they are an estimate (HyperLogLog, within some percent), unless
the schema declares the column unique, which the audit checks. The distribution is a histogram of equal bins for numbers
and timestamps, and the most common values for other types that have few of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

import duckdb

from engine.warehouse.profiling.profile_records import ColumnProfile, Profile, Shape, is_whole

BINS = 24
TOP_VALUES = 8
EXACT_VALUES = 2_000_000
"""The maximum number of distinct values that are counted exactly and ranked."""
_VALUE_LENGTH = 60
_EPOCH = datetime(1970, 1, 1)
_NUMBERS = frozenset(
    "tinyint smallint integer bigint hugeint utinyint usmallint uinteger ubigint float double decimal".split()
)
_TIMESTAMPS = frozenset(
    {"date", "timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "timestamp with time zone"}
)
_PLAIN = frozenset({"varchar", "boolean", "enum", "uuid", "time"})


Bars = tuple[tuple[str, int], ...]
Edges = tuple[float, ...]
Fetch = Callable[[duckdb.DuckDBPyRelation], list[tuple[Any, ...]]]


def profile(
    relation: duckdb.DuckDBPyRelation,
    names: Sequence[str] | None = None,
    *,
    unique: Collection[str] = (),
    with_bars: bool = True,
    fetch: Fetch = duckdb.DuckDBPyRelation.fetchall,
) -> Profile:
    """Return the profile of a relation, under these headers; columns go by position, as headers may repeat.

    `unique` are the headers of unique columns. `fetch` returns the rows of a relation.
    """
    headers = list(names or relation.columns)
    kinds = [(kind.id, str(kind).strip('"')) for kind in relation.types]
    values = relation.project(", ".join(f"#{index + 1} as c{index}" for index in range(len(headers))))
    shapes = [_shape(kind) for kind, _ in kinds]
    statistics = ", ".join(["count(*)", *(_statistics_sql(index, shape) for index, shape in enumerate(shapes))])
    ((rows, *found),) = fetch(values.aggregate(statistics))
    columns = []
    for index, header in enumerate(headers):
        first = _Statistics(*found[7 * index : 7 * index + 7])
        reading = _Reading(values, f"c{index}", shapes[index], is_whole(kinds[index][1]), header in unique, fetch)
        columns.append(_column(header, kinds[index][1], int(rows), first, reading, with_bars=with_bars))
    return Profile(int(rows), tuple(columns))


@dataclass(frozen=True)
class _Statistics:
    """The statistics of a column from one pass over all; `low` and `high` bound its finite values as numbers."""

    filled: int
    estimate: int
    min_value: object
    max_value: object
    mean: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class _Reading:
    """A column to query again for its distinct values and its bars."""

    values: duckdb.DuckDBPyRelation
    column: str
    shape: Shape
    is_whole: bool
    is_unique: bool
    fetch: Fetch

    @property
    def number(self) -> str:
        """The column's value as a number, in SQL."""
        return _number(self.column, self.shape)

    def distinct(self) -> int:
        """Count the distinct values."""
        ((distinct,),) = self.fetch(self.values.aggregate(f"count(distinct {self.column})"))
        return int(distinct)

    def top(self) -> tuple[int, list[tuple[str, int]]]:
        """Return the number of distinct values, and the most common ones with their counts."""
        grouped = self.values.filter(f"{self.column} is not null").aggregate(
            f"{self.column}::varchar as value, count(*) as n, count(*) over () as k", self.column
        )
        rows = self.fetch(grouped.order("n desc, value").limit(TOP_VALUES))
        return int(rows[0][2]) if rows else 0, [(str(value), int(count)) for value, count, _ in rows]


def _column(
    header: str, kind: str, rows: int, found: _Statistics, reading: _Reading, *, with_bars: bool
) -> ColumnProfile:
    filled = int(found.filled)
    bars: Bars = ()
    edges: Edges = ()
    distinct, is_exact = (filled if reading.is_unique else min(int(found.estimate), filled)), reading.is_unique
    is_countable = found.estimate <= EXACT_VALUES and filled > 0
    if reading.shape == "other":
        distinct, is_exact = 0, True
    elif is_countable and with_bars and reading.shape == "category":
        distinct, top = reading.top()
        is_exact, bars = True, _bars_of_top(top, distinct, filled)
    elif is_countable and not reading.is_unique:
        distinct, is_exact = reading.distinct(), True
    elif not filled:
        distinct, is_exact = 0, True
    if with_bars and found.low is not None and found.high is not None:
        bars, edges = _bins(reading, found.low, found.high)
    mean = None if found.mean is None else float(found.mean)
    return ColumnProfile(
        header, kind, reading.shape, rows, rows - filled, distinct, is_exact,
        _truncate(found.min_value), _truncate(found.max_value), mean, bars, edges,
    )  # fmt: skip


def _shape(kind: str) -> Shape:
    if kind in _NUMBERS:
        return "number"
    if kind in _TIMESTAMPS:
        return "timestamp"
    return "category" if kind in _PLAIN else "other"


def _number(column: str, shape: Shape) -> str:
    return f"epoch({column})" if shape == "timestamp" else f"{column}::double"


def _statistics_sql(index: int, shape: Shape) -> str:
    """Return the SQL of the seven statistics of a column: filled, distinct, min, max, mean, and its finite bounds."""
    column = f"c{index}"
    if shape == "other":
        return f"count({column}), 0, null, null, null, null, null"
    known = f"count({column}), approx_count_distinct({column}), min({column})::varchar, max({column})::varchar"
    if shape == "category":
        return f"{known}, null, null, null"
    number, mean = _number(column, shape), f"avg({column})::double" if shape == "number" else "null"
    finite = f"filter (where isfinite({number}))"
    return f"{known}, {mean}, min({number}) {finite}, max({number}) {finite}"


def _bars_of_top(top: Sequence[tuple[str, int]], distinct: int, filled: int) -> Bars:
    """Return the most common values; none for a column whose values hardly repeat."""
    if len(top) == TOP_VALUES and distinct * 2 > filled:
        return ()
    return tuple((_truncate(value) or "", count) for value, count in top)


def _bins(reading: _Reading, low: float, high: float) -> tuple[Bars, Edges]:
    """Return equal bins from the smallest to the largest value, and their bounds; infinite values are in none."""
    span, first = high - low, low
    if not isfinite(span):
        return (), ()
    if span == 0:
        bins, width, first = 1, 1.0, low - 0.5
    elif reading.is_whole and span < BINS:
        bins, width, first = int(span) + 1, 1.0, low - 0.5  # one for each number
    else:
        bins, width = BINS, span / BINS
    index = f"least({bins - 1}, floor((v - ({low!r})) / {width!r}))::int"
    finite = reading.values.project(f"{reading.number} as v").filter("isfinite(v)")
    counts: dict[int, int] = dict(reading.fetch(finite.aggregate(f"{index} as b, count(*) as n", index)))
    bars = ((_bin_label(low + width * bin_, reading.shape), int(counts.get(bin_, 0))) for bin_ in range(bins))
    return tuple(bars), tuple(first + width * bin_ for bin_ in range(bins + 1))


def _bin_label(value: float, shape: Shape) -> str:
    if shape == "number":
        return f"{value:.6g}"
    return f"{_EPOCH + timedelta(seconds=round(value)):%Y-%m-%d %H:%M}"


def _truncate(value: object) -> str | None:
    if value is None:
        return None
    text = str(value)
    return text if len(text) <= _VALUE_LENGTH else text[: _VALUE_LENGTH - 1] + "…"
