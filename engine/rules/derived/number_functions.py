"""Functions of numbers.

Only operations with the same result on every processor: those of exact numbers, for doubles + - * / and the square
root, as IEEE 754 defines them, and the `math_functions` made of these.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from engine.rules.derived import exact
from engine.rules.derived.arithmetic import divide, divide_whole, modulo
from engine.rules.derived.calls import Call, Function, function
from engine.rules.derived.context import Context
from engine.rules.derived.math_functions import raise_to
from engine.rules.derived.values import NULL, Operand, Value, make_whole, whole, with_expr
from engine.schema.types import Kind

_MAX_PLACES = 20
_MAX_EXPONENT = 64


@function(1)
def _absolute(call: Call) -> Operand:
    value = call.number(0)
    return exact.absolute(call.ctx, value) if value.is_exact else with_expr(value, value.expr.abs())


@function(1)
def _sign(call: Call) -> Operand:
    value = call.number(0)
    return NULL if value.kind is None else make_whole(value.expr.sign(), -1, 1)


@function(1)
def _floor(call: Call) -> Operand:
    value = call.number(0)
    if value.is_exact:
        return exact.floor(value)
    return NULL if value.kind is None else Value(value.expr.floor(), Kind.FLOAT)


@function(1)
def _ceiling(call: Call) -> Operand:
    value = call.number(0)
    if value.is_exact:
        return exact.negate(exact.floor(exact.negate(value)))
    return NULL if value.kind is None else Value(value.expr.ceil(), Kind.FLOAT)


@function(1, 2)
def _round(call: Call) -> Operand:
    value, places = call.number(0), _places(call)
    if value.is_exact:
        return _to_whole(call.ctx, exact.rescale(call.ctx, value, min(places, value.scale)))
    if value.kind is None:
        return NULL
    return _truncate_at(call.ctx, value.expr, places, lambda number: number.round(0, mode="half_away_from_zero"))


@function(1, 2)
def _truncate(call: Call) -> Operand:
    value, places = call.number(0), _places(call)
    if value.is_exact:
        return _to_whole(call.ctx, exact.truncate(call.ctx, value, places))
    if value.kind is None:
        return NULL
    return _truncate_at(call.ctx, value.expr, places, lambda number: _towards_zero(call.ctx.stage(number)))


@function(2)
def _modulo(call: Call) -> Operand:
    return modulo(call.ctx, call.number(0), call.number(1))


@function(2)
def _divide_whole(call: Call) -> Operand:
    return divide_whole(call.ctx, call.number(0), call.number(1))


@function(2)
def _divide_or_zero(call: Call) -> Operand:
    """DIV0 of Snowflake: 0 where the divisor is 0."""
    top, bottom = call.double(0), call.double(1)
    if top.kind is None or bottom.kind is None:
        return NULL
    divisor = call.ctx.stage(bottom.expr)
    return Value(pl.when(divisor == 0).then(0.0).otherwise(call.ctx.divide(top.expr, divisor)), Kind.FLOAT)


@function(2)
def _power(call: Call) -> Operand:
    """Return base ** exponent: by multiplying for a small literal whole exponent, else by logarithms."""
    base, exponent = call.double(0), call.number(1)
    if base.kind is None or exponent.kind is None:
        return NULL
    constant = exponent.constant
    if not exponent.is_whole or not isinstance(constant, int) or abs(constant) > _MAX_EXPONENT:
        return raise_to(call.ctx, base.expr, call.double(1).expr)
    result = _multiply_out(call.ctx, base.expr, abs(constant))
    return divide(call.ctx, whole(1), Value(result, Kind.FLOAT)) if constant < 0 else Value(result, Kind.FLOAT)


@function(1)
def _square_root(call: Call) -> Operand:
    value = call.double(0)
    if value.kind is None:
        return NULL
    number = call.ctx.stage(value.expr)
    fault = "is the square root of a negative number in some rows."
    return Value(call.ctx.require(number >= 0, number.sqrt(), fault), Kind.FLOAT)


def _places(call: Call) -> int:
    return call.constant(1, "the number of places", -_MAX_PLACES, _MAX_PLACES) if len(call) > 1 else 0


def _to_whole(ctx: Context, value: Value) -> Value:
    """Return a number that was rounded to tens or hundreds with scale 0."""
    return exact.rescale(ctx, value, 0) if value.scale < 0 else value


def _towards_zero(number: pl.Expr) -> pl.Expr:
    return pl.when(number < 0).then(number.ceil()).otherwise(number.floor())


def _truncate_at(ctx: Context, number: pl.Expr, places: int, cut: Callable[[pl.Expr], pl.Expr]) -> Value:
    """Return a double truncated to `places` decimal places."""
    factor = 10.0 ** abs(places)
    if places == 0:
        return Value(cut(number), Kind.FLOAT)
    if places > 0:
        return Value(ctx.divide(cut(number * factor), pl.lit(factor)), Kind.FLOAT)
    return Value(cut(ctx.divide(number, pl.lit(factor))) * factor, Kind.FLOAT)


def _multiply_out(ctx: Context, base: pl.Expr, exponent: int) -> pl.Expr:
    """Return base ** exponent by repeated squaring."""
    result, square = pl.lit(1.0), ctx.stage(base)
    if exponent == 0:
        return pl.when(square.is_not_null()).then(result)
    factors = []
    while exponent:
        if exponent % 2:
            factors.append(square)
        exponent //= 2
        if exponent:
            square = ctx.stage(square * square)
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor
    return result


NUMERIC_FUNCTIONS: dict[str, Function] = {
    "ABS": _absolute,
    "SIGN": _sign,
    "FLOOR": _floor,
    "CEIL": _ceiling,
    "CEILING": _ceiling,
    "ROUND": _round,
    "TRUNC": _truncate,
    "TRUNCATE": _truncate,
    "MOD": _modulo,
    "DIV": _divide_whole,
    "DIV0": _divide_or_zero,
    "POWER": _power,
    "POW": _power,
    "SQRT": _square_root,
}
