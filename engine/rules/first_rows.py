"""The rows whose values a column has: its own, or with `same_within` the first row of each group."""

from __future__ import annotations

import polars as pl

from engine.rules.keys.references import References
from engine.rules.keys.row_groups import first_row
from engine.rules.scenarios.placement import Placement
from engine.rules.sites import Sites
from engine.schema.models import ColumnSchema, TableSchema


class FirstRows:
    """The first rows of the groups of one plan."""

    def __init__(self, sites: Sites, references: References, scenarios: Placement) -> None:
        self._sites = sites
        self._references = references
        self._scenarios = scenarios
        self._known: set[tuple[str, str]] = set()

    def row_of(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr:
        """Return the row numbers whose values the column has at the row numbers `row`."""
        if column.same_within is None:
            return row
        owner = self._sites.site(table, table.column(column.same_within), row)
        if (owner.where, row.meta.output_name()) in self._known:
            return row
        memo, stages = ("first row", owner.where, row.meta.output_name()), self._sites.stages
        first = stages.known(memo)
        if first is None:
            alone = self._scenarios.with_own_group
            first = stages.add(first_row(owner, self._references.groups(owner), alone(owner)), memo=memo)
        self._known.add((owner.where, first.meta.output_name()))
        return first
