"""Checks of rules about time: seasons and spikes whose weights fit, and fixed intervals within a foreign key."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, time

from engine.errors import Problem, did_you_mean
from engine.schema.column_rules import shapes_of, sources_of
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.time_rules import PARTS, UNITS, Seasonality, Spike, parse_day, parse_interval, parse_moment
from engine.schema.types import Kind

_DAY = 86_400
_BOUNDS = ("default_value", "date_start", "date_end", "timestamp_start", "timestamp_end")
_DAY_HINT = 'Write a day as "2024-11-29", or as "11-29" for each year.'


def check_time(table: TableSchema, column: ColumnSchema, where: str) -> Iterator[Problem]:
    """Yield the problems of a column's seasonality, spikes and fixed interval."""
    for name in ("seasonality", "spikes"):
        if getattr(column, name) is None:
            continue
        for rule in sources_of(column):
            yield Problem(where, f"{name} cannot be combined with {rule.name}.", "Keep one of them.")
        for key in ("groups", "rising_within"):
            if getattr(column, key) is not None:
                yield Problem(where, f"{name} cannot be combined with {key}.", "Keep one of them.")
        if _is_in_key(table, column):
            yield Problem(where, f"{name} cannot shape a column of a composite key.", f"Remove {name}.")
    if column.seasonality is not None:
        yield from _check_season(column, column.seasonality, where)
    for spike in column.spikes or ():
        yield from _check_spike(column, spike, where)
    if column.every is not None:
        yield from _check_every(table, column, where)


def _check_season(column: ColumnSchema, season: Seasonality, where: str) -> Iterator[Problem]:
    if all(getattr(season, part) is None for part in (*PARTS, "holidays")):
        yield Problem(where, "seasonality is empty.", f"Give it one of {', '.join(PARTS)} and holidays.")
    for part, (first, last) in PARTS.items():
        given, what = getattr(season, part), f"seasonality: {part}"
        if given is None:
            continue
        own = f"{part}_weights"
        if part in ("weekday", "hour") and getattr(column, own) is not None:
            yield Problem(where, f"{what} and {own} both weigh the {part}s.", "Keep one of them.")
        if part == "hour" and column.type.kind is Kind.DATE:
            yield Problem(where, f"{what} does not apply to a DATE.", "Remove it, or use a TIMESTAMP.")
        if isinstance(given, list) and len(given) != last - first + 1:
            message = f"{what} has {len(given)} weights, and {last - first + 1} are needed."
            yield Problem(where, message, 'Or weigh some of them: {"' + str(last) + '": 2}.')
            continue
        if isinstance(given, dict):
            known = set(map(str, range(first, last + 1)))
            for name in given:
                if name not in known:
                    yield Problem(where, f'{what} has "{name}".', f"Use the numbers {first} to {last}.")
        weights = season.factors(part) or ()
        if any(not math.isfinite(weight) for weight in weights):
            yield Problem(where, f"{what} has an infinite number.", "Weights are finite.")
        elif sum(weights) <= 0:
            yield Problem(where, f"{what}: all weights are 0.", "At least one must be above 0.")


def _check_spike(column: ColumnSchema, spike: Spike, where: str) -> Iterator[Problem]:
    days = [parse_day(text) for text in (spike.on, spike.to or spike.on)]
    for text, day in zip((spike.on, spike.to or spike.on), days, strict=True):
        if day is None:
            yield Problem(where, f'spikes: "{text}" is not a day.', _DAY_HINT)
            return
    first, last = days
    assert first is not None and last is not None
    if (first[0] is None) != (last[0] is None):
        message = f'spikes: "{spike.on}" to "{spike.to}": one of them has a year, and the other none.'
        yield Problem(where, message, "Give both a year, or neither.")
    elif first[0] is not None and last < first:
        yield Problem(where, f'spikes: "{spike.to}" is before "{spike.on}".', "Swap them.")
    if spike.hours is not None and column.type.kind is Kind.DATE:
        yield Problem(where, "spikes: hours do not apply to a DATE.", "Remove hours, or use a TIMESTAMP.")
    if spike.hours is not None and spike.hours[0] > spike.hours[1]:
        message = f"spikes: the hours {spike.hours} end before they start."
        yield Problem(where, message, "Write two spikes for hours that pass midnight.")


def _check_every(table: TableSchema, column: ColumnSchema, where: str) -> Iterator[Problem]:
    every = column.every
    assert every is not None
    for key in _BOUNDS:
        if getattr(column, key) is not None:
            yield Problem(where, f"{key} cannot be combined with every.", f"Remove {key}.")
    for rule in shapes_of(column):
        yield Problem(where, f"every cannot be combined with {rule.name}.", "Keep one of them.")
    seconds = parse_interval(every.interval)
    if seconds is None:
        hint = f'Write a number and one of {", ".join(UNITS)}: "15 minutes".'
        yield Problem(where, f'every: interval "{every.interval}" is not an interval.', hint)
    elif column.type.kind is Kind.DATE and seconds % _DAY:
        message = f"every: a DATE has whole days, and the interval is {every.interval}."
        yield Problem(where, message, "Use days or weeks, or a TIMESTAMP.")
    names = [one.name for one in table.columns]
    keys = [one.name for one in table.columns if one.foreign_key is not None]
    keys += [name for key in table.foreign_keys for name in key.columns]
    folded = every.within.casefold()
    if folded not in map(str.casefold, names):
        hint = did_you_mean(every.within, names) or f"The columns are: {', '.join(names[:20])}."
        yield Problem(where, f'every: within names "{every.within}", which {table.key} does not have.', hint)
    elif folded not in map(str.casefold, keys):
        hint = f"Name one of {', '.join(keys)}." if keys else "Name a foreign key column."
        yield Problem(where, f'every: within names "{every.within}", which is not a foreign key.', hint)
    else:
        for group in table.composite_keys:
            own = [name.casefold() for name in group]
            if column.name.casefold() in own and folded not in own:
                message = f"The key ({', '.join(group)}) has a fixed interval within {every.within}, and not that."
                yield Problem(where, message, f"Add {every.within} to the key.")
    yield from _check_start(column, every.start, folded, where)


def _check_start(column: ColumnSchema, start: str, within: str, where: str) -> Iterator[Problem]:
    moment, (key, _, rest) = parse_moment(start), start.partition(".")
    if moment is not None:
        if column.type.kind is Kind.DATE and moment != datetime.combine(moment, time()):
            yield Problem(where, f"every: start {start} has a time of day, and the type is DATE.", "Write a date.")
    elif not rest or key.casefold() != within:
        message = f'every: start is "{start}", and neither a date nor a column of the parent.'
        yield Problem(where, message, 'Write "start": "foreign_key_column.parent_column", or "2024-01-01".')


def _is_in_key(table: TableSchema, column: ColumnSchema) -> bool:
    folded = column.name.casefold()
    return any(folded in map(str.casefold, group) for group in table.composite_keys)
