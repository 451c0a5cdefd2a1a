"""Rows of a witness: a solution as values and parents of the rows to place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sqlglot import exp

from engine.schema.scenario_checks import rules_that_make
from engine.schema.scenario_keys import KeyOf, is_made_of_keys, key_fault
from engine.workload.witnesses.candidates import candidates, is_allowed
from engine.workload.witnesses.classes import Cell, Classes
from engine.workload.witnesses.facts import Facts
from engine.workload.witnesses.flattening import Flat
from engine.workload.witnesses.made_columns import draws_by_row
from engine.workload.witnesses.records import NoWitnessError, Parent, UnsetKeyError
from engine.workload.witnesses.solution import Solution
from engine.workload.witnesses.substitution import FREE, PREFIX

_DRAWN_COPIES = 6
_PARTIAL_SHARE, _PARTIAL_COPIES = 0.03, 4
"""Of a table's rows, and at least: rows whose children come as they may are made in such numbers."""


@dataclass
class DraftRow:
    """A row of a table, by lower-case names; parents are other rows by their occurrence, or rows by number."""

    table: int
    values: dict[str, Any] = field(default_factory=dict)
    parents: dict[str, Parent] = field(default_factory=dict)
    keys: dict[str, KeyOf] = field(default_factory=dict)
    copies: int = 1
    made: dict[str, Any] = field(default_factory=dict)
    """What the row's rules make of these values, as drawn: for the check."""


def chase_references(facts: Facts, flat: Flat) -> None:
    """Add the parents of composite keys whose columns are compared, so that these are found in the parent."""
    used = {(column.table, column.name) for each in flat.conditions for column in each.find_all(exp.Column)}
    for occurrence, number in enumerate(list(flat.tables)):
        for key in facts.tables[number].keys:
            cells = [(f"{PREFIX}{occurrence}", name) for name in key.columns]
            if len(cells) < 2 or not used.intersection(cells):
                continue
            flat.tables.append(facts.number_of(key.parent))
            parent = f"{PREFIX}{len(flat.tables) - 1}"
            for cell, target in zip(cells, targets_of(key), strict=True):
                mate = exp.column(target, table=parent)
                flat.conditions.append(exp.EQ(this=exp.column(cell[1], table=cell[0]), expression=mate))


def targets_of(key: KeyOf) -> list[str]:
    """Return the columns that a foreign key references, in lower case."""
    names: Sequence[str] = getattr(key.key, "references_columns", None) or [key.key.references_column]  # type: ignore[union-attr]
    return [name.casefold() for name in names]


class Assembler:
    """Makes the rows of one solution, or with `is_partial` those of them whose keys can be set."""

    def __init__(
        self, facts: Facts, flat: Flat, solution: Solution, random: Random, *, is_partial: bool = False
    ) -> None:
        self._facts = facts
        self._flat = flat
        self._solution = solution
        self._classes: Classes = solution.classes
        self._random = random
        self._rows: dict[int, DraftRow] = {}
        self._is_partial = is_partial
        self._left: set[int] = set()
        """The rows that stay as the rules make them, as a key of theirs cannot be set."""

    def rows(self, copies: int, blocks: int) -> dict[int, DraftRow]:
        """Return the rows to place by their occurrence; raises `NoWitnessError` where a cell cannot be placed."""
        for occurrence in self._classes.roots:
            if occurrence not in self._solution.fixed:
                self._rows[occurrence] = DraftRow(self._flat.tables[occurrence])
        if copies > 1 or blocks > 1:
            for _, _, columns in self._flat.groups:
                for column in columns:
                    self._classes.add((column.table, column.name))
        pinned = {
            self._classes.of((column.table, column.name))
            for _, _, columns in self._flat.groups for column in columns if copies > 1 or blocks > 1
        }  # fmt: skip
        for key, cells in self._classes.members().items():
            occurrences = {cell[0] for cell in cells}
            if key in self._solution.values or len(occurrences) > 1 or key in pinned:
                self._place_class(key, cells)
        for occurrence, values in self._solution.whole.items():
            self._place_whole(occurrence, values)
        if self._is_partial:
            self._leave_rows()
        for row in self._rows.values():
            self._complete_keys(row)
        self._check_keys()
        if self._is_partial:
            for row in self._rows.values():
                rows = self._facts.tables[row.table].rows
                row.copies = 1 if self._has_one_key(row) else max(_PARTIAL_COPIES, int(rows * _PARTIAL_SHARE))
            return self._rows
        if copies > 1:
            self._repeat(copies)
        self._repeat_drawn()
        return self._rows

    def _leave_rows(self) -> None:
        """Drop the rows that are left to their rules, those that refer to one, and those that say nothing."""
        while True:
            dropped = [
                number for number, row in self._rows.items()
                if number in self._left
                or any(parent.witness_row is not None and parent.witness_row not in self._rows
                       for parent in row.parents.values())
            ]  # fmt: skip
            for number in dropped:
                del self._rows[number]
            if not dropped:
                break
        parents = {parent.witness_row for row in self._rows.values() for parent in row.parents.values()}
        for number, row in list(self._rows.items()):
            if not row.values and not row.parents and number not in parents:
                del self._rows[number]

    def _complete_keys(self, row: DraftRow) -> None:
        """Give a row all parents of a composite key if it has some of them."""
        table = self._facts.tables[row.table]
        for group in table.schema.composite_keys:
            if not is_made_of_keys(table.schema, group):
                continue
            keys = {of.columns: of for name in group if (of := table.key_of(name.casefold())) is not None}
            placed = [columns for columns in keys if columns[0] in row.parents]
            for columns, of in keys.items():
                if placed and columns not in placed:
                    rows = self._facts.frame(self._facts.number_of(of.parent)).height
                    if not rows:
                        raise NoWitnessError("Its rows cannot be made.", of.parent.key)
                    row.parents[columns[0]] = Parent(number=self._random.randrange(rows))
                    row.keys[columns[0]] = of

    def _place_class(self, key: Cell, cells: Sequence[Cell]) -> None:
        parents = {
            (self._flat.tables[int(name[1:])], column): int(name[1:])
            for name, column in cells
            if column in self._classes.table(int(name[1:])).unique
        }
        for name, column in cells:
            row = self._rows.get(int(name[1:])) if name != FREE else None
            if row is not None:
                self._place_cell(row, int(name[1:]), column, key, cells, parents)

    def _place_cell(
        self,
        row: DraftRow,
        occurrence: int,
        name: str,
        key: Cell,
        cells: Sequence[Cell],
        parents: Mapping[tuple[int, str], int],
    ) -> None:
        table = self._facts.tables[row.table]
        place = f"{table.schema.key}.{table.columns[name].name}"
        of = table.key_of(name)
        if of is not None:
            self._place_key(row, occurrence, name, key, of, parents)
            return
        if name in table.unique:
            if key in self._solution.values:
                raise NoWitnessError("The column is unique, so that no scenario can set it.", place)
            return
        if rules_that_make(table.schema, table.columns[name]):
            return
        if any(name in group for group in table.groups):
            if key in self._solution.values:
                raise NoWitnessError("The column is part of a key, so that no scenario can set it.", place)
            return
        if key not in self._solution.values:
            if parents:
                raise NoWitnessError("It is compared with a key that it does not reference.", place)
            self._solution.values[key] = self._any_value(cells)
        value = self._solution.values[key]
        if value is None and not table.columns[name].is_nullable:
            raise NoWitnessError("The column is required, and NULL is asked for.", place)
        if value is not None and not is_allowed(table.columns[name], value):
            raise NoWitnessError(f"The column does not allow {value}.", place)
        row.values[name] = value

    def _place_key(
        self,
        row: DraftRow,
        occurrence: int,
        name: str,
        key: Cell,
        of: KeyOf,
        parents: Mapping[tuple[int, str], int],
    ) -> None:
        table = self._facts.tables[row.table]
        number, target = self._facts.number_of(of.parent), targets_of(of)[of.columns.index(name)]
        fault = key_fault(table.schema, of)
        if fault and self._is_partial:
            self._left.add(occurrence)
            return
        if fault:
            raise UnsetKeyError(f"The key {fault}.", f"{table.schema.key}.{table.columns[name].name}")
        parent = parents.get((number, target))
        if parent is None and len(of.columns) > 1:
            parent = self._composite_parent(occurrence, of, number)
        if parent is not None:
            fixed = self._solution.fixed.get(parent)
            row.parents[of.columns[0]] = Parent(witness_row=parent) if fixed is None else Parent(number=fixed)
        else:
            values = self._facts.frame(number)[of.parent.column(target).name].to_list()
            if key not in self._solution.values:
                if not values:
                    raise NoWitnessError("Its rows cannot be made.", of.parent.key)
                self._solution.values[key] = values[self._random.randrange(len(values))]
            value = self._solution.values[key]
            if value is None:
                row.values[name] = None
                return
            if value not in values:
                raise NoWitnessError(f"There is no row {value}.", of.parent.key)
            row.parents[of.columns[0]] = Parent(number=values.index(value))
        row.keys[of.columns[0]] = of

    def _composite_parent(self, occurrence: int, of: KeyOf, number: int) -> int | None:
        own = [self._classes.of((f"{PREFIX}{occurrence}", name)) for name in of.columns]
        for other in self._classes.roots:
            if self._flat.tables[other] == number:
                there = [self._classes.of((f"{PREFIX}{other}", name)) for name in targets_of(of)]
                if there == own:
                    return other
        return None

    def _any_value(self, cells: Sequence[Cell]) -> Any:
        """Return a value that all columns of a class allow, of those that the rule of one makes."""
        own = [(self._classes.table(int(name[1:])), column) for name, column in cells]
        found: list[Any] = []
        for table, name in own:
            values = self._facts.frame(table.number)[table.columns[name].name].to_list()
            found += candidates(table.columns[name], values, [], self._random, is_nulled=False)
        found = [value for value in found if all(is_allowed(each.columns[name], value) for each, name in own)]
        if not found:
            raise NoWitnessError("It has no value.", f"{own[0][0].schema.key}.{own[0][1]}")
        return found[self._random.randrange(len(found))]

    def _place_whole(self, occurrence: int, values: Mapping[str, Any]) -> None:
        row = self._rows[occurrence]
        table = self._facts.tables[row.table]
        for name, value in values.items():
            column = table.columns[name]
            is_free = name not in row.values and name not in table.unique and table.key_of(name) is None
            is_free = is_free and not any(name in group for group in table.groups)
            if rules_that_make(table.schema, column):
                row.made[name] = value
            elif is_free and is_allowed(column, value):
                row.values[name] = value

    def _check_keys(self) -> None:
        """Raise `NoWitnessError` when two rows choose the same combination of a key."""
        taken: set[object] = set()
        for row in self._rows.values():
            schema = self._facts.tables[row.table].schema
            for group in schema.composite_keys:
                names = {name.casefold() for name in group}
                chosen = frozenset((name, parent) for name, parent in row.parents.items() if name in names)
                if chosen and is_made_of_keys(schema, group):
                    mark = (row.table, tuple(group), chosen)
                    if mark in taken:
                        raise NoWitnessError(f"Two rows have the same key ({', '.join(group)}).", schema.key)
                    taken.add(mark)

    def _repeat(self, copies: int) -> None:
        """Repeat the rows of each group that no other row references."""
        referenced = {parent.witness_row for row in self._rows.values() for parent in row.parents.values()}
        for first, last, _ in self._flat.groups:
            inside = [each for each in range(first, last) if each in self._rows and each not in referenced]
            inside = [each for each in inside if not self._has_one_key(self._rows[each])]
            for each in inside[:1]:
                self._rows[each].copies = copies

    def _repeat_drawn(self) -> None:
        """Repeat the rows for whose made values something is drawn in each row, so that some meet the conditions."""
        referenced = {parent.witness_row for row in self._rows.values() for parent in row.parents.values()}
        for number, row in self._rows.items():
            is_drawn = any(draws_by_row(self._facts.tables[row.table], name) for name in row.made)
            if is_drawn and row.copies == 1 and number not in referenced and not self._has_one_key(row):
                row.copies = _DRAWN_COPIES

    def _has_one_key(self, row: DraftRow) -> bool:
        """Return whether a row chooses a key, which no second row can have."""
        schema = self._facts.tables[row.table].schema
        names = {name for of in row.keys.values() for name in of.columns}
        groups = [group for group in schema.composite_keys if is_made_of_keys(schema, group)]
        return any(name.casefold() in names for group in groups for name in group)
