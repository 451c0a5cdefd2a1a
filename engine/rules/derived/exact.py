"""Arithmetic of exact numbers: sums and products of unscaled integers, and rounding to fewer places.

Where the bounds allow more than 38 digits, each row's result is checked, first as a float, because the 128-bit
integer itself would wrap around.
"""

from __future__ import annotations

import polars as pl

from engine.rules.derived.context import Context
from engine.rules.derived.values import MAX_UNSCALED, Value, bits_for, exact, int_dtype, to_width, whole

MAX_SCALE = 38
_TOO_LONG = "has more than 38 digits in some rows."
_FLOAT_LIMIT = 9.9999999e37


def add(ctx: Context, left: Value, right: Value, *, sign: int = 1) -> Value:
    """Return left + right, or left - right for the sign -1."""
    left, right = align(ctx, left, right)
    low = left.low + (right.low if sign > 0 else -right.high)
    high = left.high + (right.high if sign > 0 else -right.low)
    bits = max(left.bits, right.bits, bits_for(low, high))
    a, b = to_width(left, bits), to_width(right, bits)
    if _fits(low, high):
        return exact(a + b if sign > 0 else a - b, left.scale, low, high, bits)
    a, b = ctx.stage(a), ctx.stage(b)
    estimate = _float(a) + _float(b) if sign > 0 else _float(a) - _float(b)
    return _check_digits(ctx, a + b if sign > 0 else a - b, estimate, left.scale)


def multiply(ctx: Context, left: Value, right: Value) -> Value:
    """Return the product; its scale is the sum of the scales."""
    scale = left.scale + right.scale
    if scale > MAX_SCALE:
        raise ctx.error(f"{ctx.sql} has {scale} decimal places, more than 38", "ROUND one side to fewer places.")
    corners = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
    low, high = min(corners), max(corners)
    bits = max(left.bits, right.bits, bits_for(low, high))
    a, b = to_width(left, bits), to_width(right, bits)
    if _fits(low, high):
        return exact(a * b, scale, low, high, bits)
    a, b = ctx.stage(a), ctx.stage(b)
    return _check_digits(ctx, a * b, _float(a) * _float(b), scale)


def negate(value: Value) -> Value:
    """Return the number with the other sign."""
    if isinstance(value.constant, int):
        return whole(-value.constant, value.scale)
    bits = max(value.bits, bits_for(-value.high, -value.low))
    number = pl.lit(0, dtype=int_dtype(bits)) - to_width(value, bits)
    return exact(number, value.scale, -value.high, -value.low, bits)


def absolute(ctx: Context, value: Value) -> Value:
    """Return the number without its sign."""
    if value.low >= 0:
        return value
    high = max(-value.low, value.high)
    bits = max(value.bits, bits_for(-high, high))
    return exact(to_width(value, bits).abs(), value.scale, 0, high, bits)


def divide(ctx: Context, left: Value, right: Value) -> Value:
    """Return left / right for whole numbers, truncated towards zero."""
    quotient, _ = _divide(ctx, left, right)
    high = max(abs(left.low), abs(left.high))
    return exact(quotient, 0, -high, high, max(left.bits, right.bits))


def remainder(ctx: Context, left: Value, right: Value) -> Value:
    """Return left modulo right with the sign of left, as SQL's MOD does."""
    left, right = align(ctx, left, right)
    _, rest = _divide(ctx, left, right)
    high = max(abs(right.low), abs(right.high))
    return exact(rest, left.scale, -high if left.low < 0 else 0, high, max(left.bits, right.bits))


def align(ctx: Context, left: Value, right: Value) -> tuple[Value, Value]:
    """Return both numbers with the same scale."""
    scale = max(left.scale, right.scale)
    return rescale(ctx, left, scale), rescale(ctx, right, scale)


def rescale(ctx: Context, value: Value, scale: int) -> Value:
    """Return the number with another scale, rounded half away from zero when digits are dropped.

    A negative scale rounds to tens, hundreds, ...; the result has that scale, to be widened again.
    """
    if scale == value.scale:
        return value
    if scale > value.scale:
        return _widen(ctx, value, scale)
    factor = 10 ** (value.scale - scale)
    half = factor // 2
    low, high = _round(value.low, factor), _round(value.high, factor)
    if isinstance(value.constant, int):
        return whole(_round(value.constant, factor), scale)
    bits = max(value.bits, bits_for(value.low - half, value.high + half))
    number = ctx.stage(to_width(value, bits))
    rounded = number + pl.lit(half, dtype=int_dtype(bits))
    if value.low < 0:
        rounded = rounded - (number < 0).cast(int_dtype(bits))
    return exact(rounded // pl.lit(factor, dtype=int_dtype(bits)), scale, low, high, bits)


def floor(value: Value, scale: int = 0) -> Value:
    """Return the number rounded down to that scale."""
    if scale >= value.scale:
        return value
    factor = 10 ** (value.scale - scale)
    bits = max(value.bits, bits_for(0, factor))
    expr = to_width(value, bits) // pl.lit(factor, dtype=int_dtype(bits))
    return exact(expr, scale, value.low // factor, value.high // factor, bits)


def truncate(ctx: Context, value: Value, scale: int = 0) -> Value:
    """Return the number without its places beyond `scale`."""
    if scale >= value.scale or value.low >= 0:
        return floor(value, scale)
    bits = max(value.bits, bits_for(-max(value.high, -value.low), 10 ** (value.scale - scale)))
    number = ctx.stage(to_width(value, bits))
    sign = pl.when(number < 0).then(pl.lit(-1, dtype=int_dtype(bits))).otherwise(pl.lit(1, dtype=int_dtype(bits)))
    sign = ctx.stage(sign)
    part = floor(exact(number * sign, value.scale, 0, max(-value.low, value.high), bits), scale)
    return exact(part.expr * sign, scale, -part.high, part.high, part.bits)


def as_float(value: Value) -> pl.Expr:
    """Return an exact number as the nearest double."""
    if value.scale == 0:
        return value.expr.cast(pl.Float64)
    return value.expr.cast(pl.Int128).reinterpret(dtype=pl.Decimal(38, value.scale)).cast(pl.Float64)


def _widen(ctx: Context, value: Value, scale: int) -> Value:
    factor = 10 ** (scale - value.scale)
    if isinstance(value.constant, int) and abs(value.constant) * factor <= MAX_UNSCALED:
        return whole(value.constant * factor, scale)
    low, high = value.low * factor, value.high * factor
    bits = max(value.bits, bits_for(low, high), bits_for(0, factor))
    number = to_width(value, bits)
    if _fits(low, high):
        return exact(number * pl.lit(factor, dtype=int_dtype(bits)), scale, low, high, bits)
    number = ctx.stage(number)
    estimate = _float(number) * float(factor)
    return _check_digits(ctx, number * pl.lit(factor, dtype=int_dtype(bits)), estimate, scale)


def _check_digits(ctx: Context, expr: pl.Expr, estimate: pl.Expr, scale: int) -> Value:
    return exact(ctx.require(estimate.abs() < _FLOAT_LIMIT, expr, _TOO_LONG), scale, -MAX_UNSCALED, MAX_UNSCALED, 128)


def _divide(ctx: Context, left: Value, right: Value) -> tuple[pl.Expr, pl.Expr]:
    bits = max(left.bits, right.bits)
    a, b = ctx.stage(to_width(left, bits)), ctx.stage(to_width(right, bits))
    if right.low <= 0 <= right.high:
        a = ctx.stage(ctx.require(b != 0, a, "divides by zero in some rows.", "Use NULLIF(x, 0) to get NULL instead."))
    if left.low >= 0 and right.low > 0:
        return a // b, a % b
    zero, one = pl.lit(0, dtype=int_dtype(bits)), pl.lit(1, dtype=int_dtype(bits))
    down = ctx.stage(a // b)
    is_below = (a - down * b != zero) & ((a < zero) != (b < zero))
    quotient = ctx.stage(down + pl.when(is_below).then(one).otherwise(zero))
    return quotient, a - quotient * b


def _round(number: int, factor: int) -> int:
    size = (abs(number) + factor // 2) // factor
    return size if number >= 0 else -size


def _fits(low: int, high: int) -> bool:
    return low >= -MAX_UNSCALED and high <= MAX_UNSCALED


def _float(number: pl.Expr) -> pl.Expr:
    return number.cast(pl.Float64)
