"""The index of each column of a composite key in its values, so that no two rows have the same key."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from engine.rules.keys.chosen_keys import GivenKeys, PlacedKeys
from engine.rules.keys.composite_keys import KeyPart, Places, column_size, split_lines, split_places
from engine.rules.keys.parents import Parents
from engine.rules.keys.reference import Reference, find_reference, fold_names
from engine.rules.keys.row_groups import Lines
from engine.rules.site import Site
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.scenario_keys import is_made_of_keys


class CompositePlaces:
    """The composite keys of a schema's tables; caches the places of one plan.

    `find_parents` returns the parents that a reference may use, and `find_lines` the lines of a column with groups or
    of a foreign key with a fan-out.
    """

    def __init__(
        self,
        schema: ExperimentSchema,
        find_parents: Callable[[Site, Reference], Parents],
        find_lines: Callable[[Site], Lines],
        given: GivenKeys | None,
        scenarios: PlacedKeys | None,
    ) -> None:
        self._schema = schema
        self._find_parents = find_parents
        self._find_lines = find_lines
        self._given = given
        self._scenarios = scenarios
        self._places: dict[tuple[str, str], dict[str, pl.Expr]] = {}

    def of(self, site: Site) -> dict[str, pl.Expr]:
        """Return the index of each column of the composite keys of the site's table, by the column's folded name.

        Raises `RuleError` where the columns of a key contradict each other.
        """
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
                if self._scenarios is not None and site.table.scenarios and is_made_of_keys(site.table, group):
                    found = [self._reference(site.table, site.table.column(part.columns[0])) for part in parts]
                    references = [reference for reference in found if reference is not None]
                    clear = self._scenarios.clear_of(clear, group, references, [part.size or 0 for part in parts])
                for columns, place in self._split(clear, parts, group).items():
                    places.update(dict.fromkeys(columns, place))
            self._places[memo] = places
        return self._places[memo]

    def _split(self, site: Site, parts: Sequence[KeyPart], group: Sequence[str]) -> Places:
        """Return the index of each row in the parts that make the key unique."""
        fanned = [
            part
            for part in parts
            if part.is_grouped or (part.key is not None and part.key.spread is not None and part.size)
        ]
        if not fanned:
            return split_places(site.at(site.table.column(group[0])), parts, group)
        owner = site.at(site.table.column(fanned[0].columns[0]))
        if len(fanned) > 1:
            raise site.at(site.table.column(fanned[1].columns[0])).error(
                f"Only one column of the key ({', '.join(group)}) can have a fan_out.", "Remove the other fan_out."
            )
        if set(fanned[0].columns) - set(fold_names(group)):
            raise owner.error(
                f"The key ({', '.join(group)}) holds only some columns of a foreign key with a fan_out.",
                f"List all of {', '.join(fanned[0].columns)} in it.",
            )
        return split_lines(site, [part for part in parts if part is not fanned[0]], group, self._find_lines(owner))

    def _is_unique_already(self, table: TableSchema, group: Sequence[str]) -> bool:
        """Whether a part of the key is unique by itself, or counts within another part of the key."""
        folded = set(fold_names(group))
        if table.events_of is not None and table.events_of.state.casefold() in folded:
            parent = self._reference(table, table.column(table.events_of.key))
            if parent is not None and folded.issuperset(parent.columns):
                return True
        for column in (table.column(name) for name in group):
            if table.is_unique(column):
                return True
            reference = self._reference(table, column)
            if reference is not None and reference.key.unique and folded.issuperset(reference.columns):
                return True
            within = None if column.every is None else column.every.within
            counted = column.line_number_of or column.rising_within or within
            if counted is not None:
                parent = self._reference(table, table.column(counted))
                if folded.issuperset([counted.casefold()] if parent is None else parent.columns):
                    return True
        return False

    def _key_parts(self, site: Site, group: Sequence[str]) -> list[KeyPart]:
        parts: dict[tuple[str, ...], KeyPart] = {}
        for name in group:
            column = site.table.column(name)
            reference = self._reference(site.table, column)
            if reference is not None:
                parents = self._find_parents(site.at(column), reference)
                part = KeyPart(reference.columns, parents.count, reference.key)
            else:
                is_derived = column.expression is not None or column.template is not None
                size = None if column.groups is not None else column_size(site.at(column))
                part = KeyPart((name.casefold(),), size, is_derived=is_derived, is_grouped=column.groups is not None)
            parts.setdefault(part.columns, part)
        return list(parts.values())

    def _reference(self, table: TableSchema, column: ColumnSchema) -> Reference | None:
        return find_reference(self._schema, table, column)
