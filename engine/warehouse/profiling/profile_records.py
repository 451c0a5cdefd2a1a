"""Records of a column's and a table's profile, convertible to JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import polars as pl

Shape = Literal["number", "timestamp", "category", "other"]


@dataclass(frozen=True)
class ColumnProfile:
    """One column: `nulls` and `distinct` are counts; `min_value`, `max_value` and `mean` are None where undefined.

    `distinct` is an estimate unless `is_exact`. `bars` are labels and counts: bins from min to max, or the most common
    values. `edges` are the bin edges, one more than bins: numbers, or seconds since 1970; empty for common values.
    """

    name: str
    type: str
    shape: Shape
    rows: int
    nulls: int
    distinct: int
    is_exact: bool
    min_value: str | None
    max_value: str | None
    mean: float | None
    bars: tuple[tuple[str, int], ...]
    edges: tuple[float, ...] = ()

    @property
    def null_fraction(self) -> float:
        """The share of NULLs, 0 to 1."""
        return self.nulls / self.rows if self.rows else 0.0

    @property
    def is_key(self) -> bool:
        """Whether no value is repeated in a column of whole numbers or text, so that it identifies rows."""
        filled = self.rows - self.nulls
        is_id = self.shape == "category" or (self.shape == "number" and is_whole(self.type))
        return is_id and self.is_exact and self.distinct == filled > 1


@dataclass(frozen=True)
class Profile:
    """The profiles of the columns of a table or result, in order."""

    rows: int
    columns: tuple[ColumnProfile, ...]

    @property
    def frame(self) -> pl.DataFrame:
        """One row per column; `distribution` lists the counts of its bars, none for keys."""
        return pl.DataFrame(
            {
                "column": [column.name for column in self.columns],
                "type": [column.type for column in self.columns],
                "null_fraction": [column.null_fraction for column in self.columns],
                "distinct": [column.distinct for column in self.columns],
                "is_exact": [column.is_exact for column in self.columns],
                "min_value": [column.min_value for column in self.columns],
                "max_value": [column.max_value for column in self.columns],
                "mean": [column.mean for column in self.columns],
                "distribution": [[count for _, count in column.bars if not column.is_key] for column in self.columns],
            },
            schema={
                "column": pl.String,
                "type": pl.String,
                "null_fraction": pl.Float64,
                "distinct": pl.Int64,
                "is_exact": pl.Boolean,
                "min_value": pl.String,
                "max_value": pl.String,
                "mean": pl.Float64,
                "distribution": pl.List(pl.Int64),
            },
        )

    def to_statistics(self) -> dict[str, Any]:
        """Return the profile as plain data for JSON."""
        return asdict(self)

    @classmethod
    def from_statistics(cls, statistics: Mapping[str, Any]) -> Profile:
        """Return the profile of the data that `to_statistics` returned."""
        columns = (
            ColumnProfile(
                **column | {"bars": tuple((label, n) for label, n in column["bars"]), "edges": tuple(column["edges"])}
            )
            for column in statistics["columns"]
        )
        return cls(statistics["rows"], tuple(columns))


def is_whole(kind: str) -> bool:
    """Return whether a DuckDB type holds whole numbers only."""
    return "INT" in kind or kind.endswith(",0)")
