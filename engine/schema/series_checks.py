"""Checks of series: what they name exists, and times, steps and waves are of one kind."""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import Problem, did_you_mean
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.time_rules import UNITS, Series, parse_interval, parse_moment

_INTERVAL_HINT = f'Write a number and one of {", ".join(UNITS)}: "1 hour".'


def check_series(table: TableSchema, column: ColumnSchema, where: str) -> Iterator[Problem]:
    """Yield the problems of a column's series."""
    series = column.series
    if series is None:
        return
    if column.default_value is not None:
        yield Problem(where, "default_value cannot be combined with series.", "Remove default_value.")
    if any(column.name.casefold() in map(str.casefold, group) for group in table.composite_keys):
        yield Problem(where, "A composite key cannot hold a series.", "Remove it from composite_keys.")
    parts = (series.level, series.trend, series.waves, series.walk, series.ar, series.noise)
    if not any(parts):
        yield Problem(where, "series is empty.", "Give it one of level, trend, waves, walk, ar and noise.")
    keys = [one.name for one in table.columns if one.foreign_key is not None]
    keys += [name for key in table.foreign_keys for name in key.columns]
    names = [one.name for one in table.columns]
    for what, name, allowed in (("within", series.within, keys), ("time", series.time, names)):
        if name is None or name.casefold() in map(str.casefold, allowed):
            continue
        if name.casefold() in map(str.casefold, names):
            yield Problem(where, f'series: within names "{name}", which is not a foreign key.', "Name a foreign key.")
        else:
            hint = did_you_mean(name, names) or f"The columns are: {', '.join(names[:20])}."
            yield Problem(where, f'series: {what} names "{name}", which {table.key} does not have.', hint)
    yield from _check_times(series, where)
    yield from _check_waves(series, where)
    paths = [] if isinstance(series.level, float) else [("level", series.level)]
    if series.start is not None and parse_moment(series.start) is None:
        paths.append(("start", series.start))
    for what, path in paths:
        key, _, rest = path.partition(".")
        if not rest or key.casefold() != series.within.casefold():
            message = f'series: {what} is "{path}", and not a column of the parent.'
            yield Problem(where, message, f'Write "{what}": "{series.within}.parent_column".')


def _check_times(series: Series, where: str) -> Iterator[Problem]:
    if series.time is None:
        for name in ("step", "start"):
            if getattr(series, name) is not None:
                yield Problem(where, f"series: {name} can only be used with time.", 'Add "time", a column of dates.')
    elif series.step is None:
        yield Problem(where, "series: time needs a step.", 'Add "step": "1 hour".')
    elif parse_interval(series.step) is None:
        yield Problem(where, f'series: step "{series.step}" is not an interval.', _INTERVAL_HINT)


def _check_waves(series: Series, where: str) -> Iterator[Problem]:
    for wave in series.waves:
        if (wave.amplitude is None) == (wave.values is None):
            yield Problem(where, "series: a wave has either an amplitude or values.", "Keep one of them.")
        if series.time is None and not isinstance(wave.period, int):
            message = f'series: the period "{wave.period}" needs a time.'
            yield Problem(where, message, 'Add "time", a column of dates, or give a number of rows.')
        elif series.time is not None and isinstance(wave.period, int):
            message = f"series: the period {wave.period} is a number of rows, and there is a time."
            yield Problem(where, message, _INTERVAL_HINT)
        elif isinstance(wave.period, str) and parse_interval(wave.period) is None:
            yield Problem(where, f'series: the period "{wave.period}" is not an interval.', _INTERVAL_HINT)
