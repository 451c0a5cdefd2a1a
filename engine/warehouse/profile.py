"""What a column holds, at a glance: type, NULLs, distinct values, least and greatest, and the shape of its values.

DuckDB counts; distinct values are its approximation (HyperLogLog, within some percent). The shape is a histogram of
equal bins for numbers and moments, and the most frequent values for anything else that has few of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import duckdb
import polars as pl

BINS = 24
TOP_VALUES = 8
_VALUE_LENGTH = 60
_EPOCH = datetime(1970, 1, 1)
_NUMBERS = frozenset(
    "tinyint smallint integer bigint hugeint utinyint usmallint uinteger ubigint float double decimal".split()
)
_MOMENTS = frozenset({"date", "timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "timestamp with time zone"})
_PLAIN = frozenset({"varchar", "boolean", "enum", "uuid", "time"})

Shape = Literal["number", "moment", "category", "other"]


@dataclass(frozen=True)
class ColumnProfile:
    """One column: `nulls` and `distinct` are counts; `least`, `greatest` and `mean` are None where they mean nothing.

    `bars` are the labels and counts of its shape: bins from the least value to the greatest, or the top values.
    """

    name: str
    type: str
    shape: Shape
    rows: int
    nulls: int
    distinct: int
    least: str | None
    greatest: str | None
    mean: float | None
    bars: tuple[tuple[str, int], ...]

    @property
    def null_fraction(self) -> float:
        """The share of NULLs, 0 to 1."""
        return self.nulls / self.rows if self.rows else 0.0


@dataclass(frozen=True)
class Profile:
    """The columns of a table or a result, in their order."""

    rows: int
    columns: tuple[ColumnProfile, ...]

    @property
    def frame(self) -> pl.DataFrame:
        """One row for each column; `distribution` lists the counts of its bars."""
        return pl.DataFrame(
            {
                "column": [column.name for column in self.columns],
                "type": [column.type for column in self.columns],
                "null_fraction": [column.null_fraction for column in self.columns],
                "distinct": [column.distinct for column in self.columns],
                "least": [column.least for column in self.columns],
                "greatest": [column.greatest for column in self.columns],
                "mean": [column.mean for column in self.columns],
                "distribution": [[count for _, count in column.bars] for column in self.columns],
            },
            schema={
                "column": pl.String,
                "type": pl.String,
                "null_fraction": pl.Float64,
                "distinct": pl.Int64,
                "least": pl.String,
                "greatest": pl.String,
                "mean": pl.Float64,
                "distribution": pl.List(pl.Int64),
            },
        )


def profile(
    relation: duckdb.DuckDBPyRelation, names: Sequence[str] | None = None, *, with_bars: bool = True
) -> Profile:
    """Return the profile of a relation, under these headers; columns go by position, as headers may repeat."""
    headers = list(names or relation.columns)
    kinds = [(kind.id, str(kind).strip('"')) for kind in relation.types]
    shapes = [_shape(kind) for kind, _ in kinds]
    values = relation.project(", ".join(f"#{index + 1} as c{index}" for index in range(len(headers))))
    counted = values.aggregate(", ".join(["count(*)", *(_figures(index, shape) for index, shape in enumerate(shapes))]))
    (row,) = counted.fetchall()
    rows, figures = int(row[0]), [row[1 + 5 * index : 6 + 5 * index] for index in range(len(headers))]
    columns = []
    for index, (header, (_, kind), shape, (filled, distinct, least, greatest, mean)) in enumerate(
        zip(headers, kinds, shapes, figures, strict=True)
    ):
        bars = _bars(values, index, shape) if filled and with_bars else ()
        columns.append(
            ColumnProfile(
                header,
                kind,
                shape,
                rows,
                rows - int(filled),
                min(int(distinct), int(filled)),
                _short(least),
                _short(greatest),
                None if mean is None else float(mean),
                bars,
            )
        )
    return Profile(rows, tuple(columns))


def _shape(kind: str) -> Shape:
    if kind in _NUMBERS:
        return "number"
    if kind in _MOMENTS:
        return "moment"
    return "category" if kind in _PLAIN else "other"


def _figures(index: int, shape: Shape) -> str:
    """Return the five figures of a column: filled, distinct, least, greatest, mean."""
    column = f"c{index}"
    if shape == "other":
        return f"count({column}), 0, null, null, null"
    mean = f"avg({column})::double" if shape == "number" else "null"
    ordered = f"min({column})::varchar, max({column})::varchar"
    return f"count({column}), approx_count_distinct({column}), {ordered}, {mean}"


def _bars(values: duckdb.DuckDBPyRelation, index: int, shape: Shape) -> tuple[tuple[str, int], ...]:
    if shape == "other":
        return ()
    if shape == "category":
        return _top(values, index)
    return _bins(values, index, shape, is_whole="INT" in str(values.types[index]))


def _top(values: duckdb.DuckDBPyRelation, index: int) -> tuple[tuple[str, int], ...]:
    """Return the most frequent values; none for a column in which hardly any value comes twice."""
    grouped = values.filter(f"c{index} is not null").aggregate(
        f"c{index}::varchar as value, count(*) as n", f"c{index}"
    )
    rows = grouped.order("n desc, value").limit(TOP_VALUES).fetchall()
    if rows and rows[0][1] == 1 and len(rows) == TOP_VALUES:
        return ()
    return tuple((_short(value) or "", int(count)) for value, count in rows)


def _bins(values: duckdb.DuckDBPyRelation, index: int, shape: Shape, *, is_whole: bool) -> tuple[tuple[str, int], ...]:
    """Return equal bins from the least to the greatest value; infinite ones are left out."""
    number = f"epoch(c{index})" if shape == "moment" else f"c{index}::double"
    finite = values.filter(f"c{index} is not null").project(f"{number} as v").filter("isfinite(v)")
    ((least, greatest),) = finite.aggregate("min(v), max(v)").fetchall()
    if least is None:
        return ()
    span = greatest - least
    if span == 0:
        bins, width = 1, 1.0
    elif is_whole and span < BINS:
        bins, width = int(span) + 1, 1.0  # one for each number
    else:
        bins, width = BINS, span / BINS
    place = f"least({bins - 1}, floor((v - ({least!r})) / {width!r}))::int"
    counts = dict(finite.aggregate(f"{place} as b, count(*) as n", place).fetchall())
    return tuple((_bin_label(least + width * bin_, shape), int(counts.get(bin_, 0))) for bin_ in range(bins))


def _bin_label(value: float, shape: Shape) -> str:
    if shape == "number":
        return f"{value:.6g}"
    return f"{_EPOCH + timedelta(seconds=round(value)):%Y-%m-%d %H:%M}"


def _short(value: object) -> str | None:
    if value is None:
        return None
    text = str(value)
    return text if len(text) <= _VALUE_LENGTH else text[: _VALUE_LENGTH - 1] + "…"
