"""The quantile functions of the laws, identical on every machine as far as possible.

The common laws are computed from + - * / and square roots alone and are identical to the last bit. All others come
from scipy, whose last bits differ between machines, and are rounded to 32 significant bits: a difference then remains
at a few of the thousands of knots, for one law in a hundred.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.rules.distributions.exact_math import exp, log, log1p
from engine.rules.distributions.integrated_curves import integrate_curve, needs_integration
from engine.rules.distributions.laws import Floats, Law, distribution, round_bits, scipy_stats

_SHARE_BITS = 40
_OF_SHARES = frozenset({"arcsine", "beta"})
# scipy's default `isf` is ppf(1 - p), which has no significant digits for smaller p.
_SHALLOW_TAIL = 2.0**-44

Quantile = Callable[[Floats], Floats]


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
    found = distribution(law.name)(*law.shapes)
    source = integrate_curve(law.name, law.shapes) if needs_integration(law.name) else found
    if law.name in _EXACT:
        ppf, isf = _EXACT[law.name](*law.shapes)
    elif law.name in _OF_SHARES:
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


def _normal_depth(p: Floats) -> Floats:
    """Return the distance below the mean of the standard normal quantile at p, p up to 1/2.

    Algorithm AS 241 (Wichura: "The percentage points of the normal distribution", Applied Statistics 37, 1988).
    """
    centre = 0.5 - p
    middle = centre * _evaluate_ratio(_MIDDLE, 0.180625 - centre * centre)
    root = np.sqrt(-log(p))
    tail = np.where(root <= 5, _evaluate_ratio(_NEAR_TAIL, root - 1.6), _evaluate_ratio(_FAR_TAIL, root - 5.0))
    return np.where(centre <= 0.425, middle, tail)


def _evaluate_ratio(coefficients: tuple[tuple[float, ...], tuple[float, ...]], x: Floats) -> Floats:
    above, below = (np.zeros_like(x) for _ in range(2))
    for upper, lower in zip(*coefficients, strict=True):
        above, below = above * x + upper, below * x + lower
    return above / below


def _normal() -> tuple[Quantile, Quantile]:
    return lambda p: -_normal_depth(p), _normal_depth


def _lognormal(s: float) -> tuple[Quantile, Quantile]:
    return lambda p: exp(_normal_depth(p) * -s), lambda p: exp(_normal_depth(p) * s)


def _exponential() -> tuple[Quantile, Quantile]:
    return lambda p: -log1p(-p), lambda p: -log(p)


def _pareto(b: float) -> tuple[Quantile, Quantile]:
    return lambda p: exp(log1p(-p) / -b), lambda p: exp(log(p) / -b)


def _weibull(c: float) -> tuple[Quantile, Quantile]:
    return lambda p: exp(log(-log1p(-p)) / c), lambda p: exp(log(-log(p)) / c)


def _laplace() -> tuple[Quantile, Quantile]:
    return lambda p: log(2.0 * p), lambda p: -log(2.0 * p)


def _logistic() -> tuple[Quantile, Quantile]:
    return lambda p: log(p) - log1p(-p), lambda p: log1p(-p) - log(p)


def _triangular(mode: float) -> tuple[Quantile, Quantile]:
    def ppf(p: Floats) -> Floats:
        return np.where(p < mode, np.sqrt(mode * p), 1.0 - np.sqrt((1.0 - mode) * (1.0 - p)))

    def isf(p: Floats) -> Floats:
        return np.where(1.0 - p < mode, np.sqrt(mode * (1.0 - p)), 1.0 - np.sqrt((1.0 - mode) * p))

    return ppf, isf


_EXACT: dict[str, Callable[..., tuple[Quantile, Quantile]]] = {
    "norm": _normal,
    "lognorm": _lognormal,
    "expon": _exponential,
    "pareto": _pareto,
    "weibull_min": _weibull,
    "laplace": _laplace,
    "logistic": _logistic,
    "triang": _triangular,
}


def _parse_numbers(text: str) -> tuple[float, ...]:
    return tuple(float(number) for number in text.split())


# The coefficients of AS 241, highest power first: numerator, then denominator of each fraction.
_MIDDLE = (
    _parse_numbers(
        "2509.0809287301226727 33430.575583588128105 67265.770927008700853 45921.953931549871457 "
        "13731.693765509461125 1971.5909503065514427 133.14166789178437745 3.3871328727963666080"
    ),
    _parse_numbers(
        "5226.4952788528545610 28729.085735721942674 39307.895800092710610 21213.794301586595867 "
        "5394.1960214247511077 687.18700749205790830 42.313330701600911252 1.0"
    ),
)
_NEAR_TAIL = (
    _parse_numbers(
        "7.74545014278341407640e-4 2.27238449892691845833e-2 0.241780725177450611770 1.27045825245236838258 "
        "3.64784832476320460504 5.76949722146069140550 4.63033784615654529590 1.42343711074968357734"
    ),
    _parse_numbers(
        "1.05075007164441684324e-9 5.47593808499534494600e-4 1.51986665636164571966e-2 0.148103976427480074590 "
        "0.689767334985100004550 1.67638483018380384940 2.05319162663775882187 1.0"
    ),
)
_FAR_TAIL = (
    _parse_numbers(
        "2.01033439929228813265e-7 2.71155556874348757815e-5 1.24266094738807843860e-3 2.65321895265761230930e-2 "
        "0.296560571828504891230 1.78482653991729133580 5.46378491116411436990 6.65790464350110377720"
    ),
    _parse_numbers(
        "2.04426310338993978564e-15 1.42151175831644588870e-7 1.84631831751005468180e-5 7.86869131145613259100e-4 "
        "1.48753612908506148525e-2 0.136929880922735805310 0.599832206555887937690 1.0"
    ),
)
