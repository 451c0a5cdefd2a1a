"""The popularity of ranks as cumulative shares, which can be read both ways: from a share to a rank, and back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import numpy as np
import polars as pl

from engine.rules.distributions.discrete import discrete_cells
from engine.rules.distributions.distributions import draw_skewed_rank, first_rank
from engine.rules.distributions.law_names import resolve_law
from engine.rules.distributions.laws import Law, LawError
from engine.rules.site import Site
from engine.rules.stages import Stages
from engine.schema.distribution import Distribution

_SINGLES = 1024
_PER_OCTAVE = 64
_STEPS = 44
_BITS = "__bits"


@dataclass(frozen=True, eq=False)
class RankShares:
    """The sum of the weights of all ranks before each of some rising ranks, from 0 to the number of ranks.

    Between two of these ranks all weights are equal.
    """

    ranks: tuple[int, ...]
    sums: tuple[int, ...]


def rank_shares(site: Site, size: int, distribution: Distribution) -> RankShares | None:
    """Return the shares of the ranks [0, size) of which `draw_skewed_rank` draws; None when all are equal."""
    law = resolve_law(site, distribution)
    if law.is_uniform:
        return None
    if not law.is_discrete:
        return _continuous_shares(site, size, distribution)
    first = first_rank(law)
    try:
        return _discrete_shares(law, first, size)
    except LawError as error:
        raise site.error(f"{law.label} {error}", "Change the distribution's parameters.") from error


@lru_cache(maxsize=16)
def _discrete_shares(law: Law, first: int, size: int) -> RankShares:
    cells = discrete_cells(law, first, first + size - 1)
    weights = _alias_weights(cells.thresholds.to_numpy(), cells.places.to_numpy())
    offset = cells.first - first
    starts = range(len(weights)) if cells.starts is None else cells.starts.to_list()
    ranks = [0, *(offset + start for start in starts), cells.last - first + 1, size]
    sums = [0, *accumulate(weights.tolist(), initial=0)]
    return RankShares(tuple(ranks), (*sums, sums[-1]))


def _alias_weights(thresholds: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return the weight of each cell of an alias table, in units of 2**-48 of a slot."""
    own = (thresholds >> np.uint64(16)).astype(np.int64) + 1
    weights = np.zeros(len(own), dtype=np.int64)
    np.add.at(weights, places[0::2], own)
    np.add.at(weights, places[1::2], 2**48 - own)
    return weights


def _continuous_shares(site: Site, size: int, distribution: Distribution) -> RankShares:
    """Return the shares at ranks that lie closer together towards the first, found by halving.

    The values of a continuous law fall as the word rises: see `quantile_tables`.
    """
    stages = Stages()
    stages.add_input(_BITS, pl.UInt64())
    words = _Words(stages, 0, site.locale, {}, 1, site.table, site.column, pl.col(_BITS))
    rank = draw_skewed_rank(words, size, distribution, "parent")
    ranks = np.array(_knots(size), dtype=np.uint64)
    low = np.zeros(len(ranks), dtype=np.uint64)
    for step in range(1, _STEPS + 1):
        tried = low + np.uint64(2 ** (64 - step))
        frame = pl.DataFrame({_BITS: ~(tried - np.uint64(1))})
        found = stages.over(frame.lazy(), [rank.alias("rank")]).collect()["rank"].to_numpy()
        low = np.where(found < ranks, tried, low)
    sums = [0, *((low[1:-1] >> np.uint64(64 - _STEPS)).tolist()), 2**_STEPS]
    return RankShares(tuple(ranks.tolist()), tuple(sums))


def _knots(size: int) -> list[int]:
    knots = list(range(min(size, _SINGLES)))
    while knots[-1] < size:
        knots.append(min(size, knots[-1] + max(1, knots[-1] // _PER_OCTAVE)))
    return knots


class _Words(Site):
    """A site whose random bits are a column of the frame."""

    def bits(self, purpose: str = "value") -> pl.Expr:
        """Return the column of words."""
        return pl.col(_BITS)
