"""Choices from a list, with or without weights.

Weighted picks use the alias method (Walker, 1977; tables after Vose, 1991): one 64-bit draw gives both the slot (its
high word after multiplication) and the threshold test (its low word), so a weight of 1e-9 is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm

import numpy as np
import polars as pl

from engine.rules.domain import Domain
from engine.rules.random.bits import below, u64
from engine.rules.random.ordered_choice import choose_in_order, weights_of_alias
from engine.rules.site import Site
from engine.schema.types import Kind
from engine.schema.values import parse_value

_WORD = 2**64


def make_choice(site: Site) -> pl.Expr:
    """Return one of the column's `values` for each row, in the proportions of its `weights`."""
    values = [parse_value(value, site.type) for value in site.column.values or []]
    pool = pl.Series(values, dtype=site.type.polars)
    if site.type.kind in (Kind.TEXT, Kind.UUID, Kind.JSON):
        return draw_text(site, pool, site.column.weights)
    return pl.lit(pool).gather(draw_index(site, len(values), site.column.weights))


def draw_text(site: Site, texts: pl.Series, weights: Sequence[float] | None = None, purpose: str = "value") -> pl.Expr:
    """Return texts drawn from a pool, as an Enum, whose small codes are fast to make and to write."""
    if not texts.is_unique().all():
        texts, weights = _merge_weights(texts, weights)
    categories = pl.Enum(texts)
    return pl.lit(texts.cast(categories)).gather(draw_index(site, len(texts), weights, purpose))


def draw_index(site: Site, size: int, weights: Sequence[float] | None, purpose: str = "value") -> pl.Expr:
    """Return drawn indexes (UInt32) into a list of `size`, uniformly or by `weights`."""
    bits = site.bits(purpose)
    if weights is None or len(set(weights)) == 1:
        return below(bits, size).cast(pl.UInt32)
    thresholds, places = make_alias_table(weights)
    if site.is_ordered and purpose == "value":
        return choose_in_order(site.stages, bits, weights_of_alias(thresholds, places))
    slot = site.stages.add(below(bits, size).cast(pl.UInt32))
    is_alias = bits * u64(size) >= pl.lit(pl.Series(thresholds)).gather(slot)
    return pl.lit(pl.Series(places)).gather(slot * 2 + is_alias.cast(pl.UInt32))


def make_alias_table(weights: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Return the alias table: thresholds (UInt64) by slot, and the indexes (UInt32) of slot i at 2i and 2i + 1.

    A draw in slot i means indexes[2i] when its low word is below threshold i, else indexes[2i + 1]. The arithmetic is
    exact (whole numbers), so the same weights give the same table on every machine.
    """
    ratios = [weight.as_integer_ratio() for weight in weights]
    common, size = lcm(*{denominator for _, denominator in ratios}), len(ratios)
    scaled = [numerator * (common // denominator) * size for numerator, denominator in ratios]
    full = sum(scaled) // len(scaled)
    small = [i for i, share in enumerate(scaled) if share < full]
    large = [i for i, share in enumerate(scaled) if share >= full]
    thresholds = [_WORD - 1] * len(scaled)
    places = np.repeat(np.arange(len(scaled), dtype=np.uint32), 2)
    while small and large:
        low, high = small.pop(), large[-1]
        thresholds[low] = min(scaled[low] * _WORD // full, _WORD - 1)
        places[2 * low + 1] = high
        scaled[high] -= full - scaled[low]
        if scaled[high] < full:
            small.append(large.pop())
    return np.array(thresholds, dtype=np.uint64), places


def _merge_weights(texts: pl.Series, weights: Sequence[float] | None) -> tuple[pl.Series, list[float]]:
    """Add up the weights of equal texts, which an Enum cannot hold twice."""
    totals: dict[str, float] = {}
    for text, weight in zip(texts, weights or [1.0] * len(texts), strict=True):
        totals[text] = totals.get(text, 0.0) + weight
    return pl.Series(list(totals), dtype=pl.String), list(totals.values())


def listed_domain(site: Site) -> Domain:
    """Return the different ones of the column's `values`."""
    values = list(dict.fromkeys(parse_value(value, site.type) for value in site.column.values or []))
    pool = pl.Series(values, dtype=site.type.polars)
    return Domain(len(pool), lambda index: pl.lit(pool).gather(index))
