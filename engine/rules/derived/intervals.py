"""Intervals of months, days and microseconds: adding them to timestamps, and differences of timestamps."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import polars as pl

from engine.rules.derived.context import Context
from engine.rules.derived.exact import add, multiply, negate
from engine.rules.derived.values import Interval, Value, exact, make_whole, whole
from engine.schema.types import TIMESTAMPS, Kind

MICROS = {
    "microsecond": 1,
    "millisecond": 1_000,
    "second": 1_000_000,
    "minute": 60_000_000,
    "hour": 3_600_000_000,
}
DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}
_ABBREVIATIONS = {
    **dict.fromkeys(("us", "usec", "usecs", "microsecs"), "microsecond"),
    **dict.fromkeys(("ms", "msec", "msecs", "millisecs"), "millisecond"),
    **dict.fromkeys(("s", "sec", "secs"), "second"),
    **dict.fromkeys(("m", "mi", "min", "mins", "n"), "minute"),
    **dict.fromkeys(("h", "hr", "hrs", "hh"), "hour"),
    **dict.fromkeys(("d", "dd"), "day"),
    **dict.fromkeys(("w", "wk", "ww", "weekofyear", "week_iso"), "week"),
    **dict.fromkeys(("mm", "mon", "mons"), "month"),
    **dict.fromkeys(("q", "qtr", "qtrs"), "quarter"),
    **dict.fromkeys(("y", "yy", "yyyy", "yr", "yrs"), "year"),
    "centuries": "century",
}
DAY_MICROS = 86_400_000_000
_MONTH_DAYS = 30
_LAST_YEAR = 9999
_PART = re.compile(r"\s*([+-]?\d+)\s*([A-Za-z_]+)\s*,?")
_TOO_FAR = f"leaves the years 1 to {_LAST_YEAR} in some rows."


def find_unit(name: str) -> str:
    """Return the unit by any of its names, such as "day" for DAYS, D; an unknown name is returned in lower case."""
    folded = name.casefold()
    folded = _ABBREVIATIONS.get(folded, folded)
    single = folded.removesuffix("s")
    return single if single in (*MICROS, *DAYS, *MONTHS) else folded


def make_interval(ctx: Context, count: Value, unit: str) -> Interval:
    """Return an interval of `count` units; raises `RuleError` for an unknown unit."""
    named = find_unit(unit)
    if not count.is_whole:
        raise ctx.error(f"{ctx.sql}: an interval needs a whole number of {named}s", "Use a smaller unit.")
    if named in MICROS:
        return Interval(micros=multiply(ctx, count, whole(MICROS[named])))
    if named in DAYS:
        return Interval(days=multiply(ctx, count, whole(DAYS[named])))
    if named in MONTHS:
        return Interval(months=multiply(ctx, count, whole(MONTHS[named])))
    raise ctx.error(f'There is no unit "{unit.casefold()}"', f"Units are {', '.join((*MICROS, *DAYS, *MONTHS))}.")


def parse_interval(ctx: Context, text: str) -> Interval:
    """Return the interval written as '1 month 2 days'."""
    result, end = Interval(), 0
    while end < len(text.rstrip()):
        match = _PART.match(text, end)
        if match is None:
            raise ctx.error(f"'{text}' is not an interval", "Write whole numbers and units, such as '1 month 2 days'.")
        result = add_intervals(ctx, result, make_interval(ctx, whole(int(match[1])), match[2]))
        end = match.end()
    return result


def add_intervals(ctx: Context, left: Interval, right: Interval) -> Interval:
    """Return the sum of two intervals."""
    pairs = ((left.months, right.months), (left.days, right.days), (left.micros, right.micros))
    months, days, micros = (a if b is None else b if a is None else add(ctx, a, b) for a, b in pairs)
    return Interval(months, days, micros)


def negate_interval(span: Interval) -> Interval:
    """Return the negated interval."""
    months, days, micros = (None if part is None else negate(part) for part in (span.months, span.days, span.micros))
    return Interval(months, days, micros)


def multiply_interval(ctx: Context, span: Interval, count: Value) -> Interval:
    """Return the interval multiplied by `count`."""
    if not count.is_whole:
        raise ctx.error(f"{ctx.sql}: an interval can only be multiplied by a whole number")
    parts = (span.months, span.days, span.micros)
    months, days, micros = (None if part is None else multiply(ctx, part, count) for part in parts)
    return Interval(months, days, micros)


def shift(ctx: Context, timestamp: Value, span: Interval) -> Value:
    """Return timestamp + interval; a date becomes a timestamp, a time wraps at midnight."""
    if timestamp.kind is Kind.TIME:
        return _shift_time(ctx, timestamp, span)
    kind = timestamp.kind if timestamp.kind in TIMESTAMPS else Kind.TIMESTAMP
    expr = to_micros(timestamp)
    if span.months is not None:
        expr = _shift_months(ctx, timestamp, span.months)
    if span.days is not None:
        expr = expr + _to_small(ctx, span.days) * DAY_MICROS
    if span.micros is not None:
        expr = expr + _to_small(ctx, span.micros)
    return from_micros(ctx, expr, kind)


def shift_days(ctx: Context, day: Value, count: Value, *, sign: int = 1) -> Value:
    """Return date + count days, a date."""
    if not count.is_whole:
        raise ctx.error(f"{ctx.sql}: only whole days can be added to a date", "ROUND it or add an INTERVAL.")
    days = day.expr.cast(pl.Int32).cast(pl.Int64)
    return from_days(ctx, days + _to_small(ctx, count) if sign > 0 else days - _to_small(ctx, count))


def from_days(ctx: Context, days: pl.Expr) -> Value:
    """Return dates from days since 1970; a date outside the years 1 to 9999 fails the run."""
    days = ctx.stage(days)
    low, high = _epoch_day(date(1, 1, 1)), _epoch_day(date(_LAST_YEAR, 12, 31))
    return Value(ctx.require(days.is_between(low, high), days, _TOO_FAR).cast(pl.Int32).cast(pl.Date), Kind.DATE)


def from_micros(ctx: Context, micros: pl.Expr, kind: Kind) -> Value:
    """Return timestamps from microseconds since 1970; one outside the years 1 to 9999 fails the run."""
    micros = ctx.stage(micros)
    low, high = _epoch_day(date(1, 1, 1)), _epoch_day(date(_LAST_YEAR, 12, 31)) + 1
    is_inside = (micros >= low * DAY_MICROS) & (micros < high * DAY_MICROS)
    timestamps = ctx.require(is_inside, micros, _TOO_FAR).cast(pl.Datetime("us"))
    return Value(timestamps.dt.replace_time_zone("UTC") if kind is Kind.TIMESTAMPTZ else timestamps, kind)


def to_micros(timestamp: Value) -> pl.Expr:
    """Return a date, timestamp or time as Int64: microseconds since 1970, or since midnight."""
    if timestamp.kind is Kind.DATE:
        return timestamp.expr.cast(pl.Int32).cast(pl.Int64) * DAY_MICROS
    return timestamp.expr.cast(pl.Int64) // 1000 if timestamp.kind is Kind.TIME else timestamp.expr.cast(pl.Int64)


def to_days(timestamp: Value) -> pl.Expr:
    """Return the day of a date or timestamp as Int64, days since 1970."""
    if timestamp.kind is Kind.DATE:
        return timestamp.expr.cast(pl.Int32).cast(pl.Int64)
    return timestamp.expr.cast(pl.Int64) // DAY_MICROS


def subtract_timestamps(ctx: Context, left: Value, right: Value) -> Interval:
    """Return left - right of two timestamps as days and microseconds of the same sign."""
    span = ctx.stage(to_micros(left) - to_micros(right))
    days = ctx.stage(pl.when(span < 0).then(-(-span // DAY_MICROS)).otherwise(span // DAY_MICROS))
    limit = (_LAST_YEAR + 1) * 366
    return Interval(
        days=make_whole(days, -limit, limit), micros=make_whole(span - days * DAY_MICROS, -DAY_MICROS, DAY_MICROS)
    )


def length_in_micros(ctx: Context, span: Interval) -> Value:
    """Return the interval in microseconds, a month being 30 days."""
    total = whole(0) if span.micros is None else span.micros
    for part, days in ((span.days, 1), (span.months, _MONTH_DAYS)):
        if part is not None:
            total = add(ctx, total, multiply(ctx, part, whole(days * DAY_MICROS)))
    return total


def month_index(timestamp: Value) -> pl.Expr:
    """Return year * 12 + month - 1 as Int64."""
    return timestamp.expr.dt.year().cast(pl.Int64) * 12 + timestamp.expr.dt.month().cast(pl.Int64) - 1


def month_start(index: pl.Expr) -> pl.Expr:
    """Return the first day of a month (Int64, days since 1970) by its index, within the years 1 to 9999."""
    return pl.lit(_month_starts()).gather(index.clip(12, (_LAST_YEAR + 1) * 12).cast(pl.UInt32)).cast(pl.Int64)


def _shift_months(ctx: Context, timestamp: Value, months: Value) -> pl.Expr:
    """Return timestamp + months in microseconds since 1970, moved to the last day of a shorter month."""
    index = ctx.stage(month_index(timestamp) + _to_small(ctx, months))
    last = (_LAST_YEAR + 1) * 12
    index = ctx.stage(ctx.require((index >= 12) & (index < last), index, _TOO_FAR))
    start = ctx.stage(month_start(index))
    day = pl.min_horizontal(timestamp.expr.dt.day().cast(pl.Int64), month_start(index + 1) - start)
    day = pl.when(index.is_not_null()).then(day)
    return (start + day - 1) * DAY_MICROS + (to_micros(timestamp) - to_days(timestamp) * DAY_MICROS)


def _shift_time(ctx: Context, timestamp: Value, span: Interval) -> Value:
    if span.months is not None or span.days is not None or span.micros is None:
        raise ctx.error(f"{ctx.sql}: only hours and smaller units can be added to a time")
    ticks = (to_micros(timestamp) + _to_small(ctx, span.micros)) % DAY_MICROS
    return Value((ticks * 1000).cast(pl.Time), Kind.TIME)


def _to_small(ctx: Context, count: Value) -> pl.Expr:
    """Return a whole number as Int64, small enough that one more addition cannot overflow."""
    limit = 2**62
    if count.bits == 64 and -limit <= count.low and count.high <= limit:
        return count.expr
    number = ctx.stage(count.expr)
    is_small = (number > -limit) & (number < limit)
    return ctx.require(is_small, number.cast(pl.Int64, strict=False), _TOO_FAR)


@cache
def _month_starts() -> pl.Series:
    """Return the first day of each month from January of year 0 (which is unused) to January of year 10000."""
    months = [_epoch_day(date(year, month, 1)) for year in range(1, _LAST_YEAR + 1) for month in range(1, 13)]
    return pl.Series([0] * 12 + [*months, months[-1] + 31], dtype=pl.Int32)


def _epoch_day(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def count_boundaries(ctx: Context, unit: str, first: Value, last: Value) -> Value:
    """Return the number of unit boundaries between two timestamps, as DATEDIFF counts; weeks begin on Monday."""
    named = find_unit(unit)
    limit = 2**62
    if named in MICROS:
        ticks = MICROS[named]
        expr = to_micros(last) // ticks - to_micros(first) // ticks
    elif named == "day":
        expr = to_days(last) - to_days(first)
    elif named == "week":
        expr = (to_days(last) + 3) // 7 - (to_days(first) + 3) // 7
    elif named in MONTHS:
        size = MONTHS[named]
        expr = month_index(last) // size - month_index(first) // size
    else:
        raise ctx.error(f'There is no unit "{unit.casefold()}"', f"Units are {', '.join((*MICROS, *DAYS, *MONTHS))}.")
    return exact(expr, 0, -limit, limit, 64)
