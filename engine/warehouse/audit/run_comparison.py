"""Comparison of two runs, column by column, computed on their Parquet files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from engine.schema.models import TableSchema
from engine.warehouse.profiling.profile import profile
from engine.warehouse.profiling.profile_records import ColumnProfile, Profile
from engine.warehouse.querying.session import Session

_STATISTICS: dict[str, type[pl.DataType]] = {
    "rows": pl.Int64,
    "nulls": pl.Int64,
    "distinct": pl.Int64,
    "is_exact": pl.Boolean,
    "mean": pl.Float64,
    "min_value": pl.String,
    "max_value": pl.String,
}
_SIDES = ("first", "second")

Files = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class ComparisonTask:
    """Compares the column statistics of two runs; `first` and `second` are their files by table key."""

    tables: Sequence[TableSchema]
    first: Files
    second: Files

    @property
    def folders(self) -> list[Path]:
        """The folders of the files."""
        paths = (Path(path) for files in (self.first, self.second) for each in files.values() for path in each)
        return list(dict.fromkeys(path.parent for path in paths))

    def run(self, session: Session) -> Any:
        """Return a row for each column of each table, for `read`."""
        rows: list[list[object]] = []
        for table in self.tables:
            sides = [_profile(session, table, files[table.key]) for files in (self.first, self.second)]
            found = [{each.name: each for each in side.columns} for side in sides]
            names = [column.name for column in table.columns]
            rows += [[table.key, name, *_row(found[0][name], found[1][name])] for name in names]
        return rows

    def read(self, data: Any) -> pl.DataFrame:
        """Return the rows as a frame; `differs` is true where any statistic does."""
        kinds: dict[str, type[pl.DataType]] = {"table": pl.String, "column": pl.String, "differs": pl.Boolean}
        kinds |= {f"{statistic}_{side}": kind for statistic, kind in _STATISTICS.items() for side in _SIDES}
        return pl.DataFrame(data, schema=kinds, orient="row")


def _profile(session: Session, table: TableSchema, files: Sequence[str]) -> Profile:
    relation = session.connection.read_parquet(list(files))
    return profile(relation, unique=table.unique_columns, with_bars=False, fetch=session.fetch_rows)


def _row(one: ColumnProfile, other: ColumnProfile) -> list[object]:
    pairs = [(getattr(one, statistic), getattr(other, statistic)) for statistic in _STATISTICS]
    return [any(first != second for first, second in pairs), *(statistic for pair in pairs for statistic in pair)]
