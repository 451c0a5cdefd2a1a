"""The rows in which a column of a plan is NULL, by its share, its conditions, given cells and scenarios.

`nulls.py` draws the share; here are the columns that decide together, and conditions that read other columns.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from engine.rules.dependent.conditional_values import null_by_condition
from engine.rules.derived.expression import make_condition
from engine.rules.derived.scope import Rows, Scope
from engine.rules.first_rows import FirstRows
from engine.rules.keys.given_cells import given_mask, is_all_given
from engine.rules.keys.references import References
from engine.rules.nulls import null_mask
from engine.rules.open_columns import NULL_WHEN, OpenColumns
from engine.rules.relations.lifecycles import has_lifecycle
from engine.rules.scenarios.placement import Placement
from engine.rules.site import Site
from engine.rules.sites import Sites
from engine.rules.trees import Trees
from engine.schema.conditional import has_null_cells
from engine.schema.events import is_event_value
from engine.schema.given_rows import given_column
from engine.schema.models import ColumnSchema, TableSchema


class NullMasks:
    """The NULLs of the columns of one plan; conditions read other columns from `rows`."""

    def __init__(
        self,
        sites: Sites,
        references: References,
        scenarios: Placement,
        first_rows: FirstRows,
        trees: Trees,
        open_columns: OpenColumns,
        rows: Rows,
    ) -> None:
        self._sites = sites
        self._references = references
        self._scenarios = scenarios
        self._first_rows = first_rows
        self._trees = trees
        self._open = open_columns
        self._rows = rows
        self._masks: dict[tuple[str, str, str], pl.Expr | None] = {}
        self._conditional: dict[str, bool] = {}

    def mask(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr | None:
        """Return whether the column is NULL at the row numbers `row`; None where it never is."""
        name, row = f"{table.key}.{column.name}{NULL_WHEN}", self._first_rows.row_of(table, column, row)
        if (table.key, column.name, row.meta.output_name()) in self._masks or not self.conditions(table, column):
            return self._masked(table, column, row)
        end = self._trees.end(row, pl.Boolean()) if self._trees.is_recursive(name) else None
        if end is not None:
            return self._sites.stages.add(end.is_null())
        return self._open.make_once(name, table, row, lambda at: self._masked(table, column, at))

    def conditions(self, table: TableSchema, column: ColumnSchema) -> list[ColumnSchema]:
        """Return the columns whose null_when or null_by counts for a column: itself, and those of its composite key."""
        if not self._has_conditions(table):
            return []
        reference = self._references.reference(table, column)
        together = [column] if reference is None else [table.column(name) for name in reference.columns]
        return [one for one in together if one.has_null_condition]

    def is_nullable(self, table: TableSchema, column: ColumnSchema) -> bool:
        """Return whether the column may be NULL, by its rule or by its mask."""
        made = (column.expression, column.rollup, column.split_of, column.running, column.every, column.series)
        has_own_nulls = any(rule is not None for rule in made) or has_null_cells(column, table)
        has_own_nulls = has_own_nulls or has_lifecycle(table, column)
        has_own_nulls = has_own_nulls or is_event_value(table.events_of, column.name)
        is_free = has_own_nulls and column.is_nullable
        return (
            is_free
            or bool(self.conditions(table, column))
            or self.mask(table, column, self._sites.stages.row) is not None
        )

    def _masked(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr | None:
        memo = table.key, column.name, row.meta.output_name()
        if memo not in self._masks:
            site = self._sites.site(table, column, row)
            given = given_column(table, column)
            if given is not None and is_all_given(site, given):
                self._masks[memo] = given_mask(site, given, None)
                return self._masks[memo]
            conditions = [
                condition for one in self.conditions(table, column) for condition in self._conditions_of(site, one)
            ]
            reference = self._references.reference(table, column)
            first = 0
            if reference is not None and reference.key.where is not None and reference.parent.key == table.key:
                first = self._references.parents(site, reference).first_row
            counted = None if reference is None else self._references.without_parent(site, reference)
            mask = null_mask(site, reference, first, conditions, counted)
            if table.scenarios:
                mask = self._scenarios.mask(site, mask, conditions)
            self._masks[memo] = mask if given is None else given_mask(site, given, mask)
        return self._masks[memo]

    def _conditions_of(self, site: Site, column: ColumnSchema) -> Iterator[pl.Expr]:
        scope = Scope(self._rows, site.table, site.row)
        if column.null_when is not None:
            yield make_condition(site.at(column), scope, column.null_when)
        if column.null_by is not None:
            yield null_by_condition(site, column, scope)

    def _has_conditions(self, table: TableSchema) -> bool:
        """Return whether a column of the table has a null_when or null_by; asked for few tables of a schema of many."""
        if table.key not in self._conditional:
            self._conditional[table.key] = any(column.has_null_condition for column in table.columns)
        return self._conditional[table.key]
