"""Sequences of a column as whole numbers: the first value, the step, and the values that the column can hold.

The unit is that of the type: the last decimal place, days of dates, microseconds of timestamps and times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any

from engine.errors import Problem
from engine.schema.models import ColumnSchema
from engine.schema.types import TIMESTAMPS, Kind
from engine.schema.values import parse_value

_KINDS = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.TIME}) | TIMESTAMPS
_SECOND = 10**6
_DAY = 86_400 * _SECOND
_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Steps:
    """The first value and the step, and the smallest and the largest value that the column can hold."""

    first: int
    step: int
    low: int
    high: int

    @property
    def size(self) -> int:
        """How many values fit."""
        if not self.low <= self.first <= self.high:
            return 0
        room = self.high - self.first if self.step > 0 else self.first - self.low
        return room // abs(self.step) + 1


def steps_of(column: ColumnSchema) -> Steps:
    """Return the sequence of a column that has one without problems."""
    assert column.sequence is not None
    first = to_units(parse_value(column.sequence.start, column.type), column)
    low, high = _limits(column)
    return Steps(first, int(Fraction(column.sequence.step) * _units_per_step(column)), low, high)


def to_units(value: Any, column: ColumnSchema) -> int:
    """Return a number, date, timestamp or time in the unit of the column's type."""
    match value:
        case datetime():
            naive = value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
            return (naive - _EPOCH) // _MICROSECOND
        case date():
            return (value - _EPOCH.date()).days
        case time():
            return (datetime.combine(_EPOCH, value) - _EPOCH) // _MICROSECOND
        case _:
            return int(Fraction(value) * 10**column.type.scale)


def check_sequence(column: ColumnSchema, where: str) -> Iterator[Problem]:
    """Yield the problems of a column's sequence."""
    sequence = column.sequence
    if sequence is None or column.type.kind not in _KINDS:
        return
    try:
        parse_value(sequence.start, column.type)
    except ValueError as error:
        yield Problem(where, f"The start {sequence.start!r} {error}", f"Fix it, or the type {column.type}.")
    if not sequence.step.is_finite() or sequence.step == 0:
        yield Problem(where, "The step of a sequence must be a number other than 0.", "Write 1, or -1 to count down.")
    elif (Fraction(sequence.step) * _units_per_step(column)).denominator != 1:
        unit = {Kind.DATE: "a whole number of days"}.get(column.type.kind, f"a step of {column.type}")
        yield Problem(where, f"The step {sequence.step} is not {unit}.", "Round it, or choose another type.")


def _units_per_step(column: ColumnSchema) -> int:
    match column.type.kind:
        case Kind.DATE:
            return 1
        case Kind.INTEGER | Kind.DECIMAL:
            return int(10**column.type.scale)
        case _:
            return _SECOND


def _limits(column: ColumnSchema) -> tuple[int, int]:
    """Return the smallest and the largest value of the type within the column's bounds."""
    match column.type.kind:
        case Kind.INTEGER | Kind.DECIMAL:
            low, high = column.type.integer_bounds
            unit = 10**column.type.scale
            lows = [low] if column.min_value is None else [low, ceil(Fraction(column.min_value) * unit)]
            highs = [high] if column.max_value is None else [high, floor(Fraction(column.max_value) * unit)]
        case Kind.TIME:
            lows = [to_units(moment, column) for moment in (time.min, column.time_start) if moment is not None]
            highs = [to_units(moment, column) for moment in (time.max, column.time_end) if moment is not None]
        case kind:
            size = _DAY if kind is Kind.DATE else 1
            firsts = [datetime.min, column.timestamp_start, _at_midnight(column.date_start)]
            lasts = [datetime.max, column.timestamp_end, _at_midnight(column.date_end)]
            lows = [-(-to_units(moment, column) // size) for moment in firsts if moment is not None]
            highs = [to_units(moment, column) // size for moment in lasts[:2] if moment is not None]
            highs += [(to_units(moment, column) + _DAY - 1) // size for moment in lasts[2:] if moment is not None]
    return max(lows), min(highs)


def _at_midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time())
