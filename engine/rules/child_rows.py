"""The rows around a row: those that reference it by a foreign key, and those of its own group."""

from __future__ import annotations

import polars as pl

from engine.rules.derived.scope import Group, UnknownName
from engine.rules.keys.children import Children
from engine.rules.keys.references import References
from engine.rules.keys.row_groups import first_row
from engine.rules.null_masks import NullMasks
from engine.rules.random.bits import u64
from engine.rules.sites import Sites
from engine.schema.models import ColumnSchema, TableSchema


class ChildRows:
    """The rows of parents and of groups in one plan, where they are known without reading any."""

    def __init__(self, sites: Sites, references: References, nulls: NullMasks) -> None:
        self._sites = sites
        self._stages = sites.stages
        self._references = references
        self._nulls = nulls

    def count(self, table: TableSchema, column: ColumnSchema, parent: pl.Expr, *, is_drawn: bool) -> pl.Expr:
        """Return how many rows of the table have, in a foreign key column, each of the parents (row numbers)."""
        reference = self._references.reference(table, column)
        is_single = reference is not None and is_drawn and (reference.key.unique or table.is_unique(column))
        if is_single:
            return self._stages.add(parent * u64(0) + u64(1))
        return self._stages.add(self.children(table, column, parent).count)

    def children(
        self, table: TableSchema, column: ColumnSchema, parent: pl.Expr, *, with_nulls: bool = False
    ) -> Children:
        """Return the rows of the table that have, in a foreign key column, each of the parents (row numbers).

        Those whose key is NULL are among them `with_nulls`, without which such a key is an error. Raises
        `UnknownName` with a hint when they are not known without reading rows.
        """
        site = self._sites.site(table, column, parent)
        reference = self._references.reference(table, column)
        if reference is None:
            raise UnknownName(f'"{column.name}" of {table.key} is not a foreign key', "")
        if not reference.is_known:
            hint = f'Give {site.where} a foreign_key with "fan_out": [1, 4], or with "counted": true.'
            raise UnknownName(f"The number of rows of each parent of {site.where} is not known", hint)
        is_decided = bool(self._nulls.conditions(table, column))
        if not with_nulls and (
            is_decided or (not reference.key.counted and self._nulls.mask(table, column, self._stages.row) is not None)
        ):
            hint = f'Set "required": true on {site.where}.'
            raise UnknownName(f"{site.where} may be NULL, so the rows of each parent cannot be counted", hint)
        owner = site.at(table.column(reference.columns[0]))
        if reference.key.counted and self._references.is_grown(owner, reference):
            hint = "Use a fan_out, whose rows belong to the parents of their own batch."
            raise UnknownName(f"Later batches give earlier parents of {site.where}, a counted key, more rows", hint)
        return self._references.children(owner, reference, parent)

    def group(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> Group | None:
        """Return the group of each row by a column with `groups`, or of a foreign key with a fan-out; else None.

        Beyond the natural number of rows of a fan-out, the rows of a parent are not next to each other.
        """
        site = self._sites.site(table, column, row)
        reference = self._references.reference(table, column)
        if reference is not None and reference.key.counted:
            message = f"The rows of each parent of {site.where}, a counted key, do not follow each other"
            raise UnknownName(message, f'Give {site.where} a "fan_out" in place of counted.')
        if reference is not None and reference.is_fanned:
            natural = self._references.natural_rows(site, reference)
            if self._nulls.mask(table, column, row) is not None or self._sites.counts[table.key] > natural:
                message = f"The rows of each parent of {site.where} do not follow each other"
                raise UnknownName(message, f"Make at most {natural:,} rows of {table.key}, each with a parent.")
        elif column.groups is None:
            return None
        lines = self._references.lines(site)
        rows, first = u64(self._sites.counts[table.key]), first_row(site, lines)
        left = pl.max_horizontal(rows, row + u64(1)) - first
        count = self._stages.add(pl.min_horizontal(lines.count, left))
        is_last = self._stages.add(lines.line >= count)
        following = self._stages.add(pl.when(is_last).then(row).otherwise(row + u64(1)))
        is_first = self._stages.add(lines.line == u64(1))
        before = self._stages.add(pl.when(is_first).then(row).otherwise(pl.max_horizontal(row, u64(1)) - u64(1)))
        return Group(lines.line, count, following, is_last, before, is_first, self._stages.add(first))
