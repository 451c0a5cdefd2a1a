"""Pools: the values that all cells of a class allow, from their columns, their parents and their conditions."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from sqlglot import exp

from engine.schema.models import TableSchema
from engine.workload.witnesses.candidates import candidates, is_allowed
from engine.workload.witnesses.classes import Cell, Classes
from engine.workload.witnesses.facts import Facts
from engine.workload.witnesses.substitution import FREE

_RANKS = 12


class Pools:
    """The pools of the classes of one flattened query."""

    def __init__(self, facts: Facts, classes: Classes, random: Random) -> None:
        self._facts = facts
        self._classes = classes
        self._random = random

    def of(self, cells: Sequence[Cell], conditions: Sequence[exp.Expr]) -> list[Any]:
        """Return values that all cells of a class allow."""
        if cells[0][0] == FREE:
            return list(range(1, _RANKS))
        is_nulled = any(
            isinstance(test.expression, exp.Null) for each in conditions for test in each.find_all(exp.Is)
        )  # fmt: skip
        found: list[Any] | None = None
        plain = [cell for cell in cells if self._classes.table(int(cell[0][1:])).key_of(cell[1]) is None]
        for cell in cells:
            table = self._classes.table(int(cell[0][1:]))
            own = table.columns[cell[1]]
            values = self._facts.frame(table.number)[own.name].to_list()
            key = table.key_of(cell[1])
            if key is not None:
                values = self._parent_values(key.parent, key.columns.index(cell[1]), key.key)
                made = [*dict.fromkeys(values[:2000]), *([None] if is_nulled and own.is_nullable else [])]
            else:
                if cell != plain[0]:
                    continue
                made = self._candidates(plain, conditions, is_nulled=is_nulled)
            known = set(made)
            found = made if found is None else [each for each in found if each in known]
        return found or []

    def _candidates(self, cells: Sequence[Cell], conditions: Sequence[exp.Expr], *, is_nulled: bool) -> list[Any]:
        """Return candidates of each of some cells that all of them allow."""
        columns, found = [], dict[Any, None]()
        for table, name in ((self._classes.table(int(cell[0][1:])), cell[1]) for cell in cells):
            columns.append(table.columns[name])
            values = self._facts.frame(table.number)[columns[-1].name].to_list()
            made = candidates(columns[-1], values, conditions, self._random, is_nulled=is_nulled)
            found |= dict.fromkeys(made)
        return [
            value for value in found
            if all(each.is_nullable if value is None else is_allowed(each, value) for each in columns)
        ]  # fmt: skip

    def _parent_values(self, parent: TableSchema, place: int, key: Any) -> list[Any]:
        targets = getattr(key, "references_columns", None) or [key.references_column]
        frame = self._facts.frame(self._facts.number_of(parent))
        return frame[parent.column(targets[place]).name].to_list()
