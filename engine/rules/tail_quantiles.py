"""The quantiles of a continuous law at probabilities that halve towards both ends, between two bounds.

Bounds cut the law, they do not clamp it: with F the distribution function, the probability p of a quantile becomes
F(low) + p * (F(high) - F(low)). Each half is computed from its own end (`ppf` below, `isf` above), so that a tail of
2**-64 is as exact as the middle.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from engine.rules.integrated_curves import integrated_curve, needs_integration
from engine.rules.laws import Floats, Law, distribution, quiet, rounded, scipy_stats

OCTAVES = 63
PARTS = 128
# scipy's default `isf` is ppf(1 - p), which has no digits left for smaller p.
_SHALLOW_TAIL = 2.0**-44
_STEADY = 20
# Bounds beyond, such as the range of a double, do not cut.
_ENDLESS = 1e300


def tails() -> Floats:
    """Return the tail probabilities of the knots: 2**-64 up to 1/2, with 128 even steps in each doubling."""
    octaves = np.ldexp(1.0, np.arange(OCTAVES) - 64)
    parts = 1 + np.arange(PARTS) / PARTS
    return np.append(np.outer(octaves, parts).ravel(), 0.5)


@lru_cache(maxsize=64)
def standard_quantiles(law: Law, low: float, high: float) -> tuple[Floats, Floats]:
    """Return the lower and the upper quantiles at `tails()` of the law between the bounds, as (x - loc) / scale.

    The bounds may be infinite. They are rounded to 40 significant bits. Raises `ValueError` when the law has no
    probability between the bounds.
    """
    low, high = (math.copysign(math.inf, bound) if abs(bound) > _ENDLESS else bound for bound in (low, high))
    if not low <= high:
        raise ValueError("has no values between these bounds.")
    with quiet():
        curve = curve_of(law)
        ends = (low - law.loc) / law.scale, (high - law.loc) / law.scale
        lower, upper = _cut(curve, *ends)
        start, end = float(curve.ppf(0.0)), float(curve.ppf(1.0))
        ends = max(ends[0], start), min(ends[1], end)
        return _clean(lower, ends, -1), _clean(upper, ends, 1)


def curve_of(law: Law) -> Any:
    """Return an object with cdf, sf, ppf and isf for the law's Z."""
    if needs_integration(law.name):
        return integrated_curve(law.name, law.shapes)
    return distribution(law.name)(*law.shapes)


def _cut(curve: Any, low: float, high: float) -> tuple[Floats, Floats]:
    p = tails()
    if low == -math.inf and high == math.inf:
        return curve.ppf(p), _inverse_survival(curve, p)
    below, above = float(curve.cdf(low)), float(curve.sf(low))
    top, rest = float(curve.cdf(high)), float(curve.sf(high))
    mass = above - rest if below > 0.5 else top - below
    if not mass > 1e-290:
        raise ValueError("has no probability between these bounds.")
    lower = _quantile(curve, below + p * mass, above - p * mass)
    upper = _quantile(curve, top - p * mass, rest + p * mass)
    return lower, upper


def _quantile(curve: Any, below: Floats, above: Floats) -> Floats:
    """Return the quantiles that have these probabilities below and above them, using the smaller, exact one."""
    result = np.empty_like(below)
    is_low = below <= 0.5
    result[is_low] = curve.ppf(below[is_low])
    result[~is_low] = _inverse_survival(curve, above[~is_low])
    return result


def _inverse_survival(curve: Any, above: Floats) -> Floats:
    result: Floats = np.array(curve.isf(above), dtype=np.float64)
    kind = type(getattr(curve, "dist", curve))
    if getattr(kind, "_isf", None) is scipy_stats().rv_continuous._isf:
        result[above < _SHALLOW_TAIL] = math.nan
    return result


def _clean(values: Floats, ends: tuple[float, float], direction: int) -> Floats:
    """Make quantiles usable: finite, monotone from the middle out, inside the ends, of 40 bits.

    Where scipy fails in a deep tail, the last good quantiles are continued by as much in each halving.
    """
    p = tails()
    is_good = np.isfinite(values)
    first = len(p) if not is_good[-1] else len(p) - int(np.argmin(is_good[::-1])) if not is_good.all() else 0
    if first > (64 - _STEADY) * PARTS:
        raise ValueError("cannot be computed by scipy with these parameters.")
    if first > 0:
        slope = values[first] - values[first + PARTS]
        values = values.copy()
        values[:first] = values[first] + slope * np.log2(p[first] / p[:first])
    outwards = values[::-1] * direction
    values = np.maximum.accumulate(outwards)[::-1] * direction
    cleaned: Floats = np.clip(rounded(np.clip(values, *ends)), *ends)
    cleaned.flags.writeable = False
    return cleaned
