"""The quantiles of a continuous law at probabilities that halve towards both ends, between two bounds.

Bounds truncate the law, they do not clamp it: with F the distribution function, the probability p of a quantile becomes
F(low) + p * (F(high) - F(low)). Each half is computed from its own end (`ppf` below, `isf` above), so that a tail of
2**-64 is as exact as the middle.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache
from importlib.metadata import version

import numpy as np

from engine.rules.distributions.curves import Curve, make_curve
from engine.rules.distributions.laws import Floats, Law, LawError, silence_warnings
from engine.system.disk_cache import cached_bytes, code_digest

OCTAVES = 63
PARTS = 128
_STEADY = 20
# Bounds beyond this, such as the range of a double, do not truncate.
_ENDLESS = 1e300
_MIN_MASS = 1e-290
_NARROW = 2.0**-16
# Between bounds that hold a smaller part of the probability than this, the density is treated as even.
_SLIVER = 2.0**-30


def tail_probabilities() -> Floats:
    """Return the tail probabilities of the knots: 2**-64 up to 1/2, with 128 even steps in each doubling."""
    octaves = np.ldexp(1.0, np.arange(OCTAVES) - 64)
    parts = 1 + np.arange(PARTS) / PARTS
    return np.append(np.outer(octaves, parts).ravel(), 0.5)


@lru_cache(maxsize=64)
def compute_quantiles(law: Law, low: float, high: float) -> tuple[Floats, Floats]:
    """Return the lower and the upper quantiles at `tails()` of the law between the bounds, as (x - loc) / scale.

    The bounds may be infinite. Raises `LawError` when the law has no probability between the bounds.
    """
    low, high = (math.copysign(math.inf, bound) if abs(bound) > _ENDLESS else bound for bound in (low, high))
    if not low <= high:
        raise LawError("has no values between these bounds.")
    key = json.dumps([law.name, law.shapes, law.loc, law.scale, low, high, np.__version__, version("scipy")])
    content = cached_bytes(
        "quantiles", f"{key} {code_digest(__package__)}", lambda: _to_bytes(*_compute(law, low, high))
    )
    assert content is not None
    lower, upper = np.frombuffer(content, dtype="<f8").reshape(2, -1)
    return lower, upper


def _to_bytes(lower: Floats, upper: Floats) -> bytes:
    return np.concatenate([lower, upper]).astype("<f8").tobytes()


def _compute(law: Law, low: float, high: float) -> tuple[Floats, Floats]:
    with silence_warnings():
        curve = make_curve(law)
        ends = (low - law.loc) / law.scale, (high - law.loc) / law.scale
        lower, upper = _cut(curve, *ends)
        ends = max(ends[0], curve.ends[0]), min(ends[1], curve.ends[1])
        return _clean(lower, ends, -1), _clean(upper, ends, 1)


def _cut(curve: Curve, low: float, high: float) -> tuple[Floats, Floats]:
    p = tail_probabilities()
    if low == -math.inf and high == math.inf:
        return curve.ppf(p), curve.isf(p)
    below, above = float(curve.cdf(low)), float(curve.sf(low))
    top, rest = float(curve.cdf(high)), float(curve.sf(high))
    mass = above - rest if below > 0.5 else top - below
    outside = min(top, above)
    if math.isfinite(low) and math.isfinite(high) and outside > _MIN_MASS and mass < _SLIVER * outside:
        return low + p * (high - low), high - p * (high - low)
    if not mass > _MIN_MASS:
        raise LawError("has no probability between these bounds.")
    lower = _quantile(curve, below + p * mass, above - p * mass)
    upper = _quantile(curve, top - p * mass, rest + p * mass)
    if mass < _NARROW:
        ends = _quantile(curve, np.array([below, top]), np.array([above, rest]))
        return _pin(lower, ends, low, high), _pin(upper, ends, low, high)
    return lower, upper


def _pin(values: Floats, ends: Floats, low: float, high: float) -> Floats:
    """Shift quantiles so that those at the bounds equal the bounds, which rounding would miss for narrow bounds."""
    if not (np.isfinite(ends).all() and ends[0] < ends[1] and math.isfinite(low) and math.isfinite(high)):
        return values
    pinned: Floats = low + (values - ends[0]) * ((high - low) / (ends[1] - ends[0]))
    return pinned


def _quantile(curve: Curve, below: Floats, above: Floats) -> Floats:
    """Return the quantiles with these probabilities below and above them, from the smaller, more exact one."""
    result = np.empty_like(below)
    is_low = below <= 0.5
    result[is_low] = curve.ppf(below[is_low])
    result[~is_low] = curve.isf(above[~is_low])
    return result


def _clean(values: Floats, ends: tuple[float, float], direction: int) -> Floats:
    """Make quantiles finite, monotone from the middle outwards, and within the ends.

    Where scipy fails in a deep tail, the last valid quantiles are extrapolated with the same step for each halving.
    """
    p = tail_probabilities()
    is_good = np.isfinite(values)
    first = len(p) if not is_good[-1] else len(p) - int(np.argmin(is_good[::-1])) if not is_good.all() else 0
    if first > (64 - _STEADY) * PARTS:
        raise LawError("cannot be computed by scipy with these parameters.")
    if first > 0:
        slope = values[first] - values[first + PARTS]
        values = values.copy()
        values[:first] = values[first] + slope * np.log2(p[first] / p[:first])
    outwards = values[::-1] * direction
    values = np.maximum.accumulate(outwards)[::-1] * direction
    cleaned: Floats = np.clip(values, *ends)
    cleaned.flags.writeable = False
    return cleaned
