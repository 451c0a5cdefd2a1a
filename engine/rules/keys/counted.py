"""Counted keys: a drawn foreign key that can be turned round, with any popularity of the parents.

The rows of the child are shuffled into slots by a permutation, and each parent has the slots between two boundaries
that rise with its rank. So the number of rows of each parent is known, and the inverse permutation gives its rows.
Without a popularity each boundary is moved by random bits, so that parents have none to about twice the mean.
NULL keys are the last slots: their number is exact, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from engine.rules.distributions.rank_shares import RankShares, rank_shares
from engine.rules.keys.children import Children, Range, Shuffle
from engine.rules.keys.null_shares import null_share
from engine.rules.keys.row_groups import Lines
from engine.rules.random.bits import random_bits, row_step, u64
from engine.rules.random.permutation import permuted, unpermuted
from engine.rules.site import Site
from engine.schema.foreign_keys import ForeignKey

_JITTER = 2**16
_WIDE = pl.UInt128


@dataclass(frozen=True)
class Slots:
    """The slots of a counted key: `size` of them, of which the first `used` belong to `parents` parents."""

    size: int
    used: int
    parents: int
    shares: RankShares | None
    key: int
    jitter_key: int
    popularity_key: int

    @property
    def number(self) -> pl.DataType:
        """The type that holds a slot times a parent."""
        return pl.UInt64() if max(self.size, 1) * self.parents * _JITTER < 2**61 else _WIDE()

    @property
    def sums(self) -> list[int]:
        """The slots before each of the ranks of the shares."""
        assert self.shares is not None
        return _sums(self.shares, self.used)

    @property
    def most_rows(self) -> int:
        """A number of rows that no parent exceeds."""
        if self.shares is None:
            return 2 * -(-self.used // self.parents) + 1
        return _most_rows(self.shares, self.used)

    @property
    def histogram(self) -> dict[int, int] | None:
        """The number of parents by their number of rows; None where random bits move the boundaries."""
        if self.shares is None:
            return None
        found: dict[int, int] = {}
        ranks, sums = self.shares.ranks, self.sums
        for start, end, before, after in zip(ranks, ranks[1:], sums, sums[1:], strict=False):
            if end > start:
                rows, more = divmod(after - before, end - start)
                found[rows + 1] = found.get(rows + 1, 0) + more
                found[rows] = found.get(rows, 0) + end - start - more
        return {rows: parents for rows, parents in found.items() if parents > 0}


def make_slots(site: Site, rows: int, parents: int, columns: Sequence[str], key: ForeignKey) -> Slots:
    """Return the slots of `rows` rows of the foreign key `key`, at the site of its first column; 1 <= parents."""
    used = rows - min(rows, int(rows * null_share(site, columns, key)))
    shares = None if key.distribution is None else rank_shares(site, parents, key.distribution)
    keys = (site.key("counted"), site.key("counted boundary"), site.key("popularity"))
    return Slots(rows, used, parents, shares, *keys)


def place_rows(site: Site, slots: Slots) -> pl.Expr:
    """Return the slot (UInt64) of each row; rows beyond the table's, which only a preview has, start over."""
    size = max(slots.size, 1)
    row = site.row if site.reach <= size else site.stages.add(site.row % u64(size))
    return permuted(site.stages, row, size, slots.key)


def unused(site: Site, slots: Slots, place: pl.Expr) -> pl.Expr:
    """Return whether a slot belongs to no parent."""
    return site.stages.add(place >= u64(slots.used))


def find_parents(site: Site, slots: Slots, place: pl.Expr) -> Lines:
    """Return parent, line and number of lines of each slot; an unused slot has those of the last used one."""
    if slots.used < slots.size:
        place = site.stages.add(pl.min_horizontal(place, u64(max(slots.used, 1) - 1)))
    rank = site.stages.add(_rank_at(site, slots, place))
    span = _span(site, slots, rank)
    parent = rank
    if slots.shares is not None:
        parent = permuted(site.stages, rank, slots.parents, slots.popularity_key)
    line = site.stages.add(place - span.first + u64(1))
    return Lines(parent, line, span.width, slots.most_rows)


def find_children(site: Site, slots: Slots, parent: pl.Expr) -> Children:
    """Return the rows of each parent; row numbers beyond the parents, which only a preview has, have none."""
    known = site.stages.add(pl.min_horizontal(parent, u64(slots.parents - 1)))
    rank = known
    if slots.shares is not None:
        rank = unpermuted(site.stages, known, slots.parents, slots.popularity_key)
    span = _span(site, slots, rank).where(site.stages, parent < u64(slots.parents))
    return Children((span,), Shuffle(max(slots.size, 1), slots.key))


def _rank_at(site: Site, slots: Slots, place: pl.Expr) -> pl.Expr:
    """Return the largest rank of which the boundary is at or before the slot."""
    kind = slots.number
    wide = place.cast(kind)
    if slots.shares is None:
        last = (wide * 2 + 1) * pl.lit(slots.parents, dtype=kind) - 1
        guess = site.stages.add((last // pl.lit(2 * max(slots.used, 1), dtype=kind)).cast(pl.UInt64))
        is_before = place < _boundary(site, slots, guess)
        return guess - is_before.cast(pl.UInt64)
    sums, ranks = _tables(slots)
    found = pl.lit(sums).search_sorted(place, side="right").cast(pl.UInt64) - 1
    index = site.stages.add(pl.min_horizontal(found, u64(len(sums) - 2)))
    before, start = site.stages.add(pl.lit(sums).gather(index)), pl.lit(ranks).gather(index)
    if slots.parents == len(ranks) - 1:
        return start
    slots_here = (pl.lit(sums).gather(index + 1) - before).cast(kind)
    ranks_here = (pl.lit(ranks).gather(index + 1) - start).cast(kind)
    inside = ((wide - before.cast(kind) + 1) * ranks_here - 1) // pl.max_horizontal(slots_here, pl.lit(1, dtype=kind))
    return start + inside.cast(pl.UInt64)


def _span(site: Site, slots: Slots, rank: pl.Expr) -> Range:
    """Return the slots of each rank."""
    if slots.shares is None:
        first = _boundary(site, slots, rank)
        return Range(first, site.stages.add(_boundary(site, slots, site.stages.add(rank + u64(1))) - first))
    sums, ranks = _tables(slots)
    kind = slots.number
    index = site.stages.add(pl.lit(ranks).search_sorted(rank, side="right").cast(pl.UInt64) - 1)
    before, start = site.stages.add(pl.lit(sums).gather(index)), site.stages.add(pl.lit(ranks).gather(index))
    slots_here = site.stages.add((pl.lit(sums).gather(index + 1) - before).cast(kind))
    ranks_here = site.stages.add((pl.lit(ranks).gather(index + 1) - start).cast(kind))
    offset = (rank - start).cast(kind)
    first, end = (before + (each * slots_here // ranks_here).cast(pl.UInt64) for each in (offset, offset + 1))
    first = site.stages.add(first)
    return Range(first, site.stages.add(end - first))


def _boundary(site: Site, slots: Slots, rank: pl.Expr) -> pl.Expr:
    """Return the first slot of a rank without a popularity: evenly spaced, and moved on by less than one space.

    The half of a slot more keeps the numbers of rows different where the mean is a whole number.
    """
    kind = slots.number
    moved = random_bits(row_step(rank), slots.jitter_key) // u64(2**64 // _JITTER)
    inner = (rank > u64(0)) & (rank < u64(slots.parents))
    moved = pl.when(inner).then(moved).otherwise(u64(0)).cast(kind)
    steps = rank.cast(kind) * pl.lit(_JITTER, dtype=kind) + moved
    twice = steps * pl.lit(2 * slots.used, dtype=kind)
    half = pl.when(inner).then(pl.lit(slots.parents * _JITTER, dtype=kind)).otherwise(pl.lit(0, dtype=kind))
    whole = (twice + half) // pl.lit(2 * slots.parents * _JITTER, dtype=kind)
    return site.stages.add(whole.cast(pl.UInt64))


def _tables(slots: Slots) -> tuple[pl.Series, pl.Series]:
    """Return sums and ranks by rising rank, each rank once."""
    assert slots.shares is not None
    return _scaled(slots.shares, slots.used)


@lru_cache(maxsize=16)
def _scaled(shares: RankShares, used: int) -> tuple[pl.Series, pl.Series]:
    pairs = dict(zip(shares.ranks, _sums(shares, used), strict=True))
    return pl.Series(list(pairs.values()), dtype=pl.UInt64), pl.Series(list(pairs), dtype=pl.UInt64)


def _sums(shares: RankShares, used: int) -> list[int]:
    return [each * used // shares.sums[-1] for each in shares.sums]


@lru_cache(maxsize=16)
def _most_rows(shares: RankShares, used: int) -> int:
    ranks, sums = shares.ranks, _sums(shares, used)
    spans = zip(ranks, ranks[1:], sums, sums[1:], strict=False)
    return max(-(-(after - before) // (end - start)) for start, end, before, after in spans if end > start)
