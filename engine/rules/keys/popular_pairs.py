"""Pairs of a popular parent and one of its partners, each pair at most once, without rows per parent.

Rows come in groups of which each holds every band of parents (`rank_weights`) a fixed number of times, in one of a few
shuffles; so the number of earlier rows of a row's band is known by division, and a permutation of the band's pairs
turns it into a pair that no other row has. The shares of the parents are exact, whatever the number of rows; the
partners are chosen evenly.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import isqrt

import numpy as np
import polars as pl

from engine.rules.distributions.law_names import resolve_law
from engine.rules.distributions.laws import Law, LawError
from engine.rules.distributions.rank_weights import make_bands
from engine.rules.random.bits import below, below_each, mix, random_bits, random_bits_at, row_step, u64
from engine.rules.random.permutation import ROUNDS, permuted
from engine.rules.site import Site
from engine.schema.distribution import Distribution

_GROUP = 2**14
_SHUFFLES = 8
_SHUFFLE_KEY = 0x9FB21C651E98DF25
_MAX_PAIRS = 2**62


def pair_by_popularity(
    site: Site, size: int, distribution: Distribution, partners: int | None, *, names: str
) -> tuple[pl.Expr, pl.Expr]:
    """Return an index in [0, size) and one in [0, partners) for each row (UInt64), each pair at most once.

    Without a number of partners, the second counts 0, 1, 2, ... for each of the first. Raises `RuleError` when a
    parent so popular has fewer partners than rows.
    """
    law = resolve_law(site, distribution)
    try:
        table = _make_table(law, size)
    except LawError as error:
        raise site.error(f"{law.label} {error}", "Change the distribution's parameters.") from error
    key = site.key("pair")
    if partners is not None:
        _check_reach(site, table, partners, names)
    group = site.stages.add(site.row // u64(_GROUP))
    shuffle = below(random_bits(row_step(group), key), _SHUFFLES)
    entry = site.stages.add(shuffle * u64(_GROUP) + site.row % u64(_GROUP))
    band = site.stages.add(pl.lit(table.bands).gather(entry))
    turn = site.stages.add(group * pl.lit(table.counts).gather(band) + pl.lit(table.earlier).gather(entry))
    if partners is None:
        width = site.stages.add(pl.lit(table.widths).gather(band))
        partner = site.stages.add(turn // width)
        inside = site.stages.add(turn % width)
    else:
        pair = _permute_in_band(site, table, band, turn, partners, key)
        partner, inside = site.stages.add(pair % u64(partners)), site.stages.add(pair // u64(partners))
    rank = site.stages.add(pl.lit(table.starts).gather(band) + inside)
    return permuted(site.stages, rank, size, site.key("popularity")), partner


@dataclass(frozen=True)
class _Table:
    """The band of each row of each shuffle and the number of earlier rows of that band in it; by band its rows in a
    group, its first rank and its number of ranks."""

    bands: pl.Series
    earlier: pl.Series
    counts: pl.Series
    starts: pl.Series
    widths: pl.Series


@lru_cache(maxsize=32)
def _make_table(law: Law, size: int) -> _Table:
    starts, widths, counts = _count_bands(law, size)
    in_order = np.repeat(np.arange(len(counts)), counts)
    bands, earlier = [], []
    for number in range(_SHUFFLES):
        bits = [mix((_SHUFFLE_KEY + number * 2**32 + index) % 2**64) for index in range(_GROUP)]
        shuffled = in_order[np.argsort(np.asarray(bits, dtype=np.uint64), kind="stable")]
        order = np.argsort(shuffled, kind="stable")
        before = np.empty(_GROUP, dtype=np.int64)
        before[order] = np.arange(_GROUP) - (np.cumsum(counts) - counts)[shuffled[order]]
        bands.append(shuffled)
        earlier.append(before)
    return _Table(
        pl.Series(np.concatenate(bands).astype(np.uint32)),
        pl.Series(np.concatenate(earlier).astype(np.uint64)),
        *(pl.Series(each.astype(np.uint64)) for each in (counts, starts, widths)),
    )


def _count_bands(law: Law, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return starts, widths and rows in a group of the bands; bands too rare for a row are joined to the one before."""
    bands = make_bands(law, size)
    ends = np.cumsum(bands.weights)
    edges = np.rint(ends / ends[-1] * _GROUP).astype(np.int64)
    kept = np.flatnonzero(np.diff(edges, prepend=0) > 0)
    starts = bands.starts[kept].copy()
    starts[0] = bands.starts[0]
    last = np.append(bands.starts[kept[1:]], bands.starts[-1] + bands.widths[-1])
    return starts, last - starts, np.diff(edges[kept], prepend=0)


def _check_reach(site: Site, table: _Table, partners: int, names: str) -> None:
    """Raise when the rows need more pairs of a band than there are."""
    rows = _GROUP
    while rows <= site.reach and _fits(site, table, partners, rows):
        rows *= 2
    if _fits(site, table, partners, min(rows, site.reach)):
        return
    low, high = 0, min(rows, site.reach)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _fits(site, table, partners, middle) else (low, middle)
    raise site.error(
        f"{site.reach:,} rows with different ({names}) cannot follow its distribution: after {low:,} rows "
        "the most popular one has been combined with every other.",
        f"Make at most {low:,} rows, or use a flatter distribution.",
    )


def _fits(site: Site, table: _Table, partners: int, rows: int) -> bool:
    group, rest = divmod(rows, _GROUP)
    counts, widths = table.counts.to_numpy(), table.widths.to_numpy()
    start = random_bits_at(group, site.key("pair")) * _SHUFFLES // 2**64 * _GROUP
    used = np.bincount(table.bands.to_numpy()[start : start + rest], minlength=len(counts))
    limits = [min(int(width) * partners, _MAX_PAIRS) for width in widths]
    each = zip(counts.tolist(), used.tolist(), limits, strict=True)
    return all(group * count + part <= limit for count, part, limit in each)


def _permute_in_band(site: Site, table: _Table, band: pl.Expr, turn: pl.Expr, partners: int, key: int) -> pl.Expr:
    """Return the image of `turn` under a permutation of the pairs of its band, as `permuted` with a size by row."""
    sizes = [min(int(width) * partners, _MAX_PAIRS) for width in table.widths]
    roots = [isqrt(size) for size in sizes]
    others = [size // root for size, root in zip(sizes, roots, strict=True)]

    def of_band(numbers: list[int]) -> pl.Expr:
        return site.stages.add(pl.lit(pl.Series(numbers, dtype=pl.UInt64)).gather(band))

    size, a, b = of_band(sizes), of_band(roots), of_band(others)
    salt = of_band([random_bits_at(number, key) for number in range(len(sizes))])
    start = site.stages.add((turn + salt % size) % size)
    left, right = site.stages.add(start // b), site.stages.add(start % b)
    for turn_number in range(ROUNDS):
        round_key = mix((key + turn_number + 1) % 2**64)
        if turn_number % 2 == 0:
            left = site.stages.add((left + below_each(random_bits(row_step(right) + salt, round_key), a)) % a)
        else:
            right = site.stages.add((right + below_each(random_bits(row_step(left) + salt, round_key), b)) % b)
    return site.stages.add(pl.when(start < a * b).then(left * b + right).otherwise(start))
