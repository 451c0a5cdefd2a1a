"""Popularity as weights of ranks: what a distribution of parents gives each rank, 0 the first.

Ranks come in bands of neighbours with nearly equal weights, so that a few hundred bands describe any number of ranks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.rules.distributions.discrete import smallest_value
from engine.rules.distributions.exact_math import power
from engine.rules.distributions.laws import ZIPF, Floats, Law, LawError, distribution, round_bits, silence_warnings

_SINGLES = 64
_GROWTH = 16
_PARTS = 256


@dataclass(frozen=True)
class Bands:
    """Bands of ranks: the first rank of each, the number of ranks in it, and its weight (largest 1, none 0)."""

    starts: np.ndarray
    widths: np.ndarray
    weights: Floats

    def __len__(self) -> int:
        return len(self.starts)


@lru_cache(maxsize=64)
def make_bands(law: Law, size: int) -> Bands:
    """Return the bands of the ranks [0, size); ranks that never occur are left out.

    Raises `LawError` when no rank can occur.
    """
    edges = [0]
    while edges[-1] < size:
        step = max(1, (edges[-1] - _SINGLES) // _GROWTH)
        edges.append(min(edges[-1] + min(step, max(1, size // _PARTS)), size))
    return weigh_bands(law, size, np.array(edges[:-1], dtype=np.int64), np.diff(np.array(edges, dtype=np.int64)))


def weigh_bands(law: Law, size: int, starts: np.ndarray, widths: np.ndarray) -> Bands:
    """Return the bands with these starts and widths with their weights; those that never occur are left out."""
    with silence_warnings():
        weights = np.nan_to_num(_weigh(law, size, starts, widths), nan=0.0)
    largest = float(weights.max(initial=0.0))
    if not largest > 0:
        raise LawError("has no probability for these parents.")
    kept = weights / largest > 2.0**-40
    return Bands(starts[kept], widths[kept], round_bits(weights[kept] / largest))


def _weigh(law: Law, size: int, starts: np.ndarray, widths: np.ndarray) -> Floats:
    begin, width = starts.astype(np.float64), widths.astype(np.float64)
    middle = begin + (width - 1) / 2
    if law.is_uniform:
        return width
    if law.name == ZIPF:
        return power(middle + 1, -law.shapes[0]) * width
    found = distribution(law.name)(*law.shapes)
    if law.is_discrete:
        smallest = smallest_value(law)
        first = smallest if 0 < smallest < math.inf else 0.0
        probabilities: Floats = found.pmf(np.floor(middle) + first - law.loc)
        return probabilities * width
    low, high = ((edge / size - law.loc) / law.scale for edge in (begin, begin + width))
    shares: Floats = found.cdf(high) - found.cdf(low)
    return shares
