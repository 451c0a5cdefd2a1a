"""Weighted choices in order: the greater the draw, the later the item, which the alias method does not keep.

An item is found among the cumulated weights by its draw's upper bits, which lead to the few boundaries near it, and
then by halving: exact for any weights, by gathers alone.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from engine.rules.random.bits import u64
from engine.rules.stages import Stages

_WORD = 2**64
_SLOT_BITS = 14


def weights_of_alias(thresholds: np.ndarray, places: np.ndarray) -> list[int]:
    """Return the weight of each item of an alias table, in units of 2**-64 of a slot."""
    weights = [0] * len(thresholds)
    for slot, threshold in enumerate(thresholds.tolist()):
        weights[int(places[2 * slot])] += threshold
        weights[int(places[2 * slot + 1])] += _WORD - threshold
    return weights


def choose_in_order(stages: Stages, bits: pl.Expr, weights: list[int]) -> pl.Expr:
    """Return the index (UInt32) of each row's item, rising with its draw `bits` (UInt64)."""
    total = sum(weights)
    ends: list[int] = []
    reached = 0
    for weight in weights[:-1]:
        reached += weight
        ends.append(min(reached * _WORD // total, _WORD - 1))
    if not ends:
        return stages.add((bits * u64(0)).cast(pl.UInt32))
    boundaries = np.array(ends, dtype=np.uint64)
    starts = np.arange(2**_SLOT_BITS, dtype=np.uint64) << np.uint64(64 - _SLOT_BITS)
    first = np.searchsorted(boundaries, starts, side="right").astype(np.uint32)
    widest = int(np.diff(np.append(first, len(boundaries))).max(initial=0))
    steps = widest.bit_length()
    padded = pl.Series(np.append(boundaries, np.full(2**steps, _WORD - 1, dtype=np.uint64)))
    # A padded boundary may be passed only by the largest draw of all; the index is cut to the last item.
    index = stages.add(pl.lit(pl.Series(first)).gather(bits // u64(2 ** (64 - _SLOT_BITS))))
    for step in reversed(range(steps)):
        probe = index + pl.lit(2**step, dtype=pl.UInt32)
        is_passed = pl.lit(padded).gather(probe - pl.lit(1, dtype=pl.UInt32)) <= bits
        index = stages.add(pl.when(is_passed).then(probe).otherwise(index))
    return stages.add(pl.min_horizontal(index, pl.lit(len(weights) - 1, dtype=pl.UInt32)))
