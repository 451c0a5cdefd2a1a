"""Changes of a schema for a workload: each one can be accepted or refused, and says which queries it serves."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import Problem
from engine.rules.rule_checks import check_rules
from engine.rules.sound_tables import SoundTables
from engine.schema.checks import check_schema
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema

_NAMED = 3


@dataclass(frozen=True)
class Change:
    """New JSON keys for a column, or for a table when `column` is None; None as a value removes the key."""

    table: str
    column: str | None
    key: str
    """The main JSON key that changes: `values`, `date_start`, `foreign_key`, `rows`, ..."""
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    serves: tuple[tuple[str, int], ...]
    """The statements, with the line of each, whose predicates want it."""
    reason: str
    unit: str | None = None
    """Changes of one unit are made together or not at all, such as the scenarios of one query."""

    @property
    def place(self) -> str:
        """The table or column that changes, as errors name it."""
        return self.table if self.column is None else f"{self.table}.{self.column}"

    @property
    def because(self) -> str:
        """The reason with the first queries that want it, as the schema keeps it."""
        named = ", ".join(f"{name} line {line}" for name, line in self.serves[:_NAMED])
        more = f" and {len(self.serves) - _NAMED} more" if len(self.serves) > _NAMED else ""
        return f"{self.reason} Asked for by {named}{more}."

    def __str__(self) -> str:
        return f"{self.place}: {self.because}"


@dataclass(frozen=True)
class Dropped:
    """A change that was not made, and why."""

    change: Change
    reason: str

    def __str__(self) -> str:
        return f"{self.change.place}: not changed. {self.reason}"


def change_column(
    table: TableSchema,
    column: ColumnSchema,
    key: str,
    new: Mapping[str, Any],
    serves: Collection[tuple[str, int]],
    reason: str,
) -> Change:
    """Return a change of a column that knows the keys it replaces."""
    before = column.model_dump(mode="json", exclude_none=True)
    old = {name: before.get(name) for name in new}
    return Change(table.key, column.name, key, old, dict(new), tuple(dict.fromkeys(serves)), reason)


def apply_changes(schema: ExperimentSchema, changes: Sequence[Change]) -> ExperimentSchema:
    """Return the schema with the changes; changed columns are marked `suggested`, with the reason.

    Raises pydantic's ValidationError for a value that its key cannot have.
    """
    by_table: dict[str, list[Change]] = {}
    for change in changes:
        by_table.setdefault(change.table, []).append(change)
    tables = [_apply(table, by_table[table.key]) if table.key in by_table else table for table in schema.tables]
    return schema.model_copy(update={"tables": tables})


def _apply(table: TableSchema, changes: Sequence[Change]) -> TableSchema:
    for change in changes:
        if change.column is None:
            data = {**table.model_dump(exclude_unset=True), **change.new}
            if change.key == "scenarios":
                data["scenarios"] = [*(each.model_dump() for each in table.scenarios), *change.new["scenarios"]]
            data = {name: value for name, value in data.items() if value is not None or name not in change.new}
            table = TableSchema.model_validate(data)
            continue
        column = table.column(change.column)
        data = {**column.model_dump(mode="json", exclude_none=True, exclude_defaults=True), **change.new}
        is_own = "because" not in change.new
        data |= {"suggested": True, "because": change.because} if is_own else {}
        changed = ColumnSchema.model_validate({name: value for name, value in data.items() if value is not None})
        columns = [changed if each is column else each for each in table.columns]
        table = table.model_copy(update={"columns": columns})
    return table


def apply_valid_changes(
    schema: ExperimentSchema, changes: Sequence[Change]
) -> tuple[ExperimentSchema, list[Change], list[Dropped]]:
    """Return the schema with all changes that leave it valid, these, and the others with the problem of each.

    Problems that the schema has already do not count.
    """
    known = {problem.where for problem in _problems(schema)} if changes else set()
    kept, dropped = list(changes), list[Dropped]()
    while kept:
        try:
            changed = apply_changes(schema, kept)
        except ValueError as error:
            kept, lost = _without_unreadable(schema, kept, str(error))
            dropped += lost
            continue
        problems = [problem for problem in _problems(changed) if problem.where not in known]
        if not problems:
            return changed, kept, dropped
        guilty = [change for change in kept if any(_is_at(change, problem.where) for problem in problems)]
        guilty = guilty or kept[-1:]
        units = {change.unit for change in guilty} - {None}
        guilty += [change for change in kept if change.unit in units and change not in guilty]
        reasons = {
            id(change): next((str(each) for each in problems if _is_at(change, each.where)), str(problems[0]))
            for change in guilty
        }
        dropped += [Dropped(change, reasons[id(change)]) for change in guilty]
        kept = [change for change in kept if id(change) not in reasons]
    return schema, [], dropped


_checked: deque[tuple[ExperimentSchema, list[Problem]]] = deque(maxlen=4)
"""The schemas that were checked last: a schema that one step leaves is the one that the next step begins with."""
_sound = SoundTables()


def _problems(schema: ExperimentSchema) -> list[Problem]:
    for known, found in tuple(_checked):
        if known is schema:
            return found
    problems = check_schema(schema)
    problems = [*problems, *check_rules(schema, {problem.where for problem in problems}, sound=_sound)]
    _checked.append((schema, problems))
    return problems


def _is_at(change: Change, where: str) -> bool:
    """Whether a problem is at the place of a change, inside of it, or at its table."""
    if change.key == "scenarios":
        added = change.new["scenarios"]
        places = {f"{change.table}.scenarios.{each['name']}" for each in added}
        return where in places | {f"{change.table}.{name}" for each in added for name in each.get("values", {})}
    return where == change.place or where.startswith(f"{change.place}.") or where == change.table


def _without_unreadable(
    schema: ExperimentSchema, changes: Sequence[Change], message: str
) -> tuple[list[Change], list[Dropped]]:
    kept, dropped = list[Change](), list[Dropped]()
    for change in changes:
        try:
            apply_changes(schema, [change])
            kept.append(change)
        except ValueError as error:
            dropped.append(Dropped(change, str(error)))
    return (kept, dropped) if dropped else ([], [Dropped(change, message) for change in changes])
