"""Functions of dates and timestamps. Weeks begin on Monday, numbered by ISO 8601; Sunday is day 0."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from engine.rules.derived import intervals
from engine.rules.derived.arithmetic import subtract
from engine.rules.derived.calls import Call, Function, function
from engine.rules.derived.context import Context
from engine.rules.derived.conversion import cast
from engine.rules.derived.intervals import DAYS, MICROS, MONTHS, interval_of, moment_difference, shifted, unit_named
from engine.rules.derived.to_char import strftime
from engine.rules.derived.values import NULL, Interval, Operand, Value, counted
from engine.schema.types import TIMESTAMPS, Kind, WarehouseType

_TRUNCATED = {
    "microsecond": "1us", "millisecond": "1ms", "second": "1s", "minute": "1m", "hour": "1h",
    "day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y", "decade": "10y", "century": "100y",
}  # fmt: skip
_SECONDS_PARTS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "second": lambda moment: moment.dt.second(),
    "millisecond": lambda moment: moment.dt.second().cast(pl.Int64) * 1000 + moment.dt.microsecond() // 1000,
    "microsecond": lambda moment: moment.dt.second().cast(pl.Int64) * 1_000_000 + moment.dt.microsecond(),
    "minute": lambda moment: moment.dt.minute(),
    "hour": lambda moment: moment.dt.hour(),
}
_DAY_PARTS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "day": lambda moment: moment.dt.day(),
    "dayofmonth": lambda moment: moment.dt.day(),
    "week": lambda moment: moment.dt.week(),
    "month": lambda moment: moment.dt.month(),
    "quarter": lambda moment: moment.dt.quarter(),
    "year": lambda moment: moment.dt.year(),
    "isoyear": lambda moment: moment.dt.iso_year(),
    "yearofweekiso": lambda moment: moment.dt.iso_year(),
    **dict.fromkeys(("dow", "dayofweek", "weekday", "dw"), lambda moment: moment.dt.weekday() % 7),
    **dict.fromkeys(("isodow", "dayofweekiso", "dayofweek_iso"), lambda moment: moment.dt.weekday()),
    **dict.fromkeys(("doy", "dayofyear", "yearday"), lambda moment: moment.dt.ordinal_day()),
}
_GREATEST_PART = 2**31
_MONDAY_NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTH_NAMES = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip
_DATE = WarehouseType("DATE", Kind.DATE)
_TIMESTAMP = WarehouseType("TIMESTAMP", Kind.TIMESTAMP)


def extracted(ctx: Context, part: str, operand: Operand) -> Value:
    """Return EXTRACT(part FROM operand)."""
    folded = unit_named(part)
    if folded in ("epoch", "epoch_second"):
        return _epoch(ctx, operand)
    if isinstance(operand, Interval):
        raise ctx.error(f"{ctx.sql}: only EPOCH can be extracted from an interval", "Use DATEDIFF for other units.")
    if operand.kind is None:
        return NULL
    if folded in _SECONDS_PARTS and operand.kind is Kind.DATE:
        return counted(operand.expr.cast(pl.Int32) * 0, 0, 0)
    if folded in _SECONDS_PARTS and (operand.kind is Kind.TIME or operand.kind in TIMESTAMPS):
        moment = operand.expr
        if operand.kind is Kind.TIME:
            moment = intervals.micros_of(operand).cast(pl.Datetime("us"))
        return counted(_SECONDS_PARTS[folded](moment), 0, _GREATEST_PART)
    if folded in _DAY_PARTS and operand.is_day_or_moment:
        return counted(_DAY_PARTS[folded](operand.expr), 0, _GREATEST_PART)
    if folded in _SECONDS_PARTS or folded in _DAY_PARTS:
        raise ctx.error(f"{ctx.sql}: a {operand.name} has no {folded}")
    raise ctx.error(
        f'There is no part "{part.casefold()}"', f"Parts are {', '.join((*_SECONDS_PARTS, *_DAY_PARTS, 'epoch'))}."
    )


def truncated(ctx: Context, unit: str, moment: Value) -> Value:
    """Return the start of the unit that contains the timestamp, as a timestamp."""
    named = unit_named(unit)
    if named not in _TRUNCATED:
        raise ctx.error(f'There is no unit "{unit}"', f"Units are {', '.join(_TRUNCATED)}.")
    if moment.kind is None:
        return NULL
    if named in MONTHS:
        size = MONTHS[named]
        start = intervals.month_start(intervals.month_index(moment) // size * size)
        return intervals.from_micros(ctx, start * intervals.DAY_MICROS, _moment_kind(moment))
    if named == "week":
        days = intervals.days_of(moment)
        return intervals.from_micros(ctx, (days - (days + 3) % 7) * intervals.DAY_MICROS, _moment_kind(moment))
    ticks = intervals.DAY_MICROS if named == "day" else MICROS[named]
    return intervals.from_micros(ctx, intervals.micros_of(moment) // ticks * ticks, _moment_kind(moment))


def _moment_kind(moment: Value) -> Kind:
    return moment.kind if moment.kind in TIMESTAMPS else Kind.TIMESTAMP


def _epoch(ctx: Context, operand: Operand) -> Value:
    """Return seconds since 1970, or the seconds of an interval, as a double."""
    if isinstance(operand, Interval):
        micros = intervals.length_in_micros(ctx, operand).expr
    elif operand.is_day_or_moment or operand.kind is Kind.TIME:
        micros = intervals.micros_of(operand)
    else:
        raise ctx.error(f"{ctx.sql}: a {operand.name} has no epoch")
    return Value(ctx.quotient(micros.cast(pl.Float64), pl.lit(1e6)), Kind.FLOAT)


def _added(call: Call, unit: str, count: Value, moment: Value) -> Value:
    """Return timestamp + count units; a date stays a date unless the unit is smaller than a day."""
    result = shifted(call.ctx, moment, interval_of(call.ctx, count, unit))
    if moment.kind is Kind.DATE and unit_named(unit) in (*DAYS, *MONTHS):
        return cast(call.ctx, result, _DATE)
    return result


@function(2, 3)
def _date_add(call: Call) -> Operand:
    """DATEADD(unit, count, timestamp), or DuckDB's DATE_ADD(timestamp, interval)."""
    if len(call) == 3:
        moment = call.moment(2)
        return NULL if moment.kind is None else _added(call, call.word(0), call.whole(1), moment)
    moment, span = call.moment(0), call.operand(1)
    if not isinstance(span, Interval):
        raise call.error("needs a unit, a number and a date", "DATEADD(day, 3, order_date).")
    return NULL if moment.kind is None else shifted(call.ctx, moment, span)


@function(2)
def _add_months(call: Call) -> Operand:
    moment = call.moment(0)
    return NULL if moment.kind is None else _added(call, "month", call.whole(1), moment)


@function(3)
def _date_difference(call: Call) -> Operand:
    first, last = call.moment(1), call.moment(2)
    if first.kind is None or last.kind is None:
        return NULL
    return moment_difference(call.ctx, call.word(0), first, last)


@function(2)
def _date_truncate(call: Call) -> Operand:
    return truncated(call.ctx, call.word(0), call.moment(1))


@function(2)
def _date_part(call: Call) -> Operand:
    operand = call.operand(1)
    if isinstance(operand, Value) and isinstance(operand.constant, str):
        operand = call.moment(1)
    return extracted(call.ctx, call.word(0), operand)


def _part(name: str) -> Function:
    return Function(lambda call: extracted(call.ctx, name, call.moment(0)), 1, 1)


@function(1, 2)
def _last_day(call: Call) -> Operand:
    moment = call.moment(0)
    if moment.kind is None:
        return NULL
    if len(call) > 1 and unit_named(call.word(1)) != "month":
        raise call.error("only the last day of a month is supported")
    return intervals.from_days(call.ctx, intervals.month_start(intervals.month_index(moment) + 1) - 1)


@function(1)
def _day_name(call: Call) -> Operand:
    return _named(call, _MONDAY_NAMES, lambda moment: moment.dt.weekday())


@function(1)
def _month_name(call: Call) -> Operand:
    return _named(call, _MONTH_NAMES, lambda moment: moment.dt.month())


def _named(call: Call, names: list[str], number: Callable[[pl.Expr], pl.Expr]) -> Operand:
    moment = call.moment(0)
    if moment.kind is None:
        return NULL
    place = number(moment.expr).cast(pl.UInt32) - 1
    return Value(pl.lit(pl.Series(names, dtype=pl.String)).gather(place), Kind.TEXT)


@function(3)
def _make_date(call: Call) -> Operand:
    ctx = call.ctx
    year, month, day = (ctx.once(call.whole(place).expr.cast(pl.Int64)) for place in range(3))
    is_month = month.is_between(1, 12) & year.is_between(1, 9999)
    index = ctx.once(ctx.require(is_month, year * 12 + month - 1, "is not a date in some rows."))
    start = ctx.once(intervals.month_start(index))
    is_day = (day >= 1) & (day <= intervals.month_start(index + 1) - start)
    return intervals.from_days(ctx, ctx.require(is_day, start + day - 1, "is not a date in some rows."))


@function(1)
def _to_date(call: Call) -> Operand:
    return cast(call.ctx, call.value(0), _DATE)


@function(1)
def _to_timestamp(call: Call) -> Operand:
    value = call.value(0)
    if value.is_number:
        raise call.error("needs a text or a date, not a number")
    return cast(call.ctx, value, _TIMESTAMP)


@function(2)
def _strftime(call: Call) -> Operand:
    return strftime(call.ctx, call.value(0), call.literal(1, "the format"))


@function(2)
def _days_between(call: Call) -> Operand:
    return subtract(call.ctx, call.moment(0), call.moment(1))


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
    "WEEKISO": _part("week"),
    "DAYOFWEEKISO": _part("isodow"),
    "EPOCH": _part("epoch"),
    "LAST_DAY": _last_day,
    "DAYNAME": _day_name,
    "MONTHNAME": _month_name,
    **dict.fromkeys(("MAKE_DATE", "DATE_FROM_PARTS", "DATEFROMPARTS"), _make_date),
    **dict.fromkeys(("DATE", "TO_DATE"), _to_date),
    "TO_TIMESTAMP": _to_timestamp,
    "STRFTIME": _strftime,
}
