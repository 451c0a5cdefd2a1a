"""Dates, timestamps and times in ranges (bounds inclusive).

Without bounds they are in the five years from 2020 to 2024: no default depends on the day of the run. Timestamps are
whole seconds, unless a bound has a fraction of a second.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from engine.rules.domain import Domain
from engine.rules.random.bits import below
from engine.rules.site import Site
from engine.schema.models import ColumnSchema
from engine.schema.types import Kind, WarehouseType

FIRST_DAY = date(2020, 1, 1)
LAST_DAY = date(2024, 12, 31)
_EPOCH = datetime(1970, 1, 1)
_SECOND = 1_000_000


def make_moment(site: Site) -> pl.Expr:
    """Return dates, timestamps or times spread evenly over the column's bounds."""
    low, high, step = moment_bounds(site.column)
    return from_ticks(below(site.bits(), (high - low) // step + 1), low, step, site.type)


def from_ticks(index: pl.Expr, low: int, step: int, kind: WarehouseType) -> pl.Expr:
    """Return low + index * step as a date (in days) or as a timestamp or time (in microseconds)."""
    ticks = index.cast(pl.Int64)
    if step != 1:
        ticks = ticks * step
    if low != 0:
        ticks = ticks + low
    if kind.kind is Kind.DATE:
        return ticks.cast(pl.Int32).cast(pl.Date)
    if kind.kind is Kind.TIME:
        return (ticks * 1000).cast(pl.Time)
    timestamp = ticks.cast(pl.Datetime("us"))
    return timestamp.dt.replace_time_zone("UTC") if kind.kind is Kind.TIMESTAMPTZ else timestamp


def moment_bounds(column: ColumnSchema, *, finest: bool = False) -> tuple[int, int, int]:
    """Return the first and last tick and the step between ticks: days, or microseconds.

    `finest` selects steps of a microsecond, for columns that need many distinct values.
    """
    match column.type.kind:
        case Kind.DATE:
            first, last = _timestamp_bounds(column)
            return (first.date() - _EPOCH.date()).days, (last.date() - _EPOCH.date()).days, 1
        case Kind.TIME:
            low = _time_to_ticks(column.time_start or time(0, 0))
            high = _time_to_ticks(column.time_end or time(23, 59, 59))
        case _:
            first, last = _timestamp_bounds(column)
            low, high = moment_ticks(first), moment_ticks(last)
    is_whole = low % _SECOND == 0 and high % _SECOND == 0
    return low, high, _SECOND if is_whole and not finest else 1


def _timestamp_bounds(column: ColumnSchema) -> tuple[datetime, datetime]:
    first = column.timestamp_start or _midnight(column.date_start)
    last = column.timestamp_end or _day_end(column.date_end)
    if first is None:
        span_start = datetime.combine(FIRST_DAY, time())
        first = span_start if last is None or _to_naive(last) >= span_start else _to_naive(last) - timedelta(days=1826)
    if last is None:
        span_end = datetime.combine(LAST_DAY, time(23, 59, 59))
        last = span_end if _to_naive(first) <= span_end else _to_naive(first) + timedelta(days=1826)
    return _to_naive(first), _to_naive(last)


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time())


def _day_end(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(23, 59, 59))


def _to_naive(timestamp: datetime) -> datetime:
    return timestamp if timestamp.tzinfo is None else timestamp.astimezone(UTC).replace(tzinfo=None)


def moment_ticks(timestamp: datetime) -> int:
    """Return a timestamp, taken as UTC, in microseconds since 1970."""
    return (timestamp - _EPOCH) // timedelta(microseconds=1)


def _time_to_ticks(timestamp: time) -> int:
    return ((timestamp.hour * 60 + timestamp.minute) * 60 + timestamp.second) * _SECOND + timestamp.microsecond


def moment_domain(site: Site) -> Domain:
    """Return every date, timestamp or time between the column's bounds."""
    low, high, step = moment_bounds(site.column, finest=True)
    return Domain((high - low) // step + 1, lambda index: from_ticks(index, low, step, site.type))
