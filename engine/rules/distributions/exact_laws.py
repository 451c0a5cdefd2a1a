"""The common laws in closed form: identical to the last bit on every machine, and known without scipy.

Quantiles use + - * / and square roots alone. The distribution functions, from the C library, are rounded where they are
used (`curves.py`); a test compares all of them with scipy's.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.rules.distributions.exact_math import exp, log, log1p
from engine.rules.distributions.laws import Floats

Quantile = Callable[[Floats], Floats]
_ROOT_2 = math.sqrt(2.0)
_ERFC = np.frompyfunc(math.erfc, 1, 1)


@dataclass(frozen=True)
class ExactLaw:
    """A law over `ends`: functions of its shapes that make its quantiles below and above, and its cdf and sf.

    `shares` gets the shapes and x inside of the ends, and returns the probabilities below and above x.
    """

    ends: tuple[float, float]
    quantiles: Callable[..., tuple[Quantile, Quantile]]
    shares: Callable[..., tuple[Floats, Floats]]

    def cdf(self, shapes: tuple[float, ...], x: Floats) -> Floats:
        """Return the probability of values up to x."""
        return self._shares(shapes, x)[0]

    def sf(self, shapes: tuple[float, ...], x: Floats) -> Floats:
        """Return the probability of values above x."""
        return self._shares(shapes, x)[1]

    def _shares(self, shapes: tuple[float, ...], x: Floats) -> tuple[Floats, Floats]:
        low, high = self.ends
        inside = 0.0 if math.isinf(low) else low + 0.5
        with np.errstate(all="ignore"):
            below, above = self.shares(*shapes, np.where((x > low) & (x < high), x, inside))
        beyond = [x <= low, x >= high]
        return np.select(beyond, [0.0, 1.0], below), np.select(beyond, [1.0, 0.0], above)


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


def _normal_shares(x: Floats) -> tuple[Floats, Floats]:
    return 0.5 * _erfc(-x / _ROOT_2), 0.5 * _erfc(x / _ROOT_2)


def _erfc(x: Floats) -> Floats:
    return np.asarray(_ERFC(x), dtype=np.float64)


def _lognormal_shares(s: float, x: Floats) -> tuple[Floats, Floats]:
    return _normal_shares(np.log(x) / s)


def _exponential_shares(x: Floats) -> tuple[Floats, Floats]:
    return -np.expm1(-x), np.exp(-x)


def _pareto_shares(b: float, x: Floats) -> tuple[Floats, Floats]:
    above = x**-b
    return 1.0 - above, above


def _weibull_shares(c: float, x: Floats) -> tuple[Floats, Floats]:
    return _exponential_shares(x**c)


def _laplace_shares(x: Floats) -> tuple[Floats, Floats]:
    tail = 0.5 * np.exp(-np.abs(x))
    return np.where(x > 0, 1.0 - tail, tail), np.where(x > 0, tail, 1.0 - tail)


def _logistic_shares(x: Floats) -> tuple[Floats, Floats]:
    tail = np.exp(-np.abs(x))
    small, large = tail / (1.0 + tail), 1.0 / (1.0 + tail)
    return np.where(x > 0, large, small), np.where(x > 0, small, large)


def _triangular_shares(mode: float, x: Floats) -> tuple[Floats, Floats]:
    rising = x * x / mode if mode > 0 else x
    falling = (x * x - 2.0 * x + mode) / (mode - 1.0) if mode < 1 else x
    below = np.where(x < mode, rising, falling)
    return below, 1.0 - below


_LINE, _FROM_0 = (-math.inf, math.inf), (0.0, math.inf)
EXACT_LAWS = {
    "norm": ExactLaw(_LINE, _normal, _normal_shares),
    "lognorm": ExactLaw(_FROM_0, _lognormal, _lognormal_shares),
    "expon": ExactLaw(_FROM_0, _exponential, _exponential_shares),
    "pareto": ExactLaw((1.0, math.inf), _pareto, _pareto_shares),
    "weibull_min": ExactLaw(_FROM_0, _weibull, _weibull_shares),
    "laplace": ExactLaw(_LINE, _laplace, _laplace_shares),
    "logistic": ExactLaw(_LINE, _logistic, _logistic_shares),
    "triang": ExactLaw((0.0, 1.0), _triangular, _triangular_shares),
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
