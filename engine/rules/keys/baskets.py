"""Baskets: the lines of a parent choose different partners, popular ones more often, without a retry or a state.

The partners, in order of popularity, form bands (`rank_weights`), and a parent with n lines splits the bands into n
buckets of nearly equal weight; each line draws from a bucket of its own, so that no partner comes twice. A partner that
is popular enough to be in every basket has a bucket for itself. There are several random splits for each n, and each
parent uses one of them. In the average of the splits, the expected number of a partner in a basket is n times its
share, at most 1: the closest that different partners can be to the distribution.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from engine.rules.distributions.law_names import resolve_law
from engine.rules.distributions.laws import Floats, Law, LawError
from engine.rules.distributions.rank_weights import Bands, make_bands, weigh_bands
from engine.rules.random.bits import below, below_each, mix, random_bits, row_step, u64
from engine.rules.random.permutation import permuted
from engine.rules.site import Site
from engine.schema.distribution import Distribution

MAX_LINES = 1000
_EACH = 16
_MIN_SPLITS = 4
_MAX_SPLITS = 64
_MAX_ENTRIES = 2**16
_WORD = 2**32
_ROUNDS = 40
_SHUFFLE_KEY = 0x2545F4914F6CDD1D


def spread_evenly(site: Site, size: int, parent: pl.Expr, line: pl.Expr, max_lines: int) -> pl.Expr:
    """Return an index in [0, size) (UInt64) for each line (from 1) of a parent, all of a parent different.

    Each line draws from its own of `max_lines` parts of the range, which is turned at random for each parent; all
    indexes are equally likely. max_lines <= size < 2**53.
    """
    turn, part = _parent_bits(site, parent, "turn"), _parent_bits(site, parent, "part")
    number = site.stages.add((line - u64(1) + below(part, max_lines)) % u64(max_lines))
    first = site.stages.add(_part_start(number, size, max_lines))
    width = _part_start(number + u64(1), size, max_lines) - first
    inside = below_each(site.bits("basket"), site.stages.add(width))
    index = site.stages.add((first + inside + below(turn, size)) % u64(size))
    return permuted(site.stages, index, size, site.key("popularity"))


def _part_start(number: pl.Expr, size: int, parts: int) -> pl.Expr:
    return number * u64(size // parts) + number * u64(size % parts) // u64(parts)


def spread_by_popularity(
    site: Site, size: int, distribution: Distribution, parent: pl.Expr, line: pl.Expr, lines: pl.Expr, max_lines: int
) -> pl.Expr:
    """Return an index in [0, size) (UInt64) for each line (from 1) of a parent, all of a parent different.

    `lines` is the number of lines of the parent, at most `max_lines`, which is at most `size`.
    """
    if max_lines > MAX_LINES:
        raise site.error(
            f"A distribution in a composite key allows at most {MAX_LINES:,} rows per parent, not {max_lines:,}.",
            "Lower the maximum of fan_out, or remove the distribution.",
        )
    law = resolve_law(site, distribution)
    if law.is_uniform:
        return spread_evenly(site, size, parent, line, max_lines)
    try:
        table = _make_splits(law, size, max_lines)
    except LawError as error:
        raise site.error(f"{law.label} {error}", "Change the distribution's parameters.") from error
    if table is None:
        raise site.error(
            f"{law.label} leaves fewer than {max_lines:,} of {size:,} parents, and the key needs different ones.",
            "Lower the maximum of fan_out, or use a flatter distribution.",
        )
    parts = site.stages.add(pl.lit(table.parts).gather(lines))
    split = below(_parent_bits(site, parent, "split"), table.splits)
    turn = below_each(_parent_bits(site, parent, "part"), parts)
    bucket = pl.lit(table.firsts).gather(lines) + split * parts + (line - u64(1) + turn) % parts
    bits = site.bits("basket")
    entry = pl.lit(table.limits).search_sorted(bucket * u64(_WORD) + bits // u64(_WORD), side="right")
    band = site.stages.add(pl.lit(table.bands).gather(site.stages.add(entry)))
    rank = pl.lit(table.starts).gather(band)
    if table.is_wide:
        rank = rank + below_each(site.bits("basket:place"), pl.lit(table.widths).gather(band))
    return permuted(site.stages, site.stages.add(rank), size, site.key("popularity"))


def _parent_bits(site: Site, parent: pl.Expr, purpose: str) -> pl.Expr:
    return site.stages.add(random_bits(row_step(parent), site.key(f"basket {purpose}")))


@dataclass(frozen=True)
class _Splits:
    """The splits for all numbers of lines, bucket after bucket.

    `parts` and `firsts` give the number of buckets of a split and the first bucket by the number of lines. `bands` and
    `limits` have an entry for each band of each bucket; the limit is the end of its share, in 2**32 parts per bucket.
    """

    splits: int
    parts: pl.Series
    firsts: pl.Series
    bands: pl.Series
    limits: pl.Series
    starts: pl.Series
    widths: pl.Series
    is_wide: bool


@lru_cache(maxsize=32)
def _make_splits(law: Law, size: int, max_lines: int) -> _Splits | None:
    """Return the splits, or None when fewer than `max_lines` ranks can occur."""
    bands = _make_narrow_bands(law, size, max_lines)
    if len(bands) < max_lines:
        return None
    sizes = _part_numbers(max_lines)
    splits = max(_MIN_SPLITS, min(_MAX_SPLITS, _MAX_ENTRIES // (len(sizes) * len(bands))))
    parts, firsts = np.zeros(max_lines + 1, dtype=np.uint64), np.zeros(max_lines + 1, dtype=np.uint64)
    entries: list[np.ndarray] = []
    limits: list[np.ndarray] = []
    first, smaller = 0, 0
    for number in sizes:
        parts[smaller + 1 : number + 1], firsts[smaller + 1 : number + 1] = number, first
        for order, limit in _split(bands.weights, number, splits):
            entries.append(order)
            limits.append(limit + np.uint64(first * _WORD))
            first += number
        smaller = number
    parts[0] = 1
    return _Splits(
        splits,
        pl.Series(parts),
        pl.Series(firsts),
        pl.Series(np.concatenate(entries).astype(np.uint32)),
        pl.Series(np.concatenate(limits)),
        pl.Series(bands.starts.astype(np.uint64)),
        pl.Series(bands.widths.astype(np.uint64)),
        bool((bands.widths > 1).any()),
    )


def _part_numbers(max_lines: int) -> list[int]:
    """Return the numbers of buckets that splits have: every small number, then growing steps up to the max."""
    numbers = list(range(1, min(_EACH, max_lines) + 1))
    while numbers[-1] < max_lines:
        numbers.append(min(max_lines, numbers[-1] * 5 // 4))
    return numbers


def _make_narrow_bands(law: Law, size: int, max_lines: int) -> Bands:
    """Return bands of which no wide one is in every basket."""
    bands = make_bands(law, size)
    while True:
        is_split = (_inclusion(bands.weights, max_lines) >= 1.0) & (bands.widths > 1)
        if not is_split.any():
            return bands
        halves = np.where(is_split, bands.widths // 2, 0)
        starts = np.concatenate([bands.starts, (bands.starts + halves)[is_split]])
        widths = np.concatenate([np.where(is_split, halves, bands.widths), (bands.widths - halves)[is_split]])
        order = np.argsort(starts, kind="stable")
        bands = weigh_bands(law, size, starts[order], widths[order])


def _inclusion(weights: Floats, lines: int) -> Floats:
    """Return how often a basket of `lines` holds each band: in proportion to the weights, at most 1 each."""
    expected = np.zeros_like(weights)
    is_sure = np.zeros(len(weights), dtype=bool)
    while True:
        left = lines - int(is_sure.sum())
        total = float(np.cumsum(weights[~is_sure])[-1]) if not is_sure.all() else 0.0
        if left <= 0 or total <= 0:
            return np.where(is_sure, 1.0, 0.0)
        expected = np.where(is_sure, 1.0, weights * (left / total))
        over = ~is_sure & (expected >= 1.0)
        if not over.any():
            return expected
        is_sure |= over


def _split(weights: Floats, parts: int, splits: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return for each split the bands in the order of their buckets, and the ends of their shares."""
    expected = _inclusion(weights, parts)
    buckets = [_assign(expected, parts, number) for number in range(splits)]
    adjusted = expected
    for _ in range(_ROUNDS):
        found = np.zeros_like(expected)
        for bucket in buckets:
            found += adjusted / np.bincount(bucket, weights=adjusted, minlength=parts)[bucket]
        adjusted = adjusted * np.where(found > 0, expected * splits / np.where(found > 0, found, 1.0), 0.0)
    return [_limits(adjusted, bucket) for bucket in buckets]


def _assign(expected: Floats, parts: int, number: int) -> np.ndarray:
    """Return a bucket for each band: the heaviest first, each round of them to the buckets from the lightest on."""
    bucket = np.zeros(len(expected), dtype=np.int64)
    sure = np.flatnonzero(expected >= 1.0)
    bucket[sure] = np.arange(len(sure))
    rest = np.flatnonzero(expected < 1.0)
    open_parts = parts - len(sure)
    if open_parts <= 1:
        bucket[rest] = min(len(sure), parts - 1)
        return bucket
    bits = [mix((_SHUFFLE_KEY * (number + 1) + int(band)) % 2**64) >> 11 for band in rest]
    jitter = 0.75 + 0.5 * (np.asarray(bits, dtype=np.float64) * 2.0**-53)
    rest = rest[np.argsort(-expected[rest] * jitter, kind="stable")]
    totals = np.zeros(open_parts)
    for start in range(0, len(rest), open_parts):
        some = rest[start : start + open_parts]
        some = some[np.argsort(-expected[some], kind="stable")]
        lightest = np.argsort(totals, kind="stable")[: len(some)]
        bucket[some] = len(sure) + lightest
        totals[lightest] += expected[some]
    return bucket


def _limits(weights: Floats, bucket: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(bucket, kind="stable")
    sums = np.cumsum(weights[order])
    in_order = bucket[order]
    last = np.flatnonzero(np.append(np.diff(in_order) > 0, True))
    ends = sums[last]
    begins = np.append(0.0, ends[:-1])
    inside = (sums - begins[in_order]) / (ends - begins)[in_order]
    limits = np.rint(inside * _WORD).astype(np.uint64)
    limits[last] = _WORD
    return order, limits + in_order.astype(np.uint64) * np.uint64(_WORD)
