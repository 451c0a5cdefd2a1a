"""References: the parent row of each foreign key column, and the index of each column of a composite key.

Foreign keys of one or several columns become the same `Reference`. Columns of one foreign key, and the line number that
counts within it, share one draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from engine.rules.keys.composite_keys import KeyPart, column_size, split_places
from engine.rules.keys.fan_out import fan_out_rows
from engine.rules.keys.parent_choice import parent_row
from engine.rules.site import Site
from engine.schema.models import ColumnSchema, ExperimentSchema, ForeignKey, TableSchema


@dataclass(frozen=True)
class Reference:
    """The target of a foreign key of one or more columns: the parent's table and columns, and how its row is drawn."""

    parent: TableSchema
    columns: tuple[str, ...]
    targets: tuple[str, ...]
    key: ForeignKey

    def target_of(self, column: ColumnSchema) -> ColumnSchema:
        """Return the parent column that the column copies."""
        return self.parent.column(self.targets[self.columns.index(column.name.casefold())])


class References:
    """The references of a schema's tables for given row counts; caches the draws of one plan."""

    def __init__(self, schema: ExperimentSchema, counts: Mapping[str, int]) -> None:
        self._schema = schema
        self._counts = counts
        self._rows: dict[tuple[str, ...], tuple[pl.Expr, pl.Expr | None]] = {}
        self._places: dict[tuple[str, str], dict[str, pl.Expr]] = {}

    def reference(self, table: TableSchema, column: ColumnSchema) -> Reference | None:
        """Return the reference of a column, or None when it has none."""
        folded = column.name.casefold()
        for key in table.foreign_keys:
            if folded in _fold_names(key.columns):
                parent = self._schema.table(key.references_table, within=table.schema_name)
                plain = ForeignKey(
                    references_table=key.references_table,
                    references_column=key.references_columns[0],
                    nullable=key.nullable,
                    null_fraction=key.null_fraction,
                    distribution=key.distribution,
                )
                return Reference(parent, tuple(_fold_names(key.columns)), tuple(key.references_columns), plain)
        if column.foreign_key is None:
            return None
        one = column.foreign_key
        parent = self._schema.table(one.references_table, within=table.schema_name)
        return Reference(parent, (folded,), (one.references_column,), one)

    def parent_row(self, site: Site) -> pl.Expr:
        """Return the parent's row numbers for a column that has a reference."""
        return self._get_rows(site)[0]

    def line_number(self, site: Site) -> pl.Expr:
        """Return 1, 2, 3, ... within each parent of the column that `line_number_of` names."""
        line = self._get_rows(site.at(site.table.column(site.column.line_number_of or "")))[1]
        assert line is not None
        return line

    def place(self, site: Site) -> pl.Expr | None:
        """Return the column's index in its composite key, or None when it can be drawn freely."""
        return self._composite_places(site).get(site.column.name.casefold())

    def _get_rows(self, site: Site) -> tuple[pl.Expr, pl.Expr | None]:
        reference = self.reference(site.table, site.column)
        assert reference is not None
        memo = (site.table.key, *reference.columns, site.row.meta.output_name())
        if memo not in self._rows:
            first = site.at(site.table.column(reference.columns[0]))
            self._rows[memo] = self._draw(first, reference)
        return self._rows[memo]

    def _draw(self, site: Site, reference: Reference) -> tuple[pl.Expr, pl.Expr | None]:
        place = self.place(site)
        if place is not None:
            for option in ("fan_out", "distribution"):
                if getattr(reference.key, option) is not None:
                    raise site.error(
                        f"{option} cannot be combined with a composite key, which must be unique.",
                        f"Remove {option}, or let a line_number_of column complete the key.",
                    )
            return place, None
        key, count = reference.key, self._counts[reference.parent.key]
        if key.fan_out is not None and count > 0:
            return fan_out_rows(site, count, key.fan_out)
        return parent_row(site, reference.parent, key), site.row

    def _composite_places(self, site: Site) -> dict[str, pl.Expr]:
        memo = (site.table.key, site.row.meta.output_name())
        if memo not in self._places:
            places: dict[str, pl.Expr] = {}
            for group in site.table.composite_keys:
                if self._is_unique_already(site.table, group):
                    continue
                parts = self._key_parts(site, group)
                if any(places.keys() & set(part.columns) for part in parts):
                    raise site.error(f"({', '.join(group)}) shares a column with another composite key.")
                group_site = site.at(site.table.column(group[0]))
                for columns, place in split_places(group_site, parts, group).items():
                    places.update(dict.fromkeys(columns, place))
            self._places[memo] = places
        return self._places[memo]

    def _is_unique_already(self, table: TableSchema, group: Sequence[str]) -> bool:
        """Whether a column of the key is unique by itself, or counts within another column of the key."""
        folded = _fold_names(group)
        for column in (table.column(name) for name in group):
            if table.is_unique(column) or (column.foreign_key is not None and column.foreign_key.unique):
                return True
            if column.line_number_of is not None and column.line_number_of.casefold() in folded:
                return True
        return False

    def _key_parts(self, site: Site, group: Sequence[str]) -> list[KeyPart]:
        parts: dict[tuple[str, ...], KeyPart] = {}
        for name in group:
            column = site.table.column(name)
            reference = self.reference(site.table, column)
            if reference is not None:
                part = KeyPart(reference.columns, self._counts[reference.parent.key])
            else:
                part = KeyPart((name.casefold(),), column_size(site.at(column)))
            parts.setdefault(part.columns, part)
        return list(parts.values())


def _fold_names(names: Sequence[str]) -> list[str]:
    return [name.casefold() for name in names]
