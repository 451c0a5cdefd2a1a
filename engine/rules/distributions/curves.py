"""The quantile functions of the laws, identical on every machine as far as possible.

The common laws (`exact_laws.py`) are computed from + - * / and square roots alone and are identical to the last bit.
All others come from scipy, whose last bits differ between machines, and are rounded to 32 significant bits: a
difference then remains at a few of the thousands of knots, for one law in a hundred.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.rules.distributions.exact_laws import EXACT_LAWS, Quantile
from engine.rules.distributions.integrated_curves import integrate_curve, needs_integration
from engine.rules.distributions.laws import Floats, Law, distribution, round_bits, scipy_stats

_SHARE_BITS = 40
_OF_SHARES = frozenset({"arcsine", "beta"})
# scipy's default `isf` is ppf(1 - p), which has no significant digits for smaller p.
_SHALLOW_TAIL = 2.0**-44


@dataclass(frozen=True)
class Curve:
    """A standard law: its support, CDF and survival function, and their inverses for probabilities p up to 1/2.

    `ppf` and `isf` return NaN where they have no significant digits.
    """

    ends: tuple[float, float]
    cdf: Callable[[Any], Any]
    sf: Callable[[Any], Any]
    ppf: Quantile
    isf: Quantile


def make_curve(law: Law) -> Curve:
    """Return the curve of the law's Z."""
    exact = EXACT_LAWS.get(law.name)
    if exact is not None:
        ppf, isf = exact.quantiles(*law.shapes)
        return Curve(
            exact.ends,
            lambda x: round_bits(exact.cdf(law.shapes, np.asarray(x, dtype=np.float64)), _SHARE_BITS),
            lambda x: round_bits(exact.sf(law.shapes, np.asarray(x, dtype=np.float64)), _SHARE_BITS),
            ppf,
            isf,
        )
    found = distribution(law.name)(*law.shapes)
    source = integrate_curve(law.name, law.shapes) if needs_integration(law.name) else found
    if law.name in _OF_SHARES:
        # Near 1 a float has few digits: the distance from 1 is rounded instead.
        mirror = distribution(law.name)(*reversed(law.shapes))
        ppf, isf = lambda p: round_bits(source.ppf(p)), lambda p: 1.0 - round_bits(mirror.ppf(p))
    else:
        ppf, isf = lambda p: round_bits(source.ppf(p)), lambda p: round_bits(_compute_isf(source, p))
    start, end = found.support()
    return Curve(
        (float(start), float(end)),
        lambda x: round_bits(source.cdf(x), _SHARE_BITS),
        lambda x: round_bits(source.sf(x), _SHARE_BITS),
        ppf,
        isf,
    )


def _compute_isf(source: Any, shares: Floats) -> Floats:
    values: Floats = np.array(source.isf(shares), dtype=np.float64)
    kind = type(getattr(source, "dist", source))
    if getattr(kind, "_isf", None) is scipy_stats().rv_continuous._isf:
        values[shares < _SHALLOW_TAIL] = np.nan
    return values
