"""A site: a column of a table at a column of row numbers, for which a rule makes values.

Rules are functions of a site. The row numbers are not always those of the table being written: a foreign key evaluates
its parent's column at the parent row numbers it drew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from engine.errors import RuleError
from engine.rules.random.bits import row_step, staged_bits
from engine.rules.random.seeds import stream_key
from engine.rules.stages import Stages
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import WarehouseType

# The streams that decide a value alone; all others decide what is left inside of it.
_DRAWS_OF_VALUES = frozenset({"value", "stratum"})
# Changes a column to text without a length.
UNLIMITED_TEXT = {"data_type": "VARCHAR", "varchar_length": None, "char_length": None}


@dataclass(frozen=True)
class Site:
    """One column of one table at the row numbers `row` (UInt64), in the plan `stages`.

    `counts` is the number of rows of every table by its key, `reach` the number of rows of this table that must be
    possible: its count, or the end of a preview beyond it.
    """

    stages: Stages
    seed: int
    locale: str
    counts: Mapping[str, int]
    reach: int
    table: TableSchema
    column: ColumnSchema
    row: pl.Expr

    @property
    def type(self) -> WarehouseType:
        """The column's type."""
        return self.column.type

    @property
    def where(self) -> str:
        """The column as named in messages: `table.column`."""
        return f"{self.table.key}.{self.column.name}"

    @property
    def is_unique(self) -> bool:
        """Whether the values must be unique."""
        return self.table.is_unique(self.column)

    def key(self, purpose: str) -> int:
        """Return the key of one of the column's random streams."""
        return stream_key(self.seed, self.table.key.casefold(), self.column.name.casefold(), purpose)

    def bits(self, purpose: str = "value") -> pl.Expr:
        """Return 64 random bits for each row (UInt64), the same on every call."""
        key, row = self.key(purpose), self.row.meta.output_name()
        step = self.stages.add(row_step(self.row), memo=("step", row))
        memo = ("bits", row, key)
        known = self.stages.known(memo)
        return self.stages.add(staged_bits(self.stages, step, key), memo=memo) if known is None else known

    @property
    def is_ordered(self) -> bool:
        """Whether the draws of a value rise from the smallest value to the largest."""
        return False

    def at(self, column: ColumnSchema) -> Site:
        """Return the site of another column of the same row."""
        return replace(self, column=column)

    def error(self, message: str, hint: str = "") -> RuleError:
        """Return an error that names this column."""
        return RuleError(message, where=self.where, hint=hint)


@dataclass(frozen=True)
class OrderedSite(Site):
    """A site whose values are drawn with `ordered` (UInt64): a greater draw has to give a greater value."""

    ordered: pl.Expr

    @property
    def is_ordered(self) -> bool:
        """Whether the draws of a value rise from the smallest value to the largest."""
        return True

    def bits(self, purpose: str = "value") -> pl.Expr:
        """Return the ordered draws of a value, and plain random bits for every other purpose."""
        return self.ordered if purpose in _DRAWS_OF_VALUES else super().bits(purpose)
