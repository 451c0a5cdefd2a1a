"""The sites of one plan: any column of any table at any row numbers, under one seed and one set of row counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from engine.rules.site import Site
from engine.rules.stages import Stages
from engine.schema.models import ColumnSchema, TableSchema


@dataclass(frozen=True)
class Sites:
    """The sites of the plan of the table with the key `table`, of which `reach` rows must be possible."""

    stages: Stages
    seed: int
    locale: str
    counts: Mapping[str, int]
    table: str
    reach: int

    def site(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> Site:
        """Return the site of a column at the row numbers `row` (a column of the plan)."""
        return Site(self.stages, self.seed, self.locale, self.counts, self.reach_of(table), table, column, row)

    def reach_of(self, table: TableSchema) -> int:
        """Return how many rows of a table must be possible."""
        return self.reach if table.key == self.table else self.counts[table.key]
