"""A site: the place where one value is made, that is a column of a table at a column of row numbers.

Rules are functions of a site. The row numbers need not be those of the table being written: a foreign key makes its
parent's column at the parents' row numbers that it drew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from engine.errors import RuleError
from engine.rules.random.bits import random_bits, row_step
from engine.rules.random.seeds import stream_key
from engine.rules.stages import Stages
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import WarehouseType

# What turns a column into one of text without a length.
UNLIMITED_TEXT = {"data_type": "VARCHAR", "varchar_length": None, "char_length": None}


@dataclass(frozen=True)
class Site:
    """One column of one table at the row numbers `row` (UInt64), in the plan `stages`.

    `counts` holds the number of rows of every table by its key, `reach` how many rows of this site's table must be
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
        """The place as messages name it: `table.column`."""
        return f"{self.table.key}.{self.column.name}"

    @property
    def is_unique(self) -> bool:
        """Whether the values must differ in every row."""
        return self.table.is_unique(self.column)

    def key(self, purpose: str) -> int:
        """Return the key of one of the column's random streams."""
        return stream_key(self.seed, self.table.key.casefold(), self.column.name.casefold(), purpose)

    def bits(self, purpose: str = "value") -> pl.Expr:
        """Return 64 random bits for each row (UInt64), the same ones each time they are asked for."""
        key, row = self.key(purpose), self.row.meta.output_name()
        step = self.stages.add(row_step(self.row), memo=("step", row))
        return self.stages.add(random_bits(step, key), memo=("bits", row, key))

    def at(self, column: ColumnSchema) -> Site:
        """Return the site of another column of the same row."""
        return replace(self, column=column)

    def error(self, message: str, hint: str = "") -> RuleError:
        """Return an error that names this place."""
        return RuleError(message, where=self.where, hint=hint)
