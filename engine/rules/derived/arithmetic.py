"""The operators + - * / // % and ||, for every kind of operand."""

from __future__ import annotations

import polars as pl

from engine.rules.derived import exact, intervals
from engine.rules.derived.context import Context
from engine.rules.derived.conversion import as_double, as_text
from engine.rules.derived.text_parsing import parse_literal
from engine.rules.derived.values import NULL, Interval, Operand, Value, make_whole, text
from engine.schema.types import Kind

_DIVIDES_BY_ZERO = "divides by zero in some rows."
_ZERO_HINT = "Use NULLIF(x, 0) to get NULL instead."


def add(ctx: Context, left: Operand, right: Operand) -> Operand:
    """Return left + right: numbers, a date and days, a timestamp and an interval, a date and a time."""
    if isinstance(left, Interval) and isinstance(right, Interval):
        return intervals.add_intervals(ctx, left, right)
    if isinstance(left, Interval):
        left, right = right, left
    assert isinstance(left, Value)
    if isinstance(right, Interval):
        if left.is_date_or_timestamp or left.kind is Kind.TIME:
            return intervals.shift(ctx, left, right)
        return NULL if left.kind is None else _raise_mismatch(ctx, "+", left, right)
    if left.kind is None or right.kind is None:
        return NULL
    if right.kind is Kind.DATE:
        left, right = right, left
    if left.kind is Kind.DATE and right.is_number:
        return intervals.shift_days(ctx, left, right)
    if left.kind is Kind.DATE and right.kind is Kind.TIME:
        expr = intervals.to_micros(left) + intervals.to_micros(right)
        return intervals.from_micros(ctx, expr, Kind.TIMESTAMP)
    left, right = _to_numbers(ctx, "+", left, right)
    if left.is_exact and right.is_exact:
        return exact.add(ctx, left, right)
    return Value(as_double(ctx, left).expr + as_double(ctx, right).expr, Kind.FLOAT)


def subtract(ctx: Context, left: Operand, right: Operand) -> Operand:
    """Return left - right: days for two dates, an interval for two timestamps."""
    if isinstance(right, Interval):
        return add(ctx, left, intervals.negate_interval(right))
    if isinstance(left, Interval):
        return NULL if right.kind is None else _raise_mismatch(ctx, "-", left, right)
    if left.kind is None or right.kind is None:
        return NULL
    if left.is_date_or_timestamp and isinstance(right.constant, str):
        right = parse_literal(ctx, right, left.kind)
    if left.kind is Kind.DATE and right.kind is Kind.DATE:
        return make_whole(intervals.to_days(left) - intervals.to_days(right), -(2**32), 2**32)
    if left.is_date_or_timestamp and right.is_date_or_timestamp:
        return intervals.subtract_timestamps(ctx, left, right)
    if left.kind is Kind.DATE and right.is_number:
        return intervals.shift_days(ctx, left, right, sign=-1)
    left, right = _to_numbers(ctx, "-", left, right)
    if left.is_exact and right.is_exact:
        return exact.add(ctx, left, right, sign=-1)
    return Value(as_double(ctx, left).expr - as_double(ctx, right).expr, Kind.FLOAT)


def multiply(ctx: Context, left: Operand, right: Operand) -> Operand:
    """Return left * right: numbers, or an interval and a whole number."""
    if isinstance(left, Interval):
        left, right = right, left
    if isinstance(left, Interval):
        return _raise_mismatch(ctx, "*", left, right)
    if isinstance(right, Interval):
        if left.kind is None:
            return NULL
        if not left.is_number:
            return _raise_mismatch(ctx, "*", left, right)
        return intervals.multiply_interval(ctx, right, left)
    if left.kind is None or right.kind is None:
        return NULL
    left, right = _to_numbers(ctx, "*", left, right)
    if left.is_exact and right.is_exact:
        return exact.multiply(ctx, left, right)
    return Value(as_double(ctx, left).expr * as_double(ctx, right).expr, Kind.FLOAT)


def divide(ctx: Context, left: Operand, right: Operand) -> Operand:
    """Return left / right as a double; division by zero fails the run."""
    pair = _to_number_pair(ctx, "/", left, right)
    if pair is None:
        return NULL
    dividend, divisor = as_double(ctx, pair[0]), as_double(ctx, pair[1])
    if pair[1].is_exact and not pair[1].low <= 0 <= pair[1].high:
        return Value(ctx.divide(dividend.expr, divisor.expr), Kind.FLOAT)
    bottom = ctx.stage(divisor.expr)
    quotient = ctx.divide(dividend.expr, bottom)
    return Value(ctx.require(bottom != 0, quotient, _DIVIDES_BY_ZERO, _ZERO_HINT), Kind.FLOAT)


def divide_whole(ctx: Context, left: Operand, right: Operand) -> Operand:
    """Return the quotient of two whole numbers, truncated towards zero."""
    pair = _to_number_pair(ctx, "//", left, right)
    if pair is None:
        return NULL
    if not (pair[0].is_whole and pair[1].is_whole):
        raise ctx.error(f"{ctx.sql}: // needs whole numbers", "Write FLOOR(a / b).")
    return exact.divide(ctx, *pair)


def modulo(ctx: Context, left: Operand, right: Operand) -> Operand:
    """Return the remainder, with the sign of the left operand."""
    pair = _to_number_pair(ctx, "%", left, right)
    if pair is None:
        return NULL
    if not (pair[0].is_exact and pair[1].is_exact):
        raise ctx.error(f"{ctx.sql}: a remainder needs exact numbers", "CAST the FLOAT to DECIMAL.")
    return exact.remainder(ctx, *pair)


def negate(ctx: Context, operand: Operand) -> Operand:
    """Return -operand."""
    if isinstance(operand, Interval):
        return intervals.negate_interval(operand)
    if operand.kind is None:
        return NULL
    if operand.is_exact:
        return exact.negate(operand)
    if operand.kind is Kind.FLOAT:
        return Value(-operand.expr, Kind.FLOAT)
    raise ctx.error(f"{ctx.sql}: cannot negate a {operand.name}")


def join(ctx: Context, left: Operand, right: Operand) -> Operand:
    """Return left || right, NULL when either is NULL."""
    return text(pl.concat_str([as_text(ctx, left).expr, as_text(ctx, right).expr]))


def _to_number_pair(ctx: Context, sign: str, left: Operand, right: Operand) -> tuple[Value, Value] | None:
    if isinstance(left, Interval) or isinstance(right, Interval):
        raise _mismatch_error(ctx, sign, left, right)
    if left.kind is None or right.kind is None:
        return None
    return _to_numbers(ctx, sign, left, right)


def _to_numbers(ctx: Context, sign: str, left: Value, right: Value) -> tuple[Value, Value]:
    """Return both as numbers; a text literal next to a number is parsed as one."""
    if left.is_number and isinstance(right.constant, str):
        right = parse_literal(ctx, right, Kind.DECIMAL)
    if right.is_number and isinstance(left.constant, str):
        left = parse_literal(ctx, left, Kind.DECIMAL)
    if not (left.is_number and right.is_number):
        raise _mismatch_error(ctx, sign, left, right)
    return left, right


def _raise_mismatch(ctx: Context, sign: str, left: Operand, right: Operand) -> Value:
    raise _mismatch_error(ctx, sign, left, right)


def _mismatch_error(ctx: Context, sign: str, left: Operand, right: Operand) -> Exception:
    hints = {frozenset(("timestamp", "number")): "Add INTERVAL '1 day', or DATEADD(day, 1, x)."}
    if "text" in (left.name, right.name) and sign == "+":
        hints[frozenset((left.name, right.name))] = "Use || to join texts."
    hint = hints.get(frozenset((left.name, right.name)), "CAST one of them.")
    return ctx.error(f"{ctx.sql}: cannot apply {sign} to {left.name} and {right.name}", hint)
