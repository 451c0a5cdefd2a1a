"""Placing witnesses: one scenario for each of their rows, linked by foreign keys that name the parents' scenarios."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.errors import RuleError
from engine.rules.scenarios.layout import make_layout
from engine.schema.models import ExperimentSchema, TableSchema
from engine.schema.scenario_keys import is_made_of_keys
from engine.schema.scenarios import Scenario
from engine.workload.changes import Change
from engine.workload.records import Statement
from engine.workload.witnesses.candidates import placed_value
from engine.workload.witnesses.records import Witness


def place_witnesses(schema: ExperimentSchema, witnesses: Sequence[Witness], counts: Mapping[str, int]) -> list[Change]:
    """Return the changes that add a scenario for each row of the witnesses, those of a witness as one unit.

    A row that a scenario has already is not added again. A witness whose tables have no room for it has no changes.
    """
    placer = _Placer(schema, counts)
    return [change for witness in witnesses for change in placer.place(witness)]


def is_placed(schema: ExperimentSchema, statement: Statement) -> bool:
    """Return whether the schema has rows for a statement already."""
    serves = _serves(statement)
    return any(scenario.serves == serves for table in schema.tables for scenario in table.scenarios)


class _Placer:
    def __init__(self, schema: ExperimentSchema, counts: Mapping[str, int]) -> None:
        self._schema = schema
        self._counts = counts
        self._scenarios = {table.key: list(table.scenarios) for table in schema.tables}

    def place(self, witness: Witness) -> list[Change]:
        """Return the changes for a witness, with fewer rows where there is no room for all that would help."""
        tried = [witness, replace(witness, rows=tuple(replace(row, repeats=1) for row in witness.rows))]
        if not witness.checked:
            tried.append(replace(witness, rows=tuple(replace(row, repeats=1, copies=1) for row in witness.rows)))
        for each in tried:
            if changes := self._place(each):
                return changes
        return []

    def _place(self, witness: Witness) -> list[Change]:
        names: dict[int, str] = {}
        added: dict[str, list[Scenario]] = {}
        waiting = list(range(len(witness.rows)))
        while waiting:
            ready = [each for each in waiting if self._is_ready(witness, each, names)]
            if not ready:
                return []
            for each in ready:
                row = witness.rows[each]
                values = self._values(witness, each, names)
                count = row.copies * row.repeats
                taken = {name for other, name in names.items() if witness.rows[other].table == row.table}
                same = None if row.is_drawn else self._same(row.table, values, count, taken)
                if same is None:
                    name = self._name(witness, row.table, added)
                    same = Scenario(name=name, rows=count, values=values, serves=_serves(witness.statement))
                    added.setdefault(row.table, []).append(same)
                names[each] = same.name
            waiting = [each for each in waiting if each not in ready]
        for key, scenarios in added.items():
            table = self._schema.table(key)
            if not self._has_room(table, scenarios) or not self._has_own_keys(table, scenarios):
                return []
        for key, scenarios in added.items():
            self._scenarios[key] += scenarios
        return [_change(witness, key, scenarios) for key, scenarios in added.items()]

    def _is_ready(self, witness: Witness, number: int, names: Mapping[int, str]) -> bool:
        return all(
            parent.witness_row is None or parent.witness_row in names
            for parent in witness.rows[number].parents.values()
        )

    def _values(self, witness: Witness, number: int, names: Mapping[int, str]) -> dict[str, Any]:
        row = witness.rows[number]
        values = {name: None if value is None else placed_value(value) for name, value in row.values.items()}
        for name, parent in row.parents.items():
            target = {"row": parent.number} if parent.witness_row is None else {"scenario": names[parent.witness_row]}
            values[name] = target
        return values

    def _same(self, table: str, values: Mapping[str, Any], copies: int, taken: set[str]) -> Scenario | None:
        """Return a scenario of earlier witnesses that has these values, and maybe others, and is not taken."""
        for each in self._scenarios[table]:
            given = each.model_dump(mode="json")["values"]
            is_same = all(name in given and _text(given[name]) == _text(value) for name, value in values.items())
            if is_same and each.within is None and each.rows == copies and each.name not in taken:
                return each
        return None

    def _name(self, witness: Witness, table: str, added: Mapping[str, Sequence[Scenario]]) -> str:
        taken = {each.name.casefold() for each in (*self._scenarios[table], *added.get(table, ()))}
        number = 1
        while f"{witness.statement.name} {number}".casefold() in taken:
            number += 1
        return f"{witness.statement.name} {number}"

    def _has_room(self, table: TableSchema, added: Sequence[Scenario]) -> bool:
        full = table.model_copy(update={"scenarios": [*self._scenarios[table.key], *added]})
        try:
            layout = make_layout(full)
        except RuleError:
            return False
        blocks = max((each.rows or 1 for each in full.scenarios), default=1)
        return layout.given + layout.size * blocks <= self._counts.get(table.key, 0)

    def _has_own_keys(self, table: TableSchema, added: Sequence[Scenario]) -> bool:
        """Return whether no two scenarios choose the same combination of a key that is made of foreign keys."""
        for group in table.composite_keys:
            if is_made_of_keys(table, group):
                names = {name.casefold() for name in group}
                chosen = []
                for each in (*self._scenarios[table.key], *added):
                    given = each.model_dump(mode="json")["values"]
                    key = sorted(_text([name.casefold(), given[name]]) for name in given if name.casefold() in names)
                    chosen += [tuple(key)] if key else []
                if len(set(chosen)) < len(chosen):
                    return False
        return True


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _serves(statement: Statement) -> str:
    return f"{statement.name}, line {statement.line}"


def _change(witness: Witness, key: str, scenarios: Sequence[Scenario]) -> Change:
    new = {"scenarios": [each.model_dump(mode="json", exclude_defaults=True) for each in scenarios]}
    serves = ((witness.statement.name, witness.statement.line),)
    reason = "The query needs rows whose values go together."
    return Change(key, None, "scenarios", {}, new, serves, reason, unit=witness.statement.name)
