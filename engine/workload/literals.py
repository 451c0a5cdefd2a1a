"""The values of expressions without columns: literals, dates with intervals, and simple functions of them."""

from __future__ import annotations

import calendar
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from sqlglot import exp

from engine.workload.records import LiteralValue

_DATE_TYPES = (exp.DType.DATE, exp.DType.DATE32)
_TIMES = (exp.DType.TIME, exp.DType.TIMETZ)
_UNITS = {"YEAR": 12, "QUARTER": 3, "MONTH": 1}
_SECONDS = {"WEEK": 604_800, "DAY": 86_400, "HOUR": 3600, "MINUTE": 60, "SECOND": 1}
_NOT_A_VALUE = (ValueError, OverflowError, InvalidOperation, ZeroDivisionError, TypeError)


def literal_value(node: exp.Expr, today: date) -> LiteralValue | None:
    """Return the value of an expression; None where it has a column, or a function that is not computed here.

    `today` stands for CURRENT_DATE and its synonyms.
    """
    try:
        return _value(node.unnest(), today)
    except _NOT_A_VALUE:
        return None


def _value(node: exp.Expr, today: date) -> LiteralValue | None:
    match node:
        case exp.Literal():
            return node.this if node.is_string else _number(node.this)
        case exp.Boolean():
            return bool(node.this)
        case exp.Neg():
            inner = literal_value(node.this, today)
            return -inner if isinstance(inner, int | Decimal) else None
        case exp.CurrentDate():
            return today
        case exp.CurrentTimestamp() | exp.CurrentDatetime():
            return datetime.combine(today, time())
        case exp.Cast() | exp.Date() | exp.Timestamp() | exp.TsOrDsToDate():
            return _cast(node, today)
        case exp.Upper() | exp.Lower() | exp.Trim():
            text = literal_value(node.this, today)
            if not isinstance(text, str):
                return None
            return text.strip() if isinstance(node, exp.Trim) else _change_case(node, text)
        case exp.DPipe() | exp.Concat():
            parts = [literal_value(part, today) for part in _parts(node)]
            return "".join(map(str, parts)) if None not in parts else None
        case exp.Add() | exp.Sub() | exp.Mul() | exp.Div():
            return _arithmetic(node, today)
        case exp.DateAdd() | exp.DateSub() | exp.TsOrDsAdd() | exp.TimestampAdd() | exp.AddMonths():
            return _shift_call(node, today)
        case exp.TimestampTrunc() | exp.DateTrunc():
            start = literal_value(node.this, today)
            return _truncate(start, node.text("unit").upper()) if isinstance(start, date) else None
    return None


def _parts(node: exp.Expr) -> list[exp.Expr]:
    if isinstance(node, exp.Concat):
        return list(node.expressions)
    left = node.left if isinstance(node, exp.Binary) else node
    right = [node.right] if isinstance(node, exp.Binary) else []
    return [*(_parts(left) if isinstance(left, exp.DPipe) else [left]), *right]


def _change_case(node: exp.Expr, text: str) -> str:
    return text.upper() if isinstance(node, exp.Upper) else text.lower()


def _number(text: str) -> LiteralValue:
    return int(text) if text.isdigit() else Decimal(text)


def _cast(node: exp.Expr, today: date) -> LiteralValue | None:
    inner = literal_value(node.this, today) if node.this else None
    if isinstance(node, exp.Cast):
        kind = node.to.this
        if kind in _TIMES and isinstance(inner, str):
            return time.fromisoformat(inner)
        is_date = kind in _DATE_TYPES
        if not is_date and kind not in exp.DataType.TEMPORAL_TYPES:
            is_number = kind in exp.DataType.NUMERIC_TYPES and isinstance(inner, str)
            return _number(str(inner).strip()) if is_number else inner
    else:
        is_date = not isinstance(node, exp.Timestamp)
    if isinstance(inner, str):
        inner = datetime.fromisoformat(inner.strip())
    if isinstance(inner, datetime) and is_date:
        return inner.date()
    if isinstance(inner, date) and not isinstance(inner, datetime) and not is_date:
        return datetime.combine(inner, time())
    return inner


def _arithmetic(node: exp.Binary, today: date) -> LiteralValue | None:
    left = literal_value(node.left, today)
    right = node.right.unnest()
    if isinstance(right, exp.Interval):
        return _add_interval(left, right, today, -1 if isinstance(node, exp.Sub) else 1)
    other = literal_value(right, today)
    if isinstance(left, date) and isinstance(other, int) and isinstance(node, exp.Add | exp.Sub):
        return left + timedelta(days=other if isinstance(node, exp.Add) else -other)
    if isinstance(left, bool) or isinstance(other, bool):
        return None
    if not isinstance(left, int | Decimal) or not isinstance(other, int | Decimal):
        return None
    match node:
        case exp.Add():
            return left + other
        case exp.Sub():
            return left - other
        case exp.Mul():
            return left * other
    if isinstance(left, int) and isinstance(other, int) and left % other == 0:
        return left // other
    return Decimal(left) / Decimal(other)


def _add_interval(start: LiteralValue | None, interval: exp.Interval, today: date, sign: int) -> LiteralValue | None:
    base = datetime.fromisoformat(start) if isinstance(start, str) else start
    if not isinstance(base, date) or interval.this is None:
        return None
    amount = literal_value(interval.this, today)
    unit = interval.text("unit")
    if isinstance(amount, str) and not unit:  # interval '3 months'
        amount, _, unit = amount.strip().partition(" ")
    if not isinstance(amount, int):
        amount = int(str(amount))
    return _shift(base, sign * amount, unit)


def _shift_call(node: exp.Expr, today: date) -> LiteralValue | None:
    start = literal_value(node.this, today)
    base = datetime.fromisoformat(start) if isinstance(start, str) else start
    second = node.args["expression"].unnest()
    sign = -1 if isinstance(node, exp.DateSub) else 1
    if isinstance(second, exp.Interval):
        return _add_interval(base, second, today, sign)
    amount = literal_value(second, today)
    if not isinstance(base, date) or amount is None:
        return None
    unit = "MONTH" if isinstance(node, exp.AddMonths) else node.text("unit") or "DAY"
    return _shift(base, sign * int(str(amount)), unit)


def _shift(start: date, amount: int, written: str) -> LiteralValue | None:
    unit = written.upper().strip().removesuffix("S")
    if unit in _UNITS:
        months = start.year * 12 + start.month - 1 + amount * _UNITS[unit]
        year, month = divmod(months, 12)
        day = min(start.day, calendar.monthrange(year, month + 1)[1])
        return start.replace(year=year, month=month + 1, day=day)
    if unit not in _SECONDS:
        return None
    if unit in ("WEEK", "DAY"):
        return start + timedelta(seconds=amount * _SECONDS[unit])
    base = start if isinstance(start, datetime) else datetime.combine(start, time())
    return base + timedelta(seconds=amount * _SECONDS[unit])


def _truncate(start: date, unit: str) -> LiteralValue | None:
    midnight = {"hour": 0, "minute": 0, "second": 0, "microsecond": 0} if isinstance(start, datetime) else {}
    match unit:
        case "YEAR":
            return start.replace(month=1, day=1, **midnight)
        case "QUARTER":
            return start.replace(month=(start.month - 1) // 3 * 3 + 1, day=1, **midnight)
        case "MONTH":
            return start.replace(day=1, **midnight)
        case "WEEK":
            return start.replace(**midnight) - timedelta(days=start.weekday())
        case "DAY":
            return start.replace(**midnight)
    return None
