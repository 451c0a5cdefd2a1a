"""Continuous laws at run time: a table of linear pieces over the random bits, using only + and *.

Odd 64-bit words, read as signed numbers v, are symmetric around 0: a negative v is a value of the lower half with the
tail probability -v / 2**64, a positive one of the upper half. As a Float64 its upper bits are sign, exponent and
mantissa, so the 19 upper bits select one of 128 parts of one of 63 halvings of a tail, and the value in that part is
intercept + v * slope. An evenly spaced table would lose the tails and with them the moments.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl

from engine.rules.distributions.laws import Floats
from engine.rules.distributions.tail_quantiles import OCTAVES, PARTS, tail_probabilities
from engine.rules.random.bits import u64
from engine.rules.site import Site

# Folds 12 bits of sign and exponent into a table of the exponents that occur: 1023 to 1086 with either sign.
_FOLD = 141
_SIZE = _FOLD * PARTS
_EXPONENT_BIAS = 1023
_SIGN = 2048


@dataclass(frozen=True)
class QuantileTable:
    """Intercepts and slopes (Float64) by the folded upper bits of v."""

    intercepts: pl.Series
    slopes: pl.Series


def make_quantile_table(lower: Floats, upper: Floats, min_value: float, max_value: float) -> QuantileTable:
    """Return the table through the quantiles at `tails()`; its values stay within [min_value, max_value]."""
    intercepts, slopes = np.zeros(_SIZE), np.zeros(_SIZE)
    starts = np.ldexp(tail_probabilities(), 64)
    for sign, quantiles in ((-1.0, lower), (1.0, upper)):
        first = (_EXPONENT_BIAS + (_SIGN if sign < 0 else 0)) * PARTS
        places = (first + np.arange(OCTAVES * PARTS + 1)) % _SIZE
        lines = _lines(starts * sign, np.clip(quantiles, min_value, max_value), min_value, max_value)
        intercepts[places], slopes[places] = lines
    return QuantileTable(pl.Series(intercepts), pl.Series(slopes))


def interpolate(site: Site, table: QuantileTable, purpose: str = "value") -> pl.Expr:
    """Return a drawn value (Float64) for each row."""
    bits = site.bits(purpose)
    if site.is_ordered and purpose == "value":
        # A word v below 0 has the rank -v, one above 0 the rank 2**64 - v.
        bits = site.stages.add(u64(0) - bits, memo=("negative", bits.meta.output_name()))
    memo = (bits.meta.output_name(), site.row.meta.output_name())
    signed = site.stages.add((bits | u64(1)).reinterpret(dtype=pl.Int64).cast(pl.Float64), memo=("signed", *memo))
    upper_bits = signed.reinterpret(dtype=pl.UInt64) // u64(2**52 // PARTS)
    index = site.stages.add(upper_bits % u64(_SIZE), memo=("tail", *memo))
    return pl.lit(table.intercepts).gather(index) + signed * pl.lit(table.slopes).gather(index)


def _lines(v: Floats, quantiles: Floats, min_value: float, max_value: float) -> tuple[Floats, Floats]:
    """Return intercepts and slopes of the parts between the knots, the last knot (1/2) as a flat part."""
    slopes = np.append(np.diff(quantiles) / np.diff(v), 0.0)
    intercepts = quantiles - v * slopes
    ends = np.nextafter(np.append(v[1:], v[-1]), 0.0)
    for _ in range(64):
        first, last = intercepts + v * slopes, intercepts + ends * slopes
        over = np.maximum(first, last) > max_value
        under = np.minimum(first, last) < min_value
        if not (over | under).any():
            return intercepts, slopes
        # Rounding has crossed a bound by its last bit.
        intercepts = np.where(over, np.nextafter(intercepts, -math.inf), intercepts)
        intercepts = np.where(under, np.nextafter(intercepts, math.inf), intercepts)
        is_stuck = over & under
        slopes, intercepts = np.where(is_stuck, 0.0, slopes), np.where(is_stuck, quantiles, intercepts)
    slopes = np.where(over | under, 0.0, slopes)
    return np.where(over | under, quantiles, intercepts), slopes
