"""Distribution functions by integrating a density, for laws whose quantiles scipy finds by slow root search.

The support is mapped to t so that both ends are reached in even steps (an infinite end by exp(t), a finite one by
exp(-|t|)), and t is centred where the probability is. The density is summed from both ends, so that small tails keep
their precision, and quantiles are interpolated in t over log probabilities, which is smooth.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from engine.rules.distributions.laws import Floats, LawError, distribution, scipy_stats

_REACH = 50.0
_PANELS = 4000
_POINTS = 5
_PASSES = 3
# The density of these takes a millisecond per point; their distribution functions are sampled at fewer points.
_SLOW = frozenset({"ksone", "kstwo", "kstwobign", "levy_stable", "studentized_range"})
_SLOW_REACH, _SLOW_PLACES, _SLOW_DIGITS = 12.0, 241, 1e-12
_MASS_ERROR = 1e-5


def needs_integration(name: str) -> bool:
    """Whether scipy's quantile function of the distribution is missing or very slow."""
    return name in _SLOW or type(distribution(name))._ppf is scipy_stats().rv_continuous._ppf


@dataclass(frozen=True)
class Line:
    """A map between a support (start, end) and the real line t: x(t), its derivative, and its inverse."""

    x: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    t: Callable[[Floats], Floats]


@dataclass(frozen=True)
class IntegratedCurve:
    """The CDF, the survival function and their inverses, by interpolation."""

    line: Line
    start: float
    end: float
    lower: Any
    upper: Any
    lower_t: Any
    upper_t: Any

    def cdf(self, x: Any) -> Any:
        """Return the probabilities below x."""
        return np.where(np.asarray(x) < self.end, self._share(x, self.lower, self.upper), 1.0)

    def sf(self, x: Any) -> Any:
        """Return the probabilities above x."""
        return np.where(np.asarray(x) > self.start, self._share(x, self.upper, self.lower), 1.0)

    def ppf(self, p: Any) -> Any:
        """Return the values with probability p below them."""
        return self._inverse(p, self.lower_t, self.start, self.end)

    def isf(self, p: Any) -> Any:
        """Return the values with probability p above them."""
        return self._inverse(p, self.upper_t, self.end, self.start)

    def _share(self, x: Any, own: Any, other: Any) -> Any:
        """Return the smaller share from its table, the larger as 1 minus the other; 0 outside the support."""
        x = np.asarray(x, dtype=np.float64)
        is_inside = (x > self.start) & (x < self.end)
        t = self.line.t(np.where(is_inside, x, self.ppf(0.5)))
        share = np.exp(own(t))
        return np.where(is_inside, np.where(share < 0.5, share, 1 - np.exp(other(t))), 0.0)

    def _inverse(self, p: Any, table: Any, at_zero: float, at_one: float) -> Any:
        shares = np.atleast_1d(np.asarray(p, dtype=np.float64))
        inner = np.clip(shares, 1e-300, 1 - 1e-16)
        values = self.line.x(table(np.log(inner)))
        values = np.where(shares <= 0, at_zero, np.where(shares >= 1, at_one, values))
        return values if np.ndim(p) else float(values[0])


@lru_cache(maxsize=16)
def integrate_curve(name: str, shapes: tuple[float, ...]) -> IntegratedCurve:
    """Return the curve of a distribution of scipy.stats; raises `LawError` when its density cannot be integrated."""
    found = distribution(name)
    start, end = (float(end) for end in found.support(*shapes))
    line = _line(start, end)
    if name in _SLOW:
        t = np.linspace(-_SLOW_REACH, _SLOW_REACH, _SLOW_PLACES)
        below = found.cdf(line.x(t), *shapes)
        return _curve(line, start, end, t, below, 1 - below, _SLOW_DIGITS)
    t, below, above = _integrate(lambda x: found.pdf(x, *shapes), line)
    if not abs(below[-1] - 1) < _MASS_ERROR:
        raise LawError("cannot be computed with these parameters.")
    return _curve(line, start, end, t, below / below[-1], above / above[0], 1e-290)


def _line(start: float, end: float) -> Line:
    if math.isinf(start) and math.isinf(end):
        return Line(np.sinh, np.cosh, np.arcsinh)
    if math.isinf(end):
        return Line(lambda t: start + np.exp(t), np.exp, lambda x: np.log(x - start))
    if math.isinf(start):
        return Line(lambda t: end - np.exp(-t), lambda t: np.exp(-t), lambda x: -np.log(end - x))
    width = end - start

    def x(t: Floats) -> Floats:
        near = width / (1 + np.exp(np.abs(t)))
        return np.where(t < 0, start + near, end - near)

    return Line(
        x,
        lambda t: width * np.exp(-np.abs(t)) / (1 + np.exp(-np.abs(t))) ** 2,
        lambda x: np.log((x - start) / (end - x)),
    )


def _integrate(density: Callable[[Floats], Floats], line: Line) -> tuple[Floats, Floats, Floats]:
    """Return points t and the probabilities below and above them, by Gauss-Legendre sums over many panels."""
    nodes, weights = np.polynomial.legendre.leggauss(_POINTS)
    middle, width = 0.0, math.inf
    for _ in range(_PASSES):
        edges = _edges(middle, width)
        half = np.diff(edges) / 2
        t = (edges[:-1] + half)[:, None] + half[:, None] * nodes
        heights = np.nan_to_num(density(line.x(t)) * line.slope(t), nan=0.0, posinf=0.0, neginf=0.0)
        masses = (heights * weights).sum(axis=1) * half
        below = np.append(0.0, np.cumsum(masses))
        above = np.append(np.cumsum(masses[::-1])[::-1], 0.0)
        quarter, middle, three_quarters = np.interp(np.array([0.25, 0.5, 0.75]) * below[-1], below, edges)
        width = max(three_quarters - quarter, 1e-9)
    return edges, below, above


def _edges(middle: float, width: float) -> Floats:
    """Return the edges of panels: even at first, then dense around the middle."""
    if math.isinf(width):
        return np.linspace(-_REACH, _REACH, _PANELS + 1)
    reach = math.asinh(2 * _REACH / width)
    spread = middle + width * np.sinh(np.linspace(-reach, reach, _PANELS + 1))
    return np.unique(np.clip(spread, -_REACH, _REACH))


def _curve(
    line: Line, start: float, end: float, t: Floats, below: Floats, above: Floats, min_share: float
) -> IntegratedCurve:
    low_t, low = _select_rising(t, below, min_share)
    high_t, high = _select_rising(-t[::-1], above[::-1], min_share)
    return IntegratedCurve(
        line,
        start,
        end,
        lower=_interpolate(low_t, low),
        upper=_mirror(_interpolate(high_t, high)),
        lower_t=_interpolate(low, low_t),
        upper_t=_negate(_interpolate(high, high_t)),
    )


def _select_rising(t: Floats, shares: Floats, min_share: float) -> tuple[Floats, Floats]:
    """Return the points where the share is significant and increasing, with its logarithm."""
    is_kept = (shares > min_share) & np.isfinite(shares)
    t, logs = t[is_kept], np.log(shares[is_kept])
    rises = np.append(True, np.diff(np.maximum.accumulate(logs)) > 1e-13)
    if rises.sum() < 16:
        raise LawError("cannot be computed with these parameters.")
    return t[rises], logs[rises]


def _interpolate(x: Floats, y: Floats) -> Callable[[Any], Any]:
    """Return the monotone interpolation of y over x, continued as a straight line below the first x."""
    from scipy.interpolate import PchipInterpolator

    inner = PchipInterpolator(x, y, extrapolate=False)
    near = int(np.searchsorted(x, x[0] + 0.05 * (x[-1] - x[0])))
    slope = (y[max(near, 1)] - y[0]) / (x[max(near, 1)] - x[0])

    def interpolated(at: Any) -> Any:
        inside = inner(np.clip(at, x[0], x[-1]))
        return inside + np.minimum(np.asarray(at) - x[0], 0.0) * slope

    return interpolated


def _mirror(table: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda t: table(-np.asarray(t))


def _negate(table: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda logs: -table(logs)
