"""Exponential, logarithm, power, sine and cosine of doubles, with the same bits on every processor.

They are made of + - * /, comparisons and the bits of a double alone: the argument is reduced to a short range, in which
a Taylor series with correctly rounded coefficients is summed. Results differ from the exact ones by less than 1 unit
in the last place (tangents by less than 3), and exact results, such as LOG(10, 1000) = 3, are exact.
"""

from __future__ import annotations

from fractions import Fraction
from math import factorial

import polars as pl

from engine.rules.derived.double_pairs import (
    Pair,
    Stage,
    add,
    add_doubles,
    add_smaller,
    divide,
    multiply,
    multiply_doubles,
)

PI = float.fromhex("0x1.921fb54442d18p+1")
MAX_ANGLE = 2.0**30
MAX_EXPONENT = float.fromhex("0x1.62e42fefa39efp+9")
"""The largest number whose exponential is a double: 709.78..."""

# ln 2 and pi / 2 in parts of so few bits that a part times the number of periods is exact; the last parts are rounded.
_LN2 = tuple(map(float.fromhex, ("0x1.62e42fee00000p-1", "0x1.a39ef35600000p-33", "0x1.93c7673007e5fp-65")))
_HALF_PI = tuple(
    map(
        float.fromhex,
        (
            "0x1.921fb00000000p+0",
            "0x1.5110b00000000p-22",
            "0x1.1846980000000p-44",
            "0x1.3198a00000000p-69",
            "0x1.701b839a25205p-92",
        ),
    )
)
_INVERSE_LN2 = float.fromhex("0x1.71547652b82fep+0")
_INVERSE_HALF_PI = float.fromhex("0x1.45f306dc9c883p-1")
_LOWEST = -800.0
_ROOT_TWO = float.fromhex("0x1.6a09e667f3bcdp+0")
_MANTISSA, _ONE_BITS, _BIAS = 2**52, 1023 << 52, 1023
_SUBNORMAL, _TINY = 2.0**-1022, 54

_EXP_TERMS = [Fraction(1, factorial(n)) for n in range(2, 15)]
_SIN_TERMS = [Fraction((-1) ** n, factorial(2 * n + 1)) for n in range(1, 10)]
_COS_TERMS = [Fraction((-1) ** n, factorial(2 * n)) for n in range(2, 11)]
_LOG_TERMS = [Fraction(2, 2 * n + 1) for n in range(3, 15)]


def exponential(stage: Stage, power: Pair) -> pl.Expr:
    """Return e ** power, 0 below the range of doubles; `power` is at most `MAX_EXPONENT`."""
    number = stage(power.high.clip(_LOWEST, MAX_EXPONENT))
    turns = stage((number * _INVERSE_LN2 + 0.5).floor())
    upper = add_doubles(stage, stage(number - turns * _LN2[0]), stage(turns * -_LN2[1]))
    small = stage(upper.low + (power.low - turns * _LN2[2]))
    rest = add_smaller(stage, upper.high, small)
    x = rest.high
    start = add_smaller(stage, pl.lit(1.0), x)
    value = stage(start.high + (start.low + (x * x * _series(x, _EXP_TERMS) + rest.low)))
    half = stage((turns * 0.5).floor())
    return value * _power_of_two(half) * _power_of_two(turns - half)


def logarithm(stage: Stage, number: pl.Expr) -> Pair:
    """Return the natural logarithm of a positive number, accurate to 2**-64 of itself."""
    is_tiny = number < _SUBNORMAL
    scaled = stage(pl.when(is_tiny).then(number * 2.0**_TINY).otherwise(number))
    bits = stage(scaled.reinterpret(dtype=pl.UInt64))
    low_bits = bits % pl.lit(_MANTISSA, dtype=pl.UInt64)
    fraction = stage((low_bits + pl.lit(_ONE_BITS, dtype=pl.UInt64)).reinterpret(dtype=pl.Float64))
    is_upper = fraction > _ROOT_TWO
    exponent = (bits // pl.lit(_MANTISSA, dtype=pl.UInt64)).cast(pl.Float64) - float(_BIAS)
    exponent = (
        exponent - pl.when(is_tiny).then(float(_TINY)).otherwise(0.0) + pl.when(is_upper).then(1.0).otherwise(0.0)
    )
    turns = stage(exponent)
    mantissa = stage(pl.when(is_upper).then(fraction * 0.5).otherwise(fraction))
    near = _twice_atanh(stage, mantissa)
    whole = add_smaller(stage, stage(turns * _LN2[0]), stage(turns * _LN2[1]))
    total = add_doubles(stage, whole.high, near.high)
    return add_smaller(stage, total.high, stage(total.low + (near.low + (whole.low + turns * _LN2[2]))))


def power(stage: Stage, base: pl.Expr, exponent: Pair) -> Pair:
    """Return the logarithm of base ** exponent for a positive base."""
    return multiply(stage, logarithm(stage, base), exponent)


def divide_logarithms(stage: Stage, number: pl.Expr, base: pl.Expr) -> pl.Expr:
    """Return the logarithm of a positive number to a positive base other than 1."""
    quotient = divide(stage, logarithm(stage, number), logarithm(stage, base))
    return quotient.high + quotient.low


def sine_and_cosine(stage: Stage, angle: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return sine and cosine of an angle in radians of at most `MAX_ANGLE`."""
    turns = stage((angle * _INVERSE_HALF_PI + 0.5).floor())
    rest = Pair(angle, pl.lit(0.0))
    for part in _HALF_PI:
        moved = add_doubles(stage, rest.high, stage(turns * -part))
        rest = add_smaller(stage, moved.high, stage(moved.low + rest.low))
    x, low = rest.high, rest.low
    square = stage(x * x)
    sine = stage(x + (square * x * _series(square, _SIN_TERMS) + low * (1.0 - square * 0.5)))
    half = stage(square * 0.5)
    top = stage(1.0 - half)
    cosine = stage(top + (((1.0 - top) - half) + (square * square * _series(square, _COS_TERMS) - x * low)))
    quarter = stage(turns.cast(pl.Int64) % 4)
    is_odd = (quarter == 1) | (quarter == 3)
    sine_part = pl.when(is_odd).then(cosine).otherwise(sine)
    cosine_part = pl.when(is_odd).then(sine).otherwise(cosine)
    return (
        stage(pl.when(quarter >= 2).then(-sine_part).otherwise(sine_part)),
        stage(pl.when((quarter == 1) | (quarter == 2)).then(-cosine_part).otherwise(cosine_part)),
    )


def _twice_atanh(stage: Stage, mantissa: pl.Expr) -> Pair:
    """Return the logarithm of a number near 1 as 2 atanh(s), s = (m - 1) / (m + 1): 2 s + 2/3 s**3 + 2/5 s**5 + ..."""
    one = pl.lit(1.0)
    above = stage(mantissa - 1.0)
    s = divide(stage, Pair(above, pl.lit(0.0)), add_doubles(stage, mantissa, one))
    square = multiply(stage, s, s)
    tail = stage(_series(square.high, _LOG_TERMS))
    total = add(stage, _pair_of(Fraction(2, 5)), multiply_doubles(stage, square.high, tail))
    total = add(stage, _pair_of(Fraction(2, 3)), multiply(stage, square, total))
    total = add(stage, _pair_of(Fraction(2)), multiply(stage, square, total))
    return multiply(stage, s, total)


def _pair_of(number: Fraction) -> Pair:
    high = float(number)
    return Pair(pl.lit(high), pl.lit(float(number - Fraction(high))))


def third() -> Pair:
    """Return 1/3."""
    return _pair_of(Fraction(1, 3))


def _series(x: pl.Expr, terms: list[Fraction]) -> pl.Expr:
    """Return terms[0] + terms[1] * x + terms[2] * x**2 + ..."""
    total: pl.Expr = pl.lit(float(terms[-1]))
    for term in reversed(terms[:-1]):
        total = total * x + float(term)
    return total


def _power_of_two(exponent: pl.Expr) -> pl.Expr:
    """Return 2 ** exponent for whole numbers from -1022 to 1023."""
    bits = (exponent + float(_BIAS)).cast(pl.UInt64) * pl.lit(_MANTISSA, dtype=pl.UInt64)
    return bits.reinterpret(dtype=pl.Float64)
