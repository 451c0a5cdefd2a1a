"""Checks of scenarios: rows that can be placed, columns that may be set, and values that their columns allow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from engine.errors import Problem, did_you_mean
from engine.schema.conditional import RowOf, ValueRows, cases_of
from engine.schema.foreign_keys import ForeignKey
from engine.schema.given_rows import parse_cell
from engine.schema.lifecycles import is_made
from engine.schema.limits import MAX_SCENARIO_SHARE
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.names import repeated
from engine.schema.outcomes import partition_of
from engine.schema.scenario_keys import (
    KeyOf,
    find_scenario,
    is_made_of_keys,
    key_fault,
    keys_of,
    leaves_group,
    placed_columns,
    within_key,
)
from engine.schema.scenarios import RowParent, Scenario, ScenarioParent
from engine.schema.types import TIMESTAMPS, Kind

_MADE = (
    "expression", "template", "rollup", "split_of", "running", "sequence", "line_number_of", "groups", "same_within",
    "rising_within", "every", "series",
)  # fmt: skip
MAX_EXCHANGED = 1000
"""The most rows of a scenario that choose a key which is made of foreign keys."""

_OTHER_ROW = 'Name one of its scenarios that is not within another, or a row as {"row": 0}.'


def check_scenarios(schema: ExperimentSchema, table: TableSchema) -> Iterator[Problem]:
    """Yield the problems of a table's scenarios."""
    for name in repeated([one.name for one in table.scenarios]):
        yield Problem(f"{table.key}.scenarios", f'There are two scenarios named "{name}".', "Rename one of them.")
    if sum(one.share or 0 for one in table.scenarios) > MAX_SCENARIO_SHARE:
        message = f"The scenarios take more than {MAX_SCENARIO_SHARE:.0%} of the rows."
        yield Problem(f"{table.key}.scenarios", message, "Reduce their shares.")
    for scenario in table.scenarios:
        where = f"{table.key}.scenarios.{scenario.name}"
        known = list(_check_rows(schema, table, scenario, where))
        yield from known
        yield from _check_composite_keys(schema, table, scenario, where)
        for name in repeated(list(scenario.values)):
            yield Problem(where, f'It gives "{name}" twice.', "Keep one of the two.")
        for name, value in scenario.values.items():
            yield from _check_value(schema, table, name, value, where)


def _check_composite_keys(
    schema: ExperimentSchema, table: TableSchema, scenario: Scenario, where: str
) -> Iterator[Problem]:
    """Yield a problem where a scenario chooses a part of a key that is made of foreign keys."""
    placed = placed_columns(schema, table, scenario)
    for group in table.composite_keys:
        names = {name.casefold() for name in group}
        if not placed & names or not is_made_of_keys(table, group):
            continue
        if names - placed:
            missing = ", ".join(name for name in group if name.casefold() not in placed)
            yield Problem(where, f"It chooses only a part of the key ({', '.join(group)}).", f"Give it {missing} too.")
        elif scenario.rows is None or scenario.rows > MAX_EXCHANGED or scenario.within is not None:
            message = f"It chooses the key ({', '.join(group)}) in each of its rows."
            yield Problem(where, message, f'Give it "rows", at most {MAX_EXCHANGED:,}, in place of a share.')


def _check_rows(schema: ExperimentSchema, table: TableSchema, scenario: Scenario, where: str) -> Iterator[Problem]:
    """Yield the problems of which rows belong to a scenario."""
    if scenario.within is not None:
        yield from _check_within(schema, table, scenario, where)
        return
    if scenario.share is None and scenario.rows is None:
        yield Problem(where, "It has neither a share nor rows.", 'Write "share": 0.01, or "rows": 10.')
    named = {name.casefold() for name in scenario.values}
    for of in keys_of(schema, table):
        same = find_scenario(of.parent, scenario.name)
        is_fixed = of.key.spread is not None or of.key.counted or of.key.unique
        if same is not None and is_fixed and of.parent is not table and not named.intersection(of.columns):
            yield Problem(
                where,
                f"{of.parent.key} has a scenario of this name, and {', '.join(of.columns)} {key_fault(table, of)}.",
                f'Write "within": "{of.columns[0]}" in place of its share and rows, or rename one of the scenarios.',
            )


def _check_within(schema: ExperimentSchema, table: TableSchema, scenario: Scenario, where: str) -> Iterator[Problem]:
    if scenario.share is not None or scenario.rows is not None:
        yield Problem(where, "Its rows follow from within.", "Remove share and rows.")
    of = within_key(schema, table, scenario)
    if of is None:
        message = f'within names "{scenario.within}", which is no foreign key column.'
        yield Problem(where, message, "Name a foreign key column of the table.")
        return
    if of.parent.key == table.key:
        yield Problem(where, "within names a key to its own table.", "Give it a share or rows.")
    elif find_scenario(of.parent, scenario.name) is None:
        message = f'{of.parent.key} has no scenario "{scenario.name}".'
        yield Problem(where, message, "Add one there, or give it a share or rows.")
    elif _leads_back(schema, table, scenario):
        yield Problem(where, "Its rows follow from themselves by within.", "Give one of the scenarios a share.")
    if any(table.column(name).hidden for name in of.columns):
        yield Problem(where, "within names a hidden column.", "Name a stored one.")
    elif not _is_to_key(of):
        message = f"within needs a key that names one row of {of.parent.key}."
        yield Problem(where, message, "Give the scenario a share or rows.")
    for other in table.scenarios:
        if other.within is not None and any(of.has(name) for name in placed_columns(schema, table, other)):
            message = f'Scenario "{other.name}", within a parent\'s, sets {", ".join(of.columns)}, which within reads.'
            yield Problem(where, message, "Give that scenario a share or rows.")


def _is_to_key(of: KeyOf) -> bool:
    key, parent = of.key, of.parent
    names = [key.references_column] if isinstance(key, ForeignKey) else key.references_columns
    if len(names) == 1:
        return parent.is_unique(parent.column(names[0]))
    wanted = {name.casefold() for name in names}
    return any({name.casefold() for name in group} == wanted for group in parent.composite_keys)


def _leads_back(schema: ExperimentSchema, table: TableSchema, scenario: Scenario) -> bool:
    """Return whether a scenario is, through the parents it is within, within itself."""
    at, one, seen = table, scenario, set[str]()
    while one.within is not None:
        if at.key in seen:
            return True
        seen.add(at.key)
        of = within_key(schema, at, one)
        above = None if of is None else find_scenario(of.parent, one.name)
        if of is None or above is None:
            return False
        at, one = of.parent, above
    return False


def _check_value(schema: ExperimentSchema, table: TableSchema, name: str, value: Any, where: str) -> Iterator[Problem]:
    try:
        column = table.column(name)
    except KeyError:
        known = [each.name for each in table.columns]
        hint = did_you_mean(name, known) or f"The columns are: {', '.join(known[:20])}."
        yield Problem(where, f'There is no column "{name}" in {table.key}.', hint)
        return
    of = next((of for of in keys_of(schema, table) if of.has(name)), None)
    if of is not None:
        yield from _check_key(table, column, of, value, where)
    elif isinstance(value, ScenarioParent | RowParent):
        yield Problem(where, f"{column.name} is not a foreign key.", "Give it a value.")
    else:
        yield from _check_constant(schema, table, column, value, where)


def _check_key(table: TableSchema, column: ColumnSchema, of: KeyOf, value: Any, where: str) -> Iterator[Problem]:
    fault = key_fault(table, of)
    if fault:
        hint = f'Leave it out, or write "within": "{column.name}" with a scenario of this name in {of.parent.key}.'
        yield Problem(where, f"{column.name} {fault}, so that no scenario can set it.", hint)
    elif value is None:
        if len(of.columns) > 1:
            yield Problem(where, f"{column.name} is one of several columns of a key.", "Leave it out.")
        elif not column.is_nullable:
            yield _required(where, column)
    elif isinstance(value, ScenarioParent):
        target = find_scenario(of.parent, value.scenario)
        if target is None or target.within is not None:
            which = "no scenario" if target is None else "only within another one"
            yield Problem(where, f'{of.parent.key} has {which} "{value.scenario}".', _OTHER_ROW)
    elif not isinstance(value, RowParent):
        hint = f'Write {{"scenario": "..."}} with a scenario of {of.parent.key}, or {{"row": 0}} with a row number.'
        yield Problem(where, f"{column.name} is a foreign key, which references a row.", hint)


def _check_constant(
    schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, value: Any, where: str
) -> Iterator[Problem]:
    rules = rules_that_make(table, column)
    if table.is_unique(column):
        yield Problem(where, f"{column.name} is unique, and a scenario has several rows.", "Leave it out.")
    elif any(column.name.casefold() in map(str.casefold, group) for group in table.composite_keys):
        yield Problem(where, f"{column.name} is part of a key, which must not repeat.", "Leave it out.")
    elif rules:
        hint = "Set the columns that it is made from."
        yield Problem(where, f"{column.name} is made by {rules[0]}.", hint)
    elif value is None:
        if not column.is_nullable:
            yield _required(where, column)
    else:
        try:
            found = parse_cell(value, column.type)
        except ValueError as error:
            yield Problem(where, f"{column.name}, {value!r}, {error}", f"Fix it, or the type {column.data_type}.")
            return
        if fault := column_fault(column, found):
            yield Problem(where, f"{column.name}, {value!r}, {fault}.", "Change it, or what the column allows.")


def rules_that_make(table: TableSchema, column: ColumnSchema) -> list[str]:
    """Return the rules that make a column of other values, so that no scenario can set it."""
    rules = [name for name in _MADE if getattr(column, name) is not None]
    rules = [name for name in rules if name != "same_within" or not leaves_group(table, column)]
    rules += ["outcomes"] if partition_of(table.outcomes, column.name) is not None else []
    is_start = table.lifecycle is not None and table.lifecycle.column_of(table.lifecycle.states[0]) == column.name
    rules += ["lifecycle"] if is_made(table.lifecycle, column.name) or is_start else []
    rules += ["values_by rows"] if isinstance(column.values_by, RowOf | ValueRows) else []
    return rules


def _required(where: str, column: ColumnSchema) -> Problem:
    return Problem(where, f"{column.name} is required, and the scenario has NULL.", 'Set "required": false on it.')


def column_fault(column: ColumnSchema, value: Any) -> str:
    """Return why the column does not allow a value of its type; an empty text when it does."""
    if (column.values is not None or isinstance(column.values_by, dict)) and value not in column.declared_values:
        found = cases_of(column, "values_by")
        if found is None or all(str(value) not in weights for weights in found[1].values()):
            return "is not one of its values"
    if column.pattern is not None and not _matches(column.pattern, str(value)):
        return f"does not match {column.pattern}"
    low, high = _bounds(column)
    at = value.date() if isinstance(low or high, datetime) is False and isinstance(value, datetime) else value
    for limit, is_low in ((low, True), (high, False)):
        if limit is not None and (at < limit if is_low else at > limit):
            return f"is {'below' if is_low else 'above'} {limit}"
    if column.weekday_weights is not None and column.weekday_weights[value.weekday()] == 0:
        return "is on a weekday of weight 0"
    if column.hour_weights is not None and column.hour_weights[value.hour] == 0:
        return "is in an hour of weight 0"
    return ""


def _bounds(column: ColumnSchema) -> tuple[Any, Any]:
    kind = column.type.kind
    if kind is Kind.TIME:
        return column.time_start, column.time_end
    if kind is Kind.DATE or (kind in TIMESTAMPS and column.timestamp_start is None and column.timestamp_end is None):
        return column.date_start, column.date_end
    if kind in TIMESTAMPS:
        ends = (column.timestamp_start, column.timestamp_end)
        is_instant = kind is Kind.TIMESTAMPTZ
        return tuple(None if end is None else _in_zone(end, is_instant=is_instant) for end in ends)  # type: ignore[return-value]
    return column.min_value, column.max_value


def _in_zone(end: datetime, *, is_instant: bool) -> datetime:
    if is_instant:
        return end.astimezone(UTC) if end.tzinfo else end.replace(tzinfo=UTC)
    return end.astimezone(UTC).replace(tzinfo=None) if end.tzinfo else end


def _matches(pattern: str, text: str) -> bool:
    """Return whether a text has the form of a pattern: # a digit, ? a capital letter, a backslash before plain text."""
    place, position = 0, 0
    while position < len(pattern) and place < len(text):
        symbol, found = pattern[position], text[place]
        if symbol == "\\" and position + 1 < len(pattern):
            position += 1
            is_same = pattern[position] == found
        elif symbol in "#?":
            is_same = found.isascii() and (found.isdigit() if symbol == "#" else found.isupper())
        else:
            is_same = symbol == found
        if not is_same:
            return False
        place, position = place + 1, position + 1
    return place == len(text) and position == len(pattern)
