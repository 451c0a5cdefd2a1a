"""Checks of tables of events: a key to a table with a life cycle, and columns that can hold its states and times."""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import Problem, did_you_mean
from engine.schema.column_rules import DATES
from engine.schema.events import EventsOf, is_event_key
from engine.schema.foreign_keys import CompositeForeignKey, ForeignKey
from engine.schema.lifecycle_checks import check_made, check_states
from engine.schema.lifecycles import Lifecycle
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema

_WITHOUT = {
    "target_rows": "The steps of the parents give the number of rows.", "batches": "Rows of a life cycle cannot grow.",
    "grows": "Rows of a life cycle cannot grow.", "rows": "Each row is a step of a parent.",
    "scenarios": "Give the scenario to the table with the life cycle.", "outcomes": "The states and times are those of "
    "the parents.", "lifecycle": "Name the life cycle of another table.",
}  # fmt: skip
_OF_KEY = (
    "fan_out", "fan_out_weights", "counted", "distribution", "unique", "where", "through", "null_fraction",
    "root_fraction",
)  # fmt: skip
_OF_KEY_COLUMN = ("null_fraction", "null_when", "null_by", "default_value", "same_within")


def check_events(schema: ExperimentSchema, table: TableSchema) -> Iterator[Problem]:
    """Yield the problems of a table's `events_of`."""
    events, where = table.events_of, f"{table.key}.events_of"
    if events is None:
        return
    for name, hint in _WITHOUT.items():
        if getattr(table, name) not in (None, [], False):
            yield Problem(where, f"A table with events_of cannot have {name}.", f"Remove {name}. {hint}")
    found = list(_find_parents(schema, table, events))
    if len(found) != 1:
        yield from _check_key(table, events, where)
        return
    parent, key, columns = found[0]
    lifecycle = parent.lifecycle
    if lifecycle is None or parent.key == table.key:
        message = f"{events.key} references {parent.key}, which has no lifecycle of its own."
        yield Problem(where, message, f"Give {parent.key} a lifecycle, or name a key to a table that has one.")
        return
    if lifecycle.status.casefold() != events.status.casefold():
        message = f'of is "{events.of}", and the status of {parent.key} is {lifecycle.status}.'
        yield Problem(where, message, f'Write "of": "{events.key}.{lifecycle.status}".')
    yield from _check_options(table, parent, key, columns)
    yield from _check_columns(table, parent, lifecycle, events, where)


def _find_parents(
    schema: ExperimentSchema, table: TableSchema, events: EventsOf
) -> Iterator[tuple[TableSchema, ForeignKey | CompositeForeignKey, list[str]]]:
    """Yield the foreign keys that the column `events.key` belongs to, with parent and columns."""
    singles = [(column.foreign_key, [column.name]) for column in table.columns if is_event_key(events, column.name)]
    folded = events.key.casefold()
    several = [(key, key.columns) for key in table.foreign_keys if folded in map(str.casefold, key.columns)]
    for key, columns in [*singles, *several]:
        try:
            if key is not None:
                yield schema.table(key.references_table, within=table.schema_name), key, list(columns)
        except KeyError:
            continue


def _check_key(table: TableSchema, events: EventsOf, where: str) -> Iterator[Problem]:
    names = [column.name for column in table.columns]
    if events.key.casefold() not in map(str.casefold, names):
        hint = did_you_mean(events.key, names) or 'Write "of": "foreign_key_column.status".'
        yield Problem(where, f'of names "{events.key}", which {table.key} does not have.', hint)
    else:
        message = f'of names "{events.key}", which is not one foreign key.'
        yield Problem(where, message, "Name the foreign key column to the table with the lifecycle.")


def _check_options(
    table: TableSchema, parent: TableSchema, key: ForeignKey | CompositeForeignKey, columns: list[str]
) -> Iterator[Problem]:
    where = f"{table.key}.{', '.join(columns)}"
    for option in _OF_KEY:
        if getattr(key, option, None):
            message = f"{option} cannot be combined with events_of, which gives each row its parent."
            yield Problem(where, message, f"Remove {option}.")
    targets = [key.references_column] if isinstance(key, ForeignKey) else key.references_columns
    wanted = {name.casefold() for name in targets}
    is_key = any({name.casefold() for name in group} == wanted for group in parent.composite_keys)
    is_key |= any(parent.is_unique(column) for column in parent.columns if {column.name.casefold()} == wanted)
    if not is_key:
        message = f"events_of needs a key of {parent.key}, and {', '.join(targets)} can repeat."
        yield Problem(where, message, f"Reference a unique column of {parent.key}.")
    known = {column.name.casefold(): column for column in table.columns}
    for column in (known[name.casefold()] for name in columns if name.casefold() in known):
        own = f"{table.key}.{column.name}"
        if column.is_nullable:
            yield Problem(own, "events_of: the key may be NULL.", 'Set "required": true.')
        if table.is_unique(column):
            yield Problem(own, "events_of: a parent has several steps, and the key is unique.", "Remove is_unique.")
        for option in _OF_KEY_COLUMN:
            if getattr(column, option):
                yield Problem(own, f"{option} cannot be combined with events_of.", f"Remove {option}.")


def _check_columns(
    table: TableSchema, parent: TableSchema, lifecycle: Lifecycle, events: EventsOf, where: str
) -> Iterator[Problem]:
    names = [column.name for column in table.columns]
    given = {"state": events.state} if events.at is None else {"state": events.state, "at": events.at}
    for what, name in given.items():
        if name.casefold() not in map(str.casefold, names):
            hint = did_you_mean(name, names) or f'Give "{what}" the name of a column of the table.'
            yield Problem(where, f'{what} names "{name}", which {table.key} does not have.', hint)
        elif is_event_key(events, name):
            yield Problem(where, f"{what} names the key {name}.", "Name another column.")
        elif what == "state":
            yield from _check_state(table, lifecycle, table.column(name), events)
        else:
            yield from _check_time(table, parent, lifecycle, table.column(name))
    if events.at is not None and events.at.casefold() == events.state.casefold():
        yield Problem(where, f'The column "{events.at}" is used for state and time.', "Name another column in at.")
    for column in table.columns:
        high, is_step = column.max_value, is_event_key(events, column.line_number_of or "")
        low = column.min_value
        if is_step and ((low is not None and low > 1) or (high is not None and high < _longest(lifecycle))):
            message = f"Steps are numbered 1 to {_longest(lifecycle)}, outside of min_value and max_value."
            yield Problem(f"{table.key}.{column.name}", message, "Remove the bounds.")


def _longest(lifecycle: Lifecycle) -> int:
    try:
        return lifecycle.longest
    except (ValueError, KeyError):
        return 0  # a problem of the life cycle


def _check_state(table: TableSchema, lifecycle: Lifecycle, column: ColumnSchema, events: EventsOf) -> Iterator[Problem]:
    where = f"{table.key}.{column.name}"
    with_key = next(
        (group for group in table.composite_keys if {events.key.casefold(), column.name.casefold()} <= _fold(group)), []
    )
    yield from check_made(table, column, where, "events_of", in_key=with_key)
    yield from check_states(lifecycle, column, where, "events_of", "state")


def _check_time(
    table: TableSchema, parent: TableSchema, lifecycle: Lifecycle, column: ColumnSchema
) -> Iterator[Problem]:
    where = f"{table.key}.{column.name}"
    yield from check_made(table, column, where, "events_of")
    try:
        kind, start = column.type.kind, parent.column(lifecycle.column_of(lifecycle.states[0])).type.kind
    except (ValueError, KeyError):
        return  # a problem of its own
    if kind not in DATES:
        yield Problem(where, f"events_of: the type is {column.type}, and no date.", "Use TIMESTAMP.")
    elif kind is not start:
        message = f"events_of: {column.type} differs from the type of the times of {parent.key}."
        yield Problem(where, message, "Use the same.")
    if lifecycle.until is not None and not column.is_nullable:
        message = f"events_of: steps after {lifecycle.until} have no time yet, and the column is required."
        yield Problem(where, message, 'Set "required": false, or remove until from the lifecycle.')


def _fold(names: list[str]) -> set[str]:
    return {name.casefold() for name in names}
