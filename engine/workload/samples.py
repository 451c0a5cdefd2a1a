"""Samples: the first rows of tables as the present rules make them, to see which wanted values are there already."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import polars as pl

from engine.errors import WorkbenchError
from engine.generation.preview import preview
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import NUMERIC, Kind
from engine.workload.wanted import Wanted

SAMPLED_ROWS = 2000
COUNTED_ROWS = 100_000
"""Of a table whose values follow from the number of the row, such as the seconds of a day."""


class Samples:
    """The first rows of each table of a schema, made when they are needed."""

    def __init__(self, schema: ExperimentSchema, counts: Mapping[str, int]) -> None:
        self.schema = schema
        self._counts = counts
        self._frames: dict[str, pl.DataFrame | None] = {}

    def column(self, table: TableSchema, column: ColumnSchema) -> pl.Series | None:
        """Return sampled values of a column, None if the table cannot be made."""
        frame = self.frame(table)
        return None if frame is None or column.name not in frame.columns else frame[column.name]

    def frame(self, table: TableSchema) -> pl.DataFrame | None:
        """Return the first rows of a table, None if it cannot be made."""
        if table.key not in self._frames:
            most = COUNTED_ROWS if any(map(counts_rows, table.columns)) else SAMPLED_ROWS
            rows = min(most, self._counts.get(table.key, 0))
            try:
                self._frames[table.key] = preview(self.schema, table, rows=rows, offset=0, seed=0, counts=self._counts)
            except WorkbenchError:
                self._frames[table.key] = None
        return self._frames[table.key]


def counts_rows(column: ColumnSchema) -> bool:
    """Whether a column follows from the number of its row, as in a calendar."""
    return column.sequence is not None or (column.expression is not None and "seq4()" in column.expression)


def found_rows(values: pl.Series, wanted: Wanted) -> int:
    """Return how many of the values are wanted; of exact values, of the one that occurs least often."""
    if wanted.values:
        return min(_count_equal(values, value) for value in wanted.values)
    if wanted.patterns:
        return min(int(values.str.contains(like_regex(pattern)).sum()) for pattern in wanted.patterns)
    return int(is_between(values, wanted.low, wanted.high).sum())


def matching(values: pl.Series, wanted: Wanted) -> pl.Series:
    """Return for each value whether it is wanted."""
    if wanted.values:
        found = pl.Series([False]).new_from_index(0, len(values))
        for value in wanted.values:
            found = found | _equal(values, value)
        return found
    if wanted.patterns:
        return values.str.contains("|".join(map(like_regex, wanted.patterns))).fill_null(value=False)
    return is_between(values, wanted.low, wanted.high)


def _count_equal(values: pl.Series, value: object) -> int:
    return int(_equal(values, value).sum())


def _equal(values: pl.Series, value: object) -> pl.Series:
    if values.dtype == pl.String:
        return (values.str.strip_chars_end(" ") == str(value).rstrip(" ")).fill_null(value=False)
    if values.dtype == pl.Boolean:
        return (values == bool(value)).fill_null(value=False)
    return is_between(values, value, value)


def is_between(values: pl.Series, low: object, high: object) -> pl.Series:
    """Return for each value whether it lies in the bounds, which may be None; NULL does not."""
    found = values.is_not_null()
    if values.dtype.is_numeric():
        values = values.cast(pl.Float64)
    for bound, is_low in ((low, True), (high, False)):
        if bound is None:
            continue
        edge = float(bound) if isinstance(bound, Decimal | int) else bound
        if isinstance(values.dtype, pl.Datetime):
            values = values.dt.replace_time_zone(None)
            edge = bound if isinstance(bound, datetime) else datetime.combine(bound, datetime.min.time())  # type: ignore[arg-type]
        elif values.dtype == pl.Date and isinstance(bound, datetime):
            edge = bound.date()
        found = found & ((values >= edge) if is_low else (values <= edge)).fill_null(value=False)
    return found


def like_regex(pattern: str) -> str:
    """Return the regular expression of a LIKE pattern with a backslash as its escape."""
    made, is_escaped = "", False
    for character in pattern:
        if character == "\\" and not is_escaped:
            is_escaped = True
            continue
        made += {"%": ".*", "_": "."}.get(character, re.escape(character)) if not is_escaped else re.escape(character)
        is_escaped = False
    return f"(?s)^{made} *$"


def is_number_or_date(column: ColumnSchema) -> bool:
    """Whether a column has values in an order: numbers, dates, timestamps."""
    return column.type.kind in NUMERIC or column.type.kind in (Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ)


def as_json(value: object) -> object:
    """Return a value as the list of values in JSON has it."""
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else value
