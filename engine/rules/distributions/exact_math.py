"""Logarithm and exponential from + - * / alone, so that tables are identical to the last bit on every machine.

Those of numpy differ in the last bit between CPUs. These are accurate to 2 units in the last place.
"""

from __future__ import annotations

import numpy as np

from engine.rules.distributions.laws import Floats

_LN2_HIGH = 0.693147180369123816490
_LN2_LOW = 1.90821492927058770002e-10
_ROOT_HALF = 0.70710678118654752
_NEAR = 0.35
_ATANH_TERMS = 13
_EXP_TERMS = 16


def log(x: Floats) -> Floats:
    """Return the natural logarithms of positive numbers."""
    fractions, exponents = np.frexp(x)
    is_low = fractions < _ROOT_HALF
    fractions = np.where(is_low, fractions * 2.0, fractions)
    exponents = (exponents - is_low).astype(np.float64)
    near: Floats = _twice_atanh((fractions - 1.0) / (fractions + 1.0))
    return exponents * _LN2_HIGH + (near + exponents * _LN2_LOW)


def log1p(x: Floats) -> Floats:
    """Return log(1 + x) for x above -1, accurate for small x as well."""
    near = np.where(np.abs(x) < _NEAR, x, 0.0)
    far = np.where(np.abs(x) < _NEAR, 1.0, 1.0 + x)
    return np.where(np.abs(x) < _NEAR, _twice_atanh(near / (2.0 + near)), log(far))


def exp(x: Floats) -> Floats:
    """Return e to the power of x; infinity or 0 on overflow or underflow."""
    inside = np.clip(x, -800.0, 800.0)
    turns = np.rint(inside / (_LN2_HIGH + _LN2_LOW))
    rest = inside - turns * _LN2_HIGH - turns * _LN2_LOW
    with np.errstate(over="ignore", under="ignore"):
        result: Floats = np.ldexp(1.0 + _expm1(rest), turns.astype(np.int32))
    return result


def expm1(x: Floats) -> Floats:
    """Return exp(x) - 1, accurate for small x as well."""
    is_near = np.abs(x) < _NEAR
    return np.where(is_near, _expm1(np.where(is_near, x, 0.0)), exp(x) - 1.0)


def power(base: Floats, exponent: float) -> Floats:
    """Return positive numbers to a power."""
    return exp(log(base) * exponent)


def _twice_atanh(x: Floats) -> Floats:
    """Return log((1 + x) / (1 - x)) for |x| up to 0.22, by its series."""
    square, total = x * x, np.zeros_like(x)
    for term in range(_ATANH_TERMS, 0, -1):
        total = (total + 1.0 / (2 * term + 1)) * square
    return 2.0 * (x + x * total)


def _expm1(x: Floats) -> Floats:
    """Return exp(x) - 1 for |x| up to 0.35, by its series."""
    total = np.zeros_like(x)
    for term in range(_EXP_TERMS, 1, -1):
        total = (total + 1.0) * x / term
    return x + x * total
