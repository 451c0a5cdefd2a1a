"""Generated tables as the oracle sees them: names in words, types by family, values as Python's own.

The oracle reads of the engine only what a script declares (names, types, lengths, keys), never which rule fills a
column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import polars as pl

from engine import ExperimentSchema
from tests.meaning.oracle.names import prefix_of, words_of


@dataclass(frozen=True)
class Column:
    """A column with its values; `family` is integer, number, text, date, timestamp, time, boolean or other."""

    name: str
    words: tuple[str, ...]
    family: str
    values: list[Any]
    length: int | None = None
    scale: int | None = None
    is_unique: bool = False
    is_fixed_length: bool = False

    @cached_property
    def present(self) -> list[Any]:
        """The values that are not NULL."""
        return [value for value in self.values if value is not None]

    @property
    def is_numeric(self) -> bool:
        """Whether it holds integers or numbers."""
        return self.family in ("integer", "number")

    @property
    def is_temporal(self) -> bool:
        """Whether it holds dates or timestamps."""
        return self.family in ("date", "timestamp")


@dataclass(frozen=True)
class Table:
    """A table with its columns; `is_whole` when no row is left out, `has_own_count` when the import chose the count."""

    name: str
    words: tuple[str, ...]
    columns: tuple[Column, ...]
    keys: tuple[tuple[str, ...], ...] = ()
    parents: tuple[str, ...] = ()
    count: int = 0
    is_whole: bool = True
    has_own_count: bool = False

    def find(self, *names: str) -> Column | None:
        """Return the first column whose words are one of the names, such as `"unit price"`."""
        by_words = {" ".join(column.words): column for column in self.columns}
        return next((by_words[name] for name in names if name in by_words), None)

    def named(self, name: str) -> Column:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)


def read_tables(
    schema: ExperimentSchema, frames: Mapping[str, pl.DataFrame], counts: Mapping[str, int] | None = None
) -> list[Table]:
    """Return the tables of a schema with the rows of `frames`, by table key; `counts` are the rows of whole tables."""
    tables = []
    for table in schema.tables:
        frame = frames[table.key]
        prefix = prefix_of([column.name for column in table.columns])
        columns = []
        for column in table.columns:
            words = words_of(column.name)
            alone = tuple(table.primary_key) == (column.name,)
            columns.append(
                Column(
                    column.name,
                    words[1:] if words[0] == prefix and len(words) > 1 else words,
                    _family(frame.schema[column.name], column.type.kind.value),
                    list(_plain(frame.get_column(column.name))),
                    column.type.length,
                    column.type.scale,
                    column.is_unique or alone,
                    column.type.is_fixed_length,
                )
            )
        count = (counts or {}).get(table.key, frame.height)
        parents = [column.foreign_key.references_table for column in table.columns if column.foreign_key]
        tables.append(
            Table(
                table.key,
                words_of(table.name),
                tuple(columns),
                tuple(dict.fromkeys(tuple(key) for key in (*table.composite_keys, table.primary_key) if key)),
                tuple(dict.fromkeys([*parents, *(key.references_table for key in table.foreign_keys)])),
                count,
                frame.height >= count,
                table.target_rows is not None,
            )
        )
    return tables


def _family(dtype: pl.DataType, kind: str) -> str:
    if isinstance(dtype, pl.String) and kind != "text":
        return "other"
    if dtype.is_integer() or (isinstance(dtype, pl.Decimal) and dtype.scale == 0):
        return "integer"
    if dtype.is_numeric():
        return "number"
    families = {"String": "text", "Date": "date", "Datetime": "timestamp", "Time": "time", "Boolean": "boolean"}
    return families.get(dtype.base_type().__name__, "other")


def _plain(series: pl.Series) -> Iterable[Any]:
    for value in series.to_list():
        if isinstance(value, Decimal):
            yield int(value) if value == value.to_integral_value() and series.dtype.scale == 0 else float(value)  # type: ignore[attr-defined]
        else:
            yield value.replace(tzinfo=None) if getattr(value, "tzinfo", None) is not None else value
