"""Functions of dates and timestamps. Weeks begin on Monday, numbered by ISO 8601; Sunday is day 0."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

import polars as pl

from engine.rules.derived import intervals
from engine.rules.derived.calls import Call, Function, function
from engine.rules.derived.context import Context
from engine.rules.derived.conversion import cast
from engine.rules.derived.intervals import DAYS, MICROS, MONTHS, count_boundaries, find_unit, make_interval, shift
from engine.rules.derived.number_functions import NUMERIC_FUNCTIONS
from engine.rules.derived.to_char import strftime
from engine.rules.derived.values import NULL, Interval, Operand, Value, make_whole, timestamp_literal
from engine.schema.types import TIMESTAMPS, Kind, WarehouseType

_TRUNCATED = {
    "microsecond": "1us", "millisecond": "1ms", "second": "1s", "minute": "1m", "hour": "1h",
    "day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y", "decade": "10y", "century": "100y",
}  # fmt: skip
_SECONDS_PARTS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "second": lambda timestamp: timestamp.dt.second(),
    "millisecond": lambda timestamp: timestamp.dt.second().cast(pl.Int64) * 1000 + timestamp.dt.microsecond() // 1000,
    "microsecond": lambda timestamp: timestamp.dt.second().cast(pl.Int64) * 1_000_000 + timestamp.dt.microsecond(),
    "minute": lambda timestamp: timestamp.dt.minute(),
    "hour": lambda timestamp: timestamp.dt.hour(),
}
_DAY_PARTS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "day": lambda timestamp: timestamp.dt.day(),
    "dayofmonth": lambda timestamp: timestamp.dt.day(),
    "week": lambda timestamp: timestamp.dt.week(),
    "month": lambda timestamp: timestamp.dt.month(),
    "quarter": lambda timestamp: timestamp.dt.quarter(),
    "year": lambda timestamp: timestamp.dt.year(),
    "isoyear": lambda timestamp: timestamp.dt.iso_year(),
    "yearofweekiso": lambda timestamp: timestamp.dt.iso_year(),
    **dict.fromkeys(("dow", "dayofweek", "weekday", "dw"), lambda timestamp: timestamp.dt.weekday() % 7),
    **dict.fromkeys(("isodow", "dayofweekiso", "dayofweek_iso"), lambda timestamp: timestamp.dt.weekday()),
    **dict.fromkeys(("doy", "dayofyear", "yearday"), lambda timestamp: timestamp.dt.ordinal_day()),
}
_EPOCHS = {"epoch_second": (1, 1_000_000), "epoch_millisecond": (1, 1000), "epoch_microsecond": (1, 1),
           "epoch_nanosecond": (1000, 1)}  # fmt: skip
_PART_NAMES = {
    **{f"{name}s": name for name in _EPOCHS},
    **dict.fromkeys(("weekiso", "weekofyeariso"), "week"),
    "yearofweek": "isoyear",
}
_MAX_PART = 2**31
_FARTHEST = 2**62
_MONDAY_NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTH_NAMES = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip
_LAST_DAY_UNITS = ("month", "quarter", "year")
_DATE = WarehouseType("DATE", Kind.DATE)
_TIME = WarehouseType("TIME", Kind.TIME)
_TIMESTAMP = WarehouseType("TIMESTAMP", Kind.TIMESTAMP)


def extract(ctx: Context, part: str, operand: Operand) -> Value:
    """Return EXTRACT(part FROM operand)."""
    folded = _PART_NAMES.get(find_unit(part), find_unit(part))
    if folded == "epoch":
        return _epoch(ctx, operand)
    if folded in _EPOCHS:
        return _whole_epoch(ctx, operand, *_EPOCHS[folded])
    if isinstance(operand, Interval):
        raise ctx.error(f"{ctx.sql}: only EPOCH can be extracted from an interval", "Use DATEDIFF for other units.")
    if operand.kind is None:
        return NULL
    if folded in _SECONDS_PARTS and operand.kind is Kind.DATE:
        return make_whole(operand.expr.cast(pl.Int32) * 0, 0, 0)
    if folded in _SECONDS_PARTS and (operand.kind is Kind.TIME or operand.kind in TIMESTAMPS):
        timestamp = operand.expr
        if operand.kind is Kind.TIME:
            timestamp = intervals.to_micros(operand).cast(pl.Datetime("us"))
        return make_whole(_SECONDS_PARTS[folded](timestamp), 0, _MAX_PART)
    if folded in _DAY_PARTS and operand.is_date_or_timestamp:
        return make_whole(_DAY_PARTS[folded](operand.expr), 0, _MAX_PART)
    if folded in _SECONDS_PARTS or folded in _DAY_PARTS:
        raise ctx.error(f"{ctx.sql}: a {operand.name} has no {folded}")
    raise ctx.error(
        f'There is no part "{part.casefold()}"', f"Parts are {', '.join((*_SECONDS_PARTS, *_DAY_PARTS, 'epoch'))}."
    )


def truncate(ctx: Context, unit: str, timestamp: Value) -> Value:
    """Return the start of the unit that contains the timestamp, as a timestamp."""
    named = find_unit(unit)
    if named not in _TRUNCATED:
        raise ctx.error(f'There is no unit "{unit}"', f"Units are {', '.join(_TRUNCATED)}.")
    if timestamp.kind is None:
        return NULL
    if named in MONTHS:
        size = MONTHS[named]
        start = intervals.month_start(intervals.month_index(timestamp) // size * size)
        return intervals.from_micros(ctx, start * intervals.DAY_MICROS, _timestamp_kind(timestamp))
    if named == "week":
        days = intervals.to_days(timestamp)
        return intervals.from_micros(ctx, (days - (days + 3) % 7) * intervals.DAY_MICROS, _timestamp_kind(timestamp))
    ticks = intervals.DAY_MICROS if named == "day" else MICROS[named]
    return intervals.from_micros(ctx, intervals.to_micros(timestamp) // ticks * ticks, _timestamp_kind(timestamp))


def _timestamp_kind(timestamp: Value) -> Kind:
    return timestamp.kind if timestamp.kind in TIMESTAMPS else Kind.TIMESTAMP


def _epoch(ctx: Context, operand: Operand) -> Value:
    """Return seconds since 1970, or the seconds of an interval, as a double."""
    if isinstance(operand, Interval):
        micros = intervals.length_in_micros(ctx, operand).expr
    elif operand.is_date_or_timestamp or operand.kind is Kind.TIME:
        micros = intervals.to_micros(operand)
    else:
        raise ctx.error(f"{ctx.sql}: a {operand.name} has no epoch")
    return Value(ctx.divide(micros.cast(pl.Float64), pl.lit(1e6)), Kind.FLOAT)


def _whole_epoch(ctx: Context, operand: Operand, factor: int, ticks: int) -> Value:
    """Return the whole seconds or smaller units since 1970 of a date or timestamp."""
    if not isinstance(operand, Interval) and operand.kind is None:
        return NULL
    if isinstance(operand, Interval) or not (operand.is_date_or_timestamp or operand.kind is Kind.TIME):
        raise ctx.error(f"{ctx.sql}: a {operand.name} has no epoch")
    expr = intervals.to_micros(operand)
    return make_whole(expr * factor if factor != 1 else expr // ticks, -_FARTHEST, _FARTHEST)


def _add_units(call: Call, unit: str, count: Value, timestamp: Value) -> Value:
    """Return timestamp + count units; a date stays a date unless the unit is smaller than a day."""
    result = shift(call.ctx, timestamp, make_interval(call.ctx, count, unit))
    if timestamp.kind is Kind.DATE and find_unit(unit) in (*DAYS, *MONTHS):
        return cast(call.ctx, result, _DATE)
    return result


@function(2, 3)
def _date_add(call: Call) -> Operand:
    """DATEADD(unit, count, timestamp), or DuckDB's DATE_ADD(timestamp, interval)."""
    if len(call) == 3:
        timestamp = _moment(call, 2)
        return NULL if timestamp.kind is None else _add_units(call, call.word(0), call.whole(1), timestamp)
    timestamp, span = call.timestamp(0), call.operand(1)
    if not isinstance(span, Interval):
        raise call.error("needs a unit, a number and a date", "DATEADD(day, 3, order_date).")
    return NULL if timestamp.kind is None else shift(call.ctx, timestamp, span)


@function(2)
def _add_months(call: Call) -> Operand:
    timestamp = call.timestamp(0)
    return NULL if timestamp.kind is None else _add_units(call, "month", call.whole(1), timestamp)


@function(3)
def _date_difference(call: Call) -> Operand:
    first, last = _moment(call, 1), _moment(call, 2)
    if first.kind is None or last.kind is None:
        return NULL
    has_time = Kind.TIME in (first.kind, last.kind)
    if has_time and (first.kind is not last.kind or find_unit(call.word(0)) not in MICROS):
        raise call.error("two times have a difference in hours and smaller units only")
    return count_boundaries(call.ctx, call.word(0), first, last)


@function(2)
def _date_truncate(call: Call) -> Operand:
    return truncate(call.ctx, call.word(0), call.timestamp(1))


@function(2)
def _date_part(call: Call) -> Operand:
    operand = call.operand(1)
    return extract(call.ctx, call.word(0), operand if isinstance(operand, Interval) else _moment(call, 1))


def _part(name: str) -> Function:
    return Function(lambda call: extract(call.ctx, name, _moment(call, 0)), 1, 1)


def _moment(call: Call, index: int) -> Value:
    """Return an argument that is a date, a timestamp or a time; a text literal is parsed as one of the first two."""
    value = call.value(index)
    return value if value.kind is Kind.TIME or value.kind is None else call.timestamp(index)


@function(1, 2)
def _last_day(call: Call) -> Operand:
    timestamp = call.timestamp(0)
    if timestamp.kind is None:
        return NULL
    unit = find_unit(call.word(1)) if len(call) > 1 else "month"
    if unit == "week":
        days = intervals.to_days(timestamp)
        return intervals.from_days(call.ctx, days - (days + 3) % 7 + 6)
    if unit not in _LAST_DAY_UNITS:
        raise call.error(f'there is no last day of a "{unit}"', f"Units are week, {', '.join(_LAST_DAY_UNITS)}.")
    size = MONTHS[unit]
    following = intervals.month_index(timestamp) // size * size + size
    return intervals.from_days(call.ctx, intervals.month_start(following) - 1)


@function(1)
def _day_name(call: Call) -> Operand:
    return _pick_name(call, _MONDAY_NAMES, lambda timestamp: timestamp.dt.weekday())


@function(1)
def _month_name(call: Call) -> Operand:
    return _pick_name(call, _MONTH_NAMES, lambda timestamp: timestamp.dt.month())


def _pick_name(call: Call, names: list[str], number: Callable[[pl.Expr], pl.Expr]) -> Operand:
    timestamp = call.timestamp(0)
    if timestamp.kind is None:
        return NULL
    index = number(timestamp.expr).cast(pl.UInt32) - 1
    return Value(pl.lit(pl.Series(names, dtype=pl.String)).gather(index), Kind.TEXT)


@function(3)
def _make_date(call: Call) -> Operand:
    ctx = call.ctx
    year, month, day = (ctx.stage(call.whole(argument).expr.cast(pl.Int64)) for argument in range(3))
    is_month = month.is_between(1, 12) & year.is_between(1, 9999)
    index = ctx.stage(ctx.require(is_month, year * 12 + month - 1, "is not a date in some rows."))
    start = ctx.stage(intervals.month_start(index))
    is_day = (day >= 1) & (day <= intervals.month_start(index + 1) - start)
    return intervals.from_days(ctx, ctx.require(is_day, start + day - 1, "is not a date in some rows."))


@function(1)
def _to_date(call: Call) -> Operand:
    return cast(call.ctx, call.value(0), _DATE)


@function(1, 2)
def _to_timestamp(call: Call) -> Operand:
    """TO_TIMESTAMP(x): of a text or date, or of the seconds since 1970; (n, 3) of milliseconds, as Snowflake has it."""
    value = call.value(0)
    if not value.is_number:
        if len(call) > 1:
            raise call.error("a format is not supported", "Write the text as 2024-01-31 10:20:30.")
        return cast(call.ctx, value, _TIMESTAMP)
    scale = call.constant(1, "the scale", 0, 9) if len(call) > 1 else 0
    count = call.whole(0)
    ticks = call.ctx.stage(count.expr)
    limit = 2**62 // 10 ** max(6 - scale, 0)
    is_small = (ticks > -limit) & (ticks < limit)
    ticks = call.ctx.require(is_small, ticks.cast(pl.Int64, strict=False), "leaves the years 1 to 9999 in some rows.")
    micros = ticks * 10 ** (6 - scale) if scale <= 6 else ticks // 10 ** (scale - 6)
    return intervals.from_micros(call.ctx, micros, Kind.TIMESTAMP)


@function(1)
def _to_time(call: Call) -> Operand:
    return cast(call.ctx, call.value(0), _TIME)


@function(3)
def _make_time(call: Call) -> Operand:
    """Return the time of hours, minutes and seconds, which may be beyond 59: TIME_FROM_PARTS(0, 0, 3600) is 01:00."""
    hours, minutes, seconds = (call.whole(index) for index in range(3))
    parts = [(hours, "hour"), (minutes, "minute"), (seconds, "second")]
    value = timestamp_literal(time(0, 0), Kind.TIME)
    for count, unit in parts:
        value = shift(call.ctx, value, make_interval(call.ctx, count, unit))
    return value


@function(1, 2)
def _truncate_any(call: Call) -> Operand:
    """TRUNC of a number, or of a date or timestamp to the first day of a unit, by default its own day."""
    value = call.value(0)
    if not value.is_date_or_timestamp:
        return NUMERIC_FUNCTIONS["TRUNC"].make(call)
    return cast(call.ctx, truncate(call.ctx, call.word(1) if len(call) > 1 else "day", value), _DATE)


@function(2)
def _strftime(call: Call) -> Operand:
    return strftime(call.ctx, call.value(0), call.literal(1, "the format"))


DATE_FUNCTIONS: dict[str, Function] = {
    **dict.fromkeys(("DATEADD", "DATE_ADD", "TIMESTAMPADD", "TIMEADD"), _date_add),
    "ADD_MONTHS": _add_months,
    **dict.fromkeys(("DATEDIFF", "DATE_DIFF", "TIMESTAMPDIFF", "TIMEDIFF"), _date_difference),
    **dict.fromkeys(("DATE_TRUNC", "DATETRUNC"), _date_truncate),
    **dict.fromkeys(("DATE_PART", "DATEPART"), _date_part),
    **{
        name: _part(name)
        for name in "YEAR QUARTER MONTH WEEK DAY DAYOFMONTH DAYOFWEEK DAYOFYEAR HOUR MINUTE SECOND WEEKDAY".split()
    },
    "WEEKOFYEAR": _part("week"),
    **dict.fromkeys(("WEEKISO", "WEEK_ISO"), _part("week")),
    **dict.fromkeys(("DAYOFWEEKISO", "DAYOFWEEK_ISO"), _part("isodow")),
    **dict.fromkeys(("YEAROFWEEK", "YEAROFWEEKISO"), _part("isoyear")),
    "EPOCH": _part("epoch"),
    "LAST_DAY": _last_day,
    "DAYNAME": _day_name,
    "MONTHNAME": _month_name,
    **dict.fromkeys(("MAKE_DATE", "DATE_FROM_PARTS", "DATEFROMPARTS"), _make_date),
    **dict.fromkeys(("DATE", "TO_DATE"), _to_date),
    **dict.fromkeys(("TO_TIMESTAMP", "TO_TIMESTAMP_NTZ"), _to_timestamp),
    "TO_TIME": _to_time,
    **dict.fromkeys(("TIME_FROM_PARTS", "TIMEFROMPARTS"), _make_time),
    "TRUNC": _truncate_any,
    "STRFTIME": _strftime,
}
