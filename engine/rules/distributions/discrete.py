"""Discrete laws as cells: every distribution of scipy.stats over whole numbers, and zipf to any bound.

With up to 32,768 possible values, each has its exact weight; a wider law (poisson of a million, zipf) has exact weights
for the first 16,384 values and cells above. Values rarer than about once in 10**18 draws are left out.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np

from engine.rules.distributions.cells import Cells, make_cells_between
from engine.rules.distributions.exact_math import power
from engine.rules.distributions.laws import ZIPF, Floats, Law, LawError, distribution, silence_warnings

_NEGLIGIBLE = 1e-19
_MAX = 2**62
Weight = Callable[[Floats], Floats]


@lru_cache(maxsize=64)
def discrete_cells(law: Law, low: int, high: int) -> Cells:
    """Return the cells of a discrete law's values from `low` to `high` inclusive.

    Raises `LawError` when the law has no value there, or a `loc` that is not a whole number.
    """
    if law.loc != math.floor(law.loc):
        raise LawError("has only whole values, so loc must be a whole number.")
    shift = int(law.loc)
    low, high = low - shift, high - shift
    with silence_warnings():
        first, last, weight = _zipf(law, low, high) if law.name == ZIPF else _scipy(law, low, high)
        steepness = law.shapes[0] if law.name == ZIPF else 1.0
        cells = make_cells_between(first, last, weight, steepness=steepness)
    return replace(cells, first=cells.first + shift, last=cells.last + shift)


def smallest_value(law: Law) -> float:
    """Return the smallest value of a discrete law, possibly minus infinity."""
    return (1.0 if law.name == ZIPF else float(distribution(law.name).support(*law.shapes)[0])) + law.loc


def _zipf(law: Law, low: int, high: int) -> tuple[int, int, Weight]:
    """Return the range and the weights k ** -s, relative to the first; scipy's zipf accepts only s above 1."""
    s, first = law.shapes[0], max(low, 1)
    last = min(high, _MAX)
    if first > last:
        raise LawError("has no values between these bounds.")

    def weight(k: Floats) -> Floats:
        return power(k / first, -s)

    return first, _end(weight, first, last), weight


def _scipy(law: Law, low: int, high: int) -> tuple[int, int, Weight]:
    found = distribution(law.name)(*law.shapes)
    start, end = found.support()
    low = max(low, -_MAX if start == -math.inf else int(start))
    high = min(high, _MAX if end == math.inf else int(end))
    middle = found.median()
    if low > high or not math.isfinite(middle):
        raise LawError("has no values between these bounds.")
    middle = min(max(int(middle), low), high)

    def weight(k: Floats) -> Floats:
        weights: Floats = found.pmf(k)
        return weights

    def mirrored(k: Floats) -> Floats:
        return weight(-k)

    return -_end(mirrored, -middle, -low), _end(weight, middle, high), weight


def _end(weight: Weight, middle: int, last: int) -> int:
    """Return the last value up to `last` that is not negligible, for weights that fall from `middle` on.

    The comparison uses weights, which scipy computes to many digits, so that all machines agree on the end.
    """

    def is_negligible(value: int) -> bool:
        at, top = weight(np.array([value, middle], dtype=np.float64))
        return bool(at * (value - middle + 1) <= _NEGLIGIBLE * top)

    if not is_negligible(last):
        return last
    kept, dropped = middle, last
    step = 1
    while middle + step < dropped and not is_negligible(middle + step):
        kept, step = middle + step, step * 2
    dropped = min(middle + step, dropped)
    while dropped - kept > 1:
        half = (kept + dropped) // 2
        kept, dropped = (kept, half) if is_negligible(half) else (half, dropped)
    return dropped
