"""What rules that read other columns or tables are given: a scope, their parents' values, and the rows around them."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

import polars as pl

from engine.rules.child_rows import ChildRows
from engine.rules.derived.scope import Rows, Scope, UnknownName
from engine.rules.keys.references import References
from engine.rules.random.bits import u64
from engine.rules.relations.every import make_every
from engine.rules.relations.rollups import ParentPlan, make_rollup
from engine.rules.relations.series import RowsOfParent, make_series
from engine.rules.relations.shares import Family, make_running, make_split
from engine.rules.site import Site
from engine.rules.sites import Sites
from engine.schema.models import ColumnSchema, TableSchema


class Columns(Rows, ParentPlan, Protocol):
    """The columns of a plan, as the compiler makes them."""

    def value(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr:
        """Return the column's values, before any NULLs, at the row numbers `row` (a column of the plan)."""


class RulePlan:
    """The `Plan` of the rules of one compiler, which makes the `columns` that they read.

    `is_outermost` is whether no other plan makes columns from this one.
    """

    def __init__(
        self, sites: Sites, references: References, child_rows: ChildRows, columns: Columns, *, is_outermost: bool
    ) -> None:
        self._sites = sites
        self._references = references
        self._child_rows = child_rows
        self._columns = columns
        self._is_outermost = is_outermost

    def scope(self, site: Site) -> Scope:
        """Return the columns that a derived column can read; raises `RuleError` in a composite key."""
        if self._references.place(site) is not None:
            raise site.error("A composite key cannot hold a derived column.", "Remove it from composite_keys.")
        return Scope(self._columns, site.table, site.row)

    def parent_value(self, site: Site) -> pl.Expr:
        """Return the parent's value of a foreign key column, in the column's type."""
        reference = self._references.reference(site.table, site.column)
        assert reference is not None
        target = reference.target_of(site.column)
        value = self._columns.value(reference.parent, target, self._references.parent_row(site))
        return _converted(value, target, site)

    def line_number(self, site: Site) -> pl.Expr:
        """Return 1, 2, 3, ... inside each parent of the column that `line_number_of` names."""
        return self._references.line_number(site).cast(site.type.polars)

    def rollup(self, site: Site) -> pl.Expr:
        """Return the roll-up of the rows of another table that reference each row, in the column's type."""
        is_output = (
            site.table.key == self._sites.table and site.row.meta.eq(self._sites.stages.row) and self._is_outermost
        )
        return make_rollup(site, self._columns, site.table.columns if is_output else [])

    def split(self, site: Site) -> pl.Expr:
        """Return the row's share of its parent's number, in the column's type."""
        key = (site.column.split_of or "").partition(".")[0]
        return make_split(site, self.scope(site), self._family(site, key, with_nulls=False))

    def running(self, site: Site) -> pl.Expr:
        """Return the running total within the row's parent, in the column's type."""
        assert site.column.running is not None
        return make_running(site, self.scope(site), self._family(site, site.column.running.within, with_nulls=True))

    def every(self, site: Site) -> pl.Expr:
        """Return dates or timestamps at a fixed interval within the row's parent, in the column's type."""
        assert site.column.every is not None
        return make_every(site, self.scope(site), self._family(site, site.column.every.within, with_nulls=True))

    def series(self, site: Site) -> pl.Expr:
        """Return the values of a series within the row's parent, in the column's type."""
        series, scope = site.column.series, self.scope(site)
        assert series is not None
        key = site.table.column(series.within)
        parent, reference = self._columns.parent(site.table, key, site.row), self._references.reference(site.table, key)
        assert parent is not None and reference is not None
        most = self._references.child_range(site.at(key), reference)[1] or self._sites.counts[site.table.key]
        line = None
        if series.time is None:
            line = self._family(site, series.within, with_nulls=True).line - u64(1)
        return make_series(site, scope, RowsOfParent(parent.row, parent.is_missing, line, most))

    def _family(self, site: Site, name: str, *, with_nulls: bool) -> Family:
        """Return the parent of each row by a foreign key column, and the rows of that parent."""
        table, key, row = site.table, site.table.column(name), site.row
        parent = self._columns.parent(table, key, row)
        if parent is None:
            raise site.error(f"{name} is not a foreign key.", "Name a foreign key column of the table.")
        try:
            siblings = self._child_rows.children(table, key, parent.row, with_nulls=with_nulls)
        except UnknownName as unknown:
            raise site.error(f"{unknown.message}.", unknown.hint) from unknown
        line = self._references.line_number(site.at(key), key)
        return Family(
            parent.row, line, self._sites.stages.add(siblings.count), parent.is_missing,
            lambda: self._columns.open_children(replace(site, row=parent.row), table, key, [site.column.name]),
        )  # fmt: skip


def _converted(value: pl.Expr, target: ColumnSchema, site: Site) -> pl.Expr:
    """Return a parent's value in the type of the child's column."""
    same = target.type.polars == site.type.polars
    return value if same else value.cast(site.type.polars)
