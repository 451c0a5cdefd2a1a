"""Rows of fixed tables: one of each is chosen, together, by a query over their conditions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random

from sqlglot import exp

from engine.schema.models import TableSchema
from engine.sql.quoting import quote
from engine.workload.witnesses.classes import Cell, components
from engine.workload.witnesses.facts import Facts, TableFacts
from engine.workload.witnesses.made_columns import makes_all
from engine.workload.witnesses.records import NoWitnessError
from engine.workload.witnesses.solution import Solution
from engine.workload.witnesses.substitution import PREFIX

_MOST_JOINED = 4
_SELECTED = "SELECT 1 AS chosen"


class FixedRows:
    """Chooses rows of the tables that stay as they are, such as those of up to `small` rows, for one solution."""

    def __init__(
        self, facts: Facts, solution: Solution, dialect: str, random: Random, *, small: int, is_first: bool
    ) -> None:
        self._facts = facts
        self._solution = solution
        self._classes = solution.classes
        self._dialect = dialect
        self._random = random
        self._small = small
        self._is_first = is_first

    def choose(self) -> list[exp.Expr]:
        """Put the rows into the solution, and return the conditions that remain; raises `NoWitnessError`."""
        fixed = [each for each in self._classes.roots if self._is_chosen(each) and self._fits(each)]
        members = self._classes.members()
        names = {f"{PREFIX}{each}" for each in fixed}
        places: dict[Cell, Cell] = {}
        conditions: list[exp.Expr] = []
        for key, cells in members.items():
            inside = [cell for cell in cells if cell[0] in names]
            if inside:
                places[key] = inside[0]
            conditions += [
                exp.EQ(this=exp.column(one[1], table=one[0]), expression=exp.column(other[1], table=other[0]))
                for one, other in pairwise(inside)
            ]
        rest: list[exp.Expr] = []
        for condition in self._classes.conditions:
            moved = condition.copy()
            for column in list(moved.find_all(exp.Column)):
                there = places.get(self._classes.of((column.table, column.name)))
                if there is not None:
                    column.set("table", exp.to_identifier(there[0]))
                    column.set("this", exp.to_identifier(there[1]))
            found = {column.table for column in moved.find_all(exp.Column)}
            (conditions if found and found <= names else rest).append(moved if found and found <= names else condition)
        groups = [{column.table for column in each.find_all(exp.Column)} for each in conditions]
        marks = [*({(name, "") for name in each} for each in groups), *({(name, "")} for name in sorted(names))]
        for numbers in components(marks):
            chosen = [conditions[number] for number in numbers if number < len(conditions)]
            tables = sorted({name for number in numbers for name, _ in marks[number]})
            self._choose_rows(tables, chosen)
        return rest

    def _choose_rows(self, names: Sequence[str], conditions: Sequence[exp.Expr]) -> None:
        occurrences = [int(name[1:]) for name in names]
        tables = [self._classes.table(each) for each in occurrences]
        database = self._facts.database(self._dialect, {table.number for table in tables})
        listed = ", ".join(f"{_written(table.schema)} AS {name}" for table, name in zip(tables, names, strict=True))
        tested = " AND ".join(f"({each.sql(self._dialect)})" for each in conditions) or "1 = 1"
        sql = self._facts.translated(f"{_SELECTED} FROM {listed} WHERE {tested}", self._dialect)
        if not sql.startswith(_SELECTED):
            raise NoWitnessError("The rows of its calendars cannot be chosen.", tables[0].schema.key)
        sql = f"SELECT {', '.join(f'{name}.rowid' for name in names)}" + sql.removeprefix(_SELECTED)
        order = f"hash({names[0]}.rowid + {self._random.randrange(10**6)})"
        is_ordered = not self._is_first and len(names) <= _MOST_JOINED
        found = database.tuples(f"{sql} {f'ORDER BY {order} ' if is_ordered else ''}LIMIT 1")
        if not found:
            shown = " and ".join(each.sql(self._dialect) for each in conditions)[:160]
            raise NoWitnessError(f"No rows of {', '.join(table.schema.key for table in tables)} meet {shown}.")
        for occurrence, table, number in zip(occurrences, tables, found[0], strict=True):
            self._solution.fixed[occurrence] = number
            values = self._facts.frame(table.number).row(number, named=True)
            for name, column in table.columns.items():
                self._solution.values[self._classes.of((f"{PREFIX}{occurrence}", name))] = values[column.name]

    def _is_chosen(self, occurrence: int) -> bool:
        """Return whether a row of the table is chosen: also where the rules alone make what is asked of it."""
        table = self._classes.table(occurrence)
        return self._is_fixed(table) or makes_all(table, self._classes.names(occurrence))

    def _fits(self, occurrence: int) -> bool:
        """Return whether a row of a table meets the conditions on it alone; one without such rows gets another."""
        table, name = self._classes.table(occurrence), f"{PREFIX}{occurrence}"
        if table.is_fixed:
            return True
        own = [
            each for each in self._classes.conditions
            if {column.table for column in each.find_all(exp.Column)} == {name} and not each.find(exp.Placeholder)
        ]  # fmt: skip
        tested = " AND ".join(f"({each.sql(self._dialect)})" for each in own)
        return not own or bool(
            self._facts.database(self._dialect, {table.number}).tuples(
                self._facts.translated(
                    f"{_SELECTED} FROM {_written(table.schema)} AS {name} WHERE {tested} LIMIT 1", self._dialect
                )
            )
        )

    def _is_fixed(self, table: TableFacts) -> bool:
        """Return whether the rows of a table stay as they are."""
        return table.is_fixed or table.rows <= self._small


def _written(table: TableSchema) -> str:
    return ".".join(quote(part) for part in table.key.split("."))
