"""Checks of life cycles: states and columns that exist, transitions that lead forwards, gaps and bounds that fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.errors import Problem, did_you_mean
from engine.schema.column_rules import COLUMN_RULES, DATES, shapes_of, sources_of
from engine.schema.conditional_checks import parse_text
from engine.schema.lifecycles import ANY, MAX_PATHS, Lifecycle, columns_of
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.names import repeated
from engine.schema.outcomes import partition_of
from engine.schema.types import Kind

_DAY = 86_400
_OTHERS = (
    "null_fraction", "null_when", "null_by", "default_value", "groups", "same_within", "rising_within", "weights",
)  # fmt: skip
_BOUNDS = tuple(key for rule in COLUMN_RULES.values() for pair in rule.ranges for key in pair)


def check_lifecycle(table: TableSchema) -> Iterator[Problem]:
    """Yield the problems of a table's life cycle."""
    lifecycle, where = table.lifecycle, f"{table.key}.lifecycle"
    if lifecycle is None:
        return
    if table.batches or table.grows:
        kind = "with batches" if table.batches else "that grows"
        yield Problem(where, f"A table {kind} cannot have a lifecycle.", "Appended rows would change the earlier.")
    if table.rows:
        yield Problem(where, "A table with given rows cannot have a lifecycle.", "Remove the rows, or the lifecycle.")
    problems = list(_check_states(lifecycle, where))
    yield from problems
    if problems:
        return
    columns = columns_of(lifecycle, [column.name for column in table.columns])
    yield from _check_names(table, lifecycle, columns, where)
    for state, name in columns.items():
        yield from _check_time(table, lifecycle, state, table.column(name), columns)


def _check_states(lifecycle: Lifecycle, where: str) -> Iterator[Problem]:
    states = lifecycle.states
    for state in repeated(states):
        yield Problem(where, f'The state "{state}" is listed twice.', "Remove one of them.")
    named = [("transitions", state) for state in lifecycle.transitions]
    named += [("transitions", after) for weights in lifecycle.transitions.values() for after in weights]
    named += [("gaps", state) for state in lifecycle.gaps if state != ANY] + [("at", state) for state in lifecycle.at]
    unknown = [(key, state) for key, state in dict.fromkeys(named) if state not in states]
    for key, state in unknown:
        hint = did_you_mean(state, states) or f'Add "{state}" to states.'
        yield Problem(where, f'{key} names "{state}", which is not among the states.', hint)
    for state, weights in lifecycle.transitions.items():
        if not any(weights.values()):
            yield Problem(where, f'All weights of what follows "{state}" are 0.', "Give one of them a weight.")
    if unknown:
        return
    try:
        order = lifecycle.order
    except ValueError as circle:
        hint = "One column holds one time of a state: let no transition lead back."
        yield Problem(where, f"The transitions form a circle: {circle}.", hint)
        return
    reached = {states[0]}
    for state in order:
        if state in reached:
            reached.update(lifecycle.steps.get(state, {}))
    for state in (state for state in states if state not in reached):
        hint = f'Add a transition to "{state}", or remove it.'
        yield Problem(where, f'No row reaches the state "{state}" from "{states[0]}".', hint)
    if lifecycle.count_paths() > MAX_PATHS:
        message = f"The transitions have {lifecycle.count_paths():,} different ways, and {MAX_PATHS:,} are possible."
        yield Problem(where, message, "Use fewer states or transitions.")
    for state in lifecycle.gaps:
        try:
            low, high = lifecycle.gap_of(state)
        except ValueError as error:
            yield Problem(where, f"{error}.", f'It is the gap of "{state}".')
            continue
        if low > high or low < 1:
            message = f'The gap of "{state}" has its min above its max.' if low else f'The gap of "{state}" can be 0.'
            yield Problem(where, message, "Times increase from state to state: write [min, max] from 1s.")


def _check_names(table: TableSchema, lifecycle: Lifecycle, columns: dict[str, str], where: str) -> Iterator[Problem]:
    names = [column.name for column in table.columns]
    if lifecycle.status.casefold() not in map(str.casefold, names):
        hint = did_you_mean(lifecycle.status, names) or 'Give "status" the name of a column of the table.'
        yield Problem(where, f'status names "{lifecycle.status}", which {table.key} does not have.', hint)
    else:
        yield from _check_status(table, lifecycle, table.column(lifecycle.status))
    first = lifecycle.states[0]
    if first not in columns:
        wanted = lifecycle.column_of(first)
        hint = did_you_mean(wanted, names) or f'Write "start": a column with the time of "{first}".'
        yield Problem(where, f'{table.key} has no column "{wanted}" with the time of "{first}".', hint)
    for state, name in lifecycle.at.items():
        if state != first and state not in columns:
            hint = did_you_mean(name, names) or "Name a date or timestamp column of the table."
            yield Problem(where, f'at names "{name}", which {table.key} does not have.', hint)
    used = [lifecycle.status, *columns.values()]
    for name in repeated(used):
        yield Problem(where, f'The column "{name}" is used for two states.', "Name another column in at.")


def _check_status(table: TableSchema, lifecycle: Lifecycle, column: ColumnSchema) -> Iterator[Problem]:
    where = f"{table.key}.{column.name}"
    yield from check_made(table, column, where, "lifecycle")
    yield from check_states(lifecycle, column, where, "lifecycle", "status")


def _check_time(
    table: TableSchema, lifecycle: Lifecycle, state: str, column: ColumnSchema, columns: dict[str, str]
) -> Iterator[Problem]:
    where, first = f"{table.key}.{column.name}", lifecycle.states[0]
    try:
        kind = column.type.kind
        start = table.column(columns[first]).type.kind if first in columns else kind
    except ValueError:
        return  # a problem of its own
    if kind not in DATES:
        yield Problem(where, f"lifecycle: the type is {column.type}, and no date.", "Use TIMESTAMP.")
        return
    if state == first:
        if column.is_nullable:
            yield Problem(where, "lifecycle: the time of the first state may be NULL.", 'Set "required": true.')
        return
    yield from check_made(table, column, where, "lifecycle")
    if kind is not start:
        yield Problem(where, f"lifecycle: {column.type} differs from the type of {columns[first]}.", "Use the same.")
    if not column.is_nullable:
        yield Problem(where, f'lifecycle: rows that are not "{state}" are NULL.', 'Set "required": false.')
    if kind is Kind.DATE and any(seconds % _DAY for seconds in lifecycle.gap_of(state)):
        message = f'lifecycle: the gap of "{state}" is not one of whole days.'
        yield Problem(where, message, 'Write "gaps": {"*": ["1d", "5d"]}, or use TIMESTAMP.')


def check_states(lifecycle: Lifecycle, column: ColumnSchema, where: str, rule: str, word: str) -> Iterator[Problem]:
    """Yield the problems of a column that holds the states of a life cycle: NULL, or a state that is no value of it."""
    if column.is_nullable:
        yield Problem(where, f"{rule}: the {word} may be NULL.", 'Set "required": true.')
    try:
        kind = column.type
    except ValueError:
        return  # a problem of its own
    for state in lifecycle.states:
        try:
            parse_text(state, kind)
        except ValueError as error:
            yield Problem(where, f'{rule}: "{state}" is no value of {column.data_type}: {error}.', "Widen the type.")


def check_made(
    table: TableSchema, column: ColumnSchema, where: str, rule: str, in_key: Sequence[str] = ()
) -> Iterator[Problem]:
    """Yield the problems of a column whose values `rule` makes: further keys that would set them; `in_key` may be."""
    given = [one.name for one in (*sources_of(column), *shapes_of(column))]
    given += [key for key in dict.fromkeys((*_OTHERS, *_BOUNDS)) if getattr(column, key) is not None]
    if partition_of(table.outcomes, column.name) is not None:
        given.append("outcomes")
    for key in dict.fromkeys(given):
        yield Problem(where, f"{key} cannot be combined with {rule}, which makes the values.", f"Remove {key}.")
    folded = column.name.casefold()
    groups = [*table.composite_keys, *(each.columns for each in table.foreign_keys)]
    held = any(folded in map(str.casefold, group) for group in groups if list(group) != list(in_key))
    if table.is_unique(column) or held:
        yield Problem(where, f"{rule} cannot make the values of a key.", "Name another column.")
