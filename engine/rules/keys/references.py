"""References: the parent row of each foreign key column, and the index of each column of a composite key.

Foreign keys of one or several columns become the same `Reference`. Columns of one foreign key, and the line number that
counts within it, share one draw.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import polars as pl

from engine.rules.keys.composite_keys import KeyPart, Places, column_size, split_lines, split_places
from engine.rules.keys.fan_out import fan_out_rows, natural_lines, natural_rows
from engine.rules.keys.parent_choice import parent_row
from engine.rules.keys.parents import Parents
from engine.rules.keys.row_groups import Lines, group_lines
from engine.rules.random.bits import u64
from engine.rules.site import Site
from engine.schema.models import ColumnSchema, ExperimentSchema, ForeignKey, TableSchema


@dataclass(frozen=True)
class Reference:
    """The target of a foreign key of one or more columns: the parent's table and columns, and how its row is drawn."""

    parent: TableSchema
    columns: tuple[str, ...]
    targets: tuple[str, ...]
    key: ForeignKey

    @property
    def is_to_key(self) -> bool:
        """Whether the targets are a key of the parent, so that each row has values of its own."""
        if len(self.targets) == 1:
            return self.parent.is_unique(self.parent.column(self.targets[0]))
        wanted = set(_fold_names(self.targets))
        return any(set(_fold_names(group)) == wanted for group in self.parent.composite_keys)

    def target_of(self, column: ColumnSchema) -> ColumnSchema:
        """Return the parent column that the column copies."""
        return self.parent.column(self.targets[self.columns.index(column.name.casefold())])


class GivenKeys(Protocol):
    """What the compiler offers where keys of a table are given."""

    def parent_rows(self, site: Site, reference: Reference, drawn: pl.Expr) -> pl.Expr:
        """Return the parent's rows of the given keys, and elsewhere those that were drawn."""

    def clear_of(self, site: Site, columns: Sequence[str]) -> Site:
        """Return the site at the row numbers whose keys the rows take, so that none is a given one."""


class References:
    """The references of a schema's tables; caches the draws of one plan.

    `find_parents` returns the parents that a reference, of the column of a site, may use; `given` finds given keys.
    """

    def __init__(
        self,
        schema: ExperimentSchema,
        find_parents: Callable[[Site, Reference], Parents],
        given: GivenKeys | None = None,
    ) -> None:
        self._schema = schema
        self._find_parents = find_parents
        self._given = given
        self._rows: dict[tuple[str, ...], tuple[pl.Expr, pl.Expr | None]] = {}
        self._through: list[str] = []
        self._lines: dict[tuple[str, str], tuple[pl.Expr, pl.Expr]] = {}
        self._groups: dict[tuple[str, str], Lines] = {}
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
                    fan_out=key.fan_out,
                    unique=key.unique,
                    where=key.where,
                )
                return Reference(parent, tuple(_fold_names(key.columns)), tuple(key.references_columns), plain)
        if column.foreign_key is None:
            return None
        one = column.foreign_key
        parent = self._schema.table(one.references_table, within=table.schema_name)
        return Reference(parent, (folded,), (one.references_column,), one)

    def parents(self, site: Site, reference: Reference) -> Parents:
        """Return the parents that a column's reference may use."""
        return self._find_parents(site, reference)

    def parent_row(self, site: Site) -> pl.Expr:
        """Return the parent's row numbers for a column that has a reference."""
        return self._get_rows(site)[0]

    def check_given(self, site: Site) -> None:
        """Raise `RuleError` when a given cell of a foreign key column has no parent."""
        reference = self.reference(site.table, site.column)
        if reference is not None and self._given is not None:
            self._given.parent_rows(site.at(site.table.column(reference.columns[0])), reference, site.row)

    def line_number(self, site: Site) -> pl.Expr:
        """Return 1, 2, 3, ... within each parent of the column that `line_number_of` names."""
        owner = site.at(site.table.column(site.column.line_number_of or ""))
        if owner.column.groups is not None:
            return self.groups(owner).line
        line = self._get_rows(owner)[1]
        assert line is not None
        return line

    def groups(self, site: Site) -> Lines:
        """Return the groups of rows of a column with `groups`."""
        memo = (site.where, site.row.meta.output_name())
        if memo not in self._groups:
            self._groups[memo] = group_lines(site)
        return self._groups[memo]

    def lines(self, site: Site) -> Lines:
        """Return parent and line of each row for a column with groups, or of a foreign key with a fan-out."""
        if site.column.groups is not None:
            return self.groups(site)
        reference = self.reference(site.table, site.column)
        assert reference is not None and reference.key.fan_out is not None
        key = reference.key.fan_out
        owner = site.at(site.table.column(reference.columns[0]))
        parents = self._find_parents(owner, reference)
        parent, line = self._get_lines(owner, parents, key)
        is_full = owner.counts[owner.table.key] > natural_rows(parents.count, key)
        max_lines = key[1]
        count = u64(max_lines) if is_full else natural_lines(owner, parents.count, key, parent)
        return Lines(parent, line, owner.stages.add(pl.max_horizontal(count, line)), max_lines)

    def place(self, site: Site) -> pl.Expr | None:
        """Return the column's index in its composite key, or None when it can be drawn freely."""
        return self._composite_places(site).get(site.column.name.casefold())

    def _get_rows(self, site: Site) -> tuple[pl.Expr, pl.Expr | None]:
        reference = self.reference(site.table, site.column)
        assert reference is not None
        memo = (site.table.key, *reference.columns, site.row.meta.output_name())
        if memo not in self._rows:
            first = site.at(site.table.column(reference.columns[0]))
            drawn, line = self._draw(first, reference)
            if self._given is not None and site.table.rows:
                drawn = self._given.parent_rows(first, reference, drawn)
            self._rows[memo] = drawn, line
        return self._rows[memo]

    def _draw(self, site: Site, reference: Reference) -> tuple[pl.Expr, pl.Expr | None]:
        key, parents = reference.key, self._find_parents(site, reference)
        if key.fan_out is not None and parents.count > 0:
            parent, line = self._get_lines(site, parents, key.fan_out)
            self._composite_places(site)  # raises where the fan-out contradicts a composite key
            return site.stages.add(parents.row_at(parent)), line
        place = self.place(site)
        if place is not None:
            if key.unique:
                raise site.error(
                    "unique cannot be combined with a composite key that holds only a part of the foreign key.",
                    f"List all of {', '.join(reference.columns)} in the key, or remove unique.",
                )
            if key.through is not None:
                raise site.error("through cannot be combined with a composite key.", "Remove through.")
            return site.stages.add(parents.row_at(place)), None
        if key.through is not None:
            return self._row_through(site, reference, key.through), None
        if self._given is not None and (key.unique or site.is_unique):
            site = self._given.clear_of(site, reference.columns)
        return parent_row(site, reference.parent, key, parents), site.row

    def _row_through(self, site: Site, reference: Reference, name: str) -> pl.Expr:
        """Return the parent's row numbers of the row that the foreign key column `name` references."""
        if site.where in self._through:
            raise site.error(f"through forms a cycle: {' -> '.join([*self._through, site.where])}.", "Remove one.")
        self._through.append(site.where)
        via = site.at(site.table.column(name))
        middle = self.reference(site.table, via.column)
        assert middle is not None
        same = middle_column(self.reference, middle.parent, reference)
        row = site.stages.add(self._get_rows(via)[0])
        there = replace(site, table=middle.parent, column=same, row=row, reach=site.counts[middle.parent.key])
        found = site.stages.add(self._get_rows(there)[0])
        self._through.pop()
        return found

    def _get_lines(self, site: Site, parents: Parents, fan_out: tuple[int, int]) -> tuple[pl.Expr, pl.Expr]:
        memo = (site.where, site.row.meta.output_name())
        if memo not in self._lines:
            self._lines[memo] = fan_out_rows(site, parents.count, fan_out)
        return self._lines[memo]

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
                clear = site.at(site.table.column(group[0]))
                if self._given is not None:
                    clear = self._given.clear_of(clear, group)
                for columns, place in self._split(clear, parts, group).items():
                    places.update(dict.fromkeys(columns, place))
            self._places[memo] = places
        return self._places[memo]

    def _split(self, site: Site, parts: Sequence[KeyPart], group: Sequence[str]) -> Places:
        """Return the index of each row in the parts that make the key unique."""
        fanned = [
            part
            for part in parts
            if part.is_grouped or (part.key is not None and part.key.fan_out is not None and part.size)
        ]
        if not fanned:
            return split_places(site.at(site.table.column(group[0])), parts, group)
        owner = site.at(site.table.column(fanned[0].columns[0]))
        if len(fanned) > 1:
            raise site.at(site.table.column(fanned[1].columns[0])).error(
                f"Only one column of the key ({', '.join(group)}) can have a fan_out.", "Remove the other fan_out."
            )
        if set(fanned[0].columns) - set(_fold_names(group)):
            raise owner.error(
                f"The key ({', '.join(group)}) holds only some columns of a foreign key with a fan_out.",
                f"List all of {', '.join(fanned[0].columns)} in it.",
            )
        return split_lines(site, [part for part in parts if part is not fanned[0]], group, self.lines(owner))

    def _is_unique_already(self, table: TableSchema, group: Sequence[str]) -> bool:
        """Whether a part of the key is unique by itself, or counts within another part of the key."""
        folded = set(_fold_names(group))
        for column in (table.column(name) for name in group):
            if table.is_unique(column):
                return True
            reference = self.reference(table, column)
            if reference is not None and reference.key.unique and folded.issuperset(reference.columns):
                return True
            counted = column.line_number_of or column.rising_within
            if counted is not None:
                parent = self.reference(table, table.column(counted))
                if folded.issuperset([counted.casefold()] if parent is None else parent.columns):
                    return True
        return False

    def _key_parts(self, site: Site, group: Sequence[str]) -> list[KeyPart]:
        parts: dict[tuple[str, ...], KeyPart] = {}
        for name in group:
            column = site.table.column(name)
            reference = self.reference(site.table, column)
            if reference is not None:
                parents = self._find_parents(site.at(column), reference)
                part = KeyPart(reference.columns, parents.count, reference.key)
            else:
                is_derived = column.expression is not None or column.template is not None
                size = None if column.groups is not None else column_size(site.at(column))
                part = KeyPart((name.casefold(),), size, is_derived=is_derived, is_grouped=column.groups is not None)
            parts.setdefault(part.columns, part)
        return list(parts.values())


def middle_column(
    find: Callable[[TableSchema, ColumnSchema], Reference | None], middle: TableSchema, reference: Reference
) -> ColumnSchema:
    """Return the column of a table whose foreign key references the same table; one of the same name goes first."""
    for column in sorted(middle.columns, key=lambda one: one.name.casefold() != reference.columns[0]):
        found = find(middle, column)
        if found is not None and len(found.columns) == 1 and found.parent.key == reference.parent.key:
            return column
    raise KeyError(middle.key)


def _fold_names(names: Sequence[str]) -> list[str]:
    return [name.casefold() for name in names]
