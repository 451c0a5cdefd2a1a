"""Numbers as the unevaluated sum of two doubles, with about 106 bits.

Every operation is made of + - * /, which IEEE 754 rounds in one way on every processor. Polars computes each by itself,
so none is fused with the next. See T. J. Dekker, "A floating-point technique for extending the available precision",
Numerische Mathematik 18 (1971).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

Stage = Callable[[pl.Expr], pl.Expr]
"""Adds an expression to the plan as a column, so that using it twice is free."""

_SPLITTER = 2.0**27 + 1


@dataclass(frozen=True)
class Pair:
    """high + low, where low is at most half a unit in the last place of high."""

    high: pl.Expr
    low: pl.Expr


def add_doubles(stage: Stage, a: pl.Expr, b: pl.Expr) -> Pair:
    """Return a + b exactly."""
    total = stage(a + b)
    part = stage(total - a)
    return Pair(total, stage((a - (total - part)) + (b - part)))


def add_smaller(stage: Stage, a: pl.Expr, b: pl.Expr) -> Pair:
    """Return a + b exactly, where |a| is not less than |b|, or a is 0."""
    total = stage(a + b)
    return Pair(total, stage(b - (total - a)))


def multiply_doubles(stage: Stage, a: pl.Expr, b: pl.Expr) -> Pair:
    """Return a * b exactly, for numbers below 2**996 whose product is not tiny."""
    product = stage(a * b)
    a_high, a_low = _split(stage, a)
    b_high, b_low = _split(stage, b)
    return Pair(product, stage(((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low))


def add(stage: Stage, a: Pair, b: Pair) -> Pair:
    """Return a + b."""
    total = add_doubles(stage, a.high, b.high)
    return add_smaller(stage, total.high, stage(total.low + (a.low + b.low)))


def multiply(stage: Stage, a: Pair, b: Pair) -> Pair:
    """Return a * b."""
    product = multiply_doubles(stage, a.high, b.high)
    return add_smaller(stage, product.high, stage(product.low + (a.high * b.low + a.low * b.high)))


def divide(stage: Stage, a: Pair, b: Pair) -> Pair:
    """Return a / b."""
    first = stage(a.high / b.high)
    back = multiply_doubles(stage, first, b.high)
    rest = stage((((a.high - back.high) - back.low) + a.low) - first * b.low)
    return add_smaller(stage, first, stage(rest / b.high))


def _split(stage: Stage, number: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    large = stage(number * _SPLITTER)
    high = stage(large - (large - number))
    return high, stage(number - high)
