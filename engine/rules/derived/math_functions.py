"""Functions of doubles beyond arithmetic: exponentials, logarithms, powers, roots and angles.

LOG(x) is the logarithm to the base 10 as in Redshift, LOG(base, x) that to a base as in Snowflake. What has no result,
such as LN(0), fails the run as a division by zero does.
"""

from __future__ import annotations

import polars as pl

from engine.rules.derived.calls import Call, Function, function
from engine.rules.derived.context import Context
from engine.rules.derived.double_pairs import Pair
from engine.rules.derived.elementary import (
    MAX_ANGLE,
    MAX_EXPONENT,
    PI,
    divide_logarithms,
    exponential,
    logarithm,
    power,
    sine_and_cosine,
    third,
)
from engine.rules.derived.values import NULL, Operand, Value
from engine.schema.types import Kind

_PER_DEGREE = float.fromhex("0x1.1df46a2529d39p-6")
_PER_RADIAN = float.fromhex("0x1.ca5dc1a63c1f8p+5")
_ZERO = pl.lit(0.0)
_MAX_POWER = 1e22
_NULL_HINT = "Use NULLIF or CASE to get NULL instead."
_TOO_LARGE = "is too large a number in some rows."


@function(0)
def _pi(call: Call) -> Operand:
    return Value(pl.lit(PI), Kind.FLOAT)


@function(1)
def _exponential(call: Call) -> Operand:
    value = call.double(0)
    if value.kind is None:
        return NULL
    number = call.ctx.stage(value.expr)
    checked = call.ctx.stage(call.ctx.require(number <= MAX_EXPONENT, number, _TOO_LARGE))
    return _double(exponential(call.ctx.stage, Pair(checked, _ZERO)))


@function(1)
def _natural(call: Call) -> Operand:
    number = _positive(call, 0)
    return NULL if number is None else _double(logarithm(call.ctx.stage, number).high)


@function(1, 2)
def _logarithm(call: Call) -> Operand:
    if len(call) == 1:
        return _log_of(call, pl.lit(10.0), 0)
    base = _positive(call, 0)
    if base is None:
        return NULL
    base = call.ctx.require(base != 1.0, base, "has a base of 1 in some rows.", _NULL_HINT)
    return _log_of(call, call.ctx.stage(base), 1)


@function(1)
def _binary_logarithm(call: Call) -> Operand:
    return _log_of(call, pl.lit(2.0), 0)


@function(1)
def _decimal_logarithm(call: Call) -> Operand:
    return _log_of(call, pl.lit(10.0), 0)


@function(1)
def _cube_root(call: Call) -> Operand:
    value = call.double(0)
    if value.kind is None:
        return NULL
    stage = call.ctx.stage
    number = stage(value.expr)
    size = stage(pl.when(number == 0.0).then(1.0).otherwise(number.abs()))
    root = stage(exponential(stage, power(stage, size, third())))
    return _double(pl.when(number > 0.0).then(root).when(number < 0.0).then(-root).otherwise(number))


@function(1)
def _sine(call: Call) -> Operand:
    angle = _angle(call)
    return NULL if angle is None else _double(sine_and_cosine(call.ctx.stage, angle)[0])


@function(1)
def _cosine(call: Call) -> Operand:
    angle = _angle(call)
    return NULL if angle is None else _double(sine_and_cosine(call.ctx.stage, angle)[1])


@function(1)
def _tangent(call: Call) -> Operand:
    angle = _angle(call)
    if angle is None:
        return NULL
    sine, cosine = sine_and_cosine(call.ctx.stage, angle)
    return _double(call.ctx.divide(sine, cosine))


@function(1)
def _radians(call: Call) -> Operand:
    value = call.double(0)
    return NULL if value.kind is None else _double(value.expr * _PER_DEGREE)


@function(1)
def _degrees(call: Call) -> Operand:
    value = call.double(0)
    return NULL if value.kind is None else _double(value.expr * _PER_RADIAN)


def raise_to(ctx: Context, base: pl.Expr, exponent: pl.Expr) -> Value:
    """Return base ** exponent; 0 ** 0 is 1. A negative base needs whole exponents, and 0 none below 0."""
    stage = ctx.stage
    base, exponent = stage(base), stage(exponent)
    is_whole = exponent == exponent.floor()
    fault = "raises a negative number to a fraction, or 0 to a negative number, in some rows."
    is_possible = (base > 0.0) | ((base < 0.0) & is_whole) | ((base == 0.0) & (exponent >= 0.0))
    size = stage(pl.when(base == 0.0).then(1.0).otherwise(base.abs()))
    logarithms = power(stage, size, Pair(stage(exponent.clip(-_MAX_POWER, _MAX_POWER)), _ZERO))
    checked = ctx.require(logarithms.high <= MAX_EXPONENT, logarithms.high, _TOO_LARGE)
    positive = stage(exponential(stage, Pair(stage(checked), logarithms.low)))
    is_odd = is_whole & (exponent * 0.5 != (exponent * 0.5).floor())
    signed = pl.when((base < 0.0) & is_odd).then(-positive).otherwise(positive)
    result = pl.when((base == 0.0) & (exponent > 0.0)).then(0.0).otherwise(signed)
    return _double(ctx.require(is_possible, result, fault, _NULL_HINT))


def _log_of(call: Call, base: pl.Expr, index: int) -> Operand:
    number = _positive(call, index)
    return NULL if number is None else _double(divide_logarithms(call.ctx.stage, number, base))


def _positive(call: Call, index: int) -> pl.Expr | None:
    """Return an argument that must be above 0, or None for NULL itself."""
    value = call.double(index)
    if value.kind is None:
        return None
    number = call.ctx.stage(value.expr)
    fault = "is the logarithm of 0 or a negative number in some rows."
    return call.ctx.stage(call.ctx.require(number > 0.0, number, fault, _NULL_HINT))


def _angle(call: Call) -> pl.Expr | None:
    value = call.double(0)
    if value.kind is None:
        return None
    angle = call.ctx.stage(value.expr)
    fault = "has an angle beyond 2**30 in some rows."
    return call.ctx.stage(call.ctx.require(angle.abs() <= MAX_ANGLE, angle, fault, "Take a remainder of a full turn."))


def _double(expr: pl.Expr) -> Value:
    return Value(expr, Kind.FLOAT)


MATH_FUNCTIONS: dict[str, Function] = {
    "PI": _pi,
    "EXP": _exponential,
    "DEXP": _exponential,
    "LN": _natural,
    "DLOG1": _natural,
    "LOG": _logarithm,
    "LOG2": _binary_logarithm,
    "LOG10": _decimal_logarithm,
    "DLOG10": _decimal_logarithm,
    "CBRT": _cube_root,
    "SIN": _sine,
    "COS": _cosine,
    "TAN": _tangent,
    "RADIANS": _radians,
    "DEGREES": _degrees,
}
