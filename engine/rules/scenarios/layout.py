"""Where the rows of a table's scenarios lie: a function of the row number, and its inverse.

The rows after the given ones are cut into blocks of a power of two. A block is rotated by a hash of its number, and
each scenario owns some of its places: a share of them, in some blocks one place more than in others. So scenarios never
meet, the first block has a row of each, and the n-th row of a scenario is found without counting. The key of the
hash is that of the table's name, not of the seed: the audit finds the same rows in loaded data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import polars as pl

from engine.errors import RuleError
from engine.rules.random.bits import u64
from engine.rules.random.seeds import stream_key
from engine.rules.stages import Stages
from engine.schema.models import TableSchema

MAX_DENOMINATOR = 10**5
_SMALLEST_BLOCK = 8
_LARGEST_BLOCK = 2**17
_HASHED = 2**20
_NO_LIMIT = 2**62


@dataclass(frozen=True)
class Lane:
    """The places of one scenario in each block: from `first`, `rate` of them on average, to at most `most` rows."""

    scenario: int
    first: int
    rate: Fraction
    most: int

    @property
    def width(self) -> int:
        """The most places in one block."""
        return -(-self.rate.numerator // self.rate.denominator)

    def rows_before(self, block: int) -> int:
        """Return the number of rows of the scenario in all blocks before one, without its limit."""
        return -(-block * self.rate.numerator // self.rate.denominator)


@dataclass(frozen=True)
class Layout:
    """The lanes of a table in blocks of `size` rows after the `given` ones."""

    given: int
    size: int
    multiplier: int
    hash_key: int
    lanes: tuple[Lane, ...]

    def rows(self, lane: Lane, count: int, limit: int) -> np.ndarray:
        """Return the first `limit` row numbers below `count` of a scenario, in their turn (UInt64)."""
        turn = np.arange(min(limit, lane.most), dtype=np.uint64)
        above, below = np.uint64(lane.rate.numerator), np.uint64(lane.rate.denominator)
        block = turn * below // above
        place = np.uint64(lane.first) + turn - (block * above + below - np.uint64(1)) // below
        size, inverse = np.uint64(self.size), np.uint64(pow(self.multiplier, -1, self.size))
        rotation = (
            ((block + np.uint64(1)) % np.uint64(_HASHED))
            * np.uint64(self.hash_key)
            % np.uint64(2**40)
            // np.uint64(_HASHED)
        )
        at = (place + size - rotation % size) * inverse % size
        rows = block * size + at + np.uint64(self.given)
        found: np.ndarray = rows[rows < np.uint64(count)]
        return found

    def count(self, lane: Lane, rows: int) -> int:
        """Return how many of the first `rows` rows of the table belong to a scenario."""
        blocks = max(rows - self.given, 0) // self.size
        whole, more = lane.rows_before(blocks), lane.rows_before(blocks + 1)
        if whole >= lane.most:
            return lane.most
        inverse = pow(self.multiplier, -1, self.size)
        places = range(lane.first, lane.first + min(more, lane.most) - whole)
        at = ((place - self._rotation(blocks)) * inverse % self.size for place in places)
        return whole + sum(self.given + blocks * self.size + each < rows for each in at)

    def _rotation(self, block: int) -> int:
        return (block + 1) % _HASHED * self.hash_key % 2**40 // _HASHED

    def find(self, stages: Stages, row: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
        """Return the lane of each row (UInt32, the number of lanes for none) and its turn in it (UInt64)."""
        after = stages.add(row - u64(self.given))
        block = stages.add(after // u64(self.size))
        rotation = ((block + u64(1)) % u64(_HASHED)) * u64(self.hash_key) % u64(2**40) // u64(_HASHED)
        place = stages.add((after % u64(self.size) * u64(self.multiplier) + rotation) % u64(self.size))
        owner = pl.lit(self._by_place([number for number, _ in enumerate(self.lanes)], len(self.lanes), pl.UInt32()))
        lane = stages.add(owner.gather(place))
        above = stages.add(self._gather([one.rate.numerator for one in self.lanes], lane))
        first = self._gather([one.first for one in self.lanes], lane)
        product = stages.add(block * above)
        if all(one.rate.denominator == 1 for one in self.lanes):
            before, width = product, above
        else:
            below = stages.add(self._gather([one.rate.denominator for one in self.lanes], lane, 1))
            before = stages.add((product + below - u64(1)) // below)
            width = (product + above + below - u64(1)) // below - before
        turn = stages.add(before + place - first)
        is_in = (lane < len(self.lanes)) & (turn < before + width)
        if any(one.most < _NO_LIMIT for one in self.lanes):
            is_in = is_in & (turn < self._gather([one.most for one in self.lanes], lane))
        if self.given:
            is_in = is_in & (row >= u64(self.given))
        return stages.add(pl.when(is_in).then(lane).otherwise(pl.lit(len(self.lanes), dtype=pl.UInt32))), turn

    def _gather(self, values: Sequence[int], lane: pl.Expr, otherwise: int = 0) -> pl.Expr:
        if len(set(values)) == 1:
            return u64(values[0])
        return pl.lit(pl.Series([*values, otherwise], dtype=pl.UInt64)).gather(lane)

    def _by_place(self, values: Sequence[int], otherwise: int, dtype: pl.DataType) -> pl.Series:
        places = [otherwise] * self.size
        for lane, value in zip(self.lanes, values, strict=True):
            places[lane.first : lane.first + lane.width] = [value] * lane.width
        return pl.Series(places, dtype=dtype)

    def condition_sql(self, lane: Lane, row: str) -> str:
        """Return SQL that is true for the row numbers (a BIGINT `row`) of a scenario."""
        block, place = self._place_sql(row)
        above, below = lane.rate.numerator, lane.rate.denominator
        last = f"{lane.first + above - 1}"
        before = f"{block} * {above}"
        if below > 1:
            before = f"({before} + {below - 1}) // {below}"
            last = f"{lane.first - 1} + (({block} + 1) * {above} + {below - 1}) // {below} - {before}"
        limit = "" if lane.most >= _NO_LIMIT else f" and {before} + {place} < {lane.most + lane.first}"
        return f"({self._beyond_given(row)}{place} between {lane.first} and {last}{limit})"

    def places_sql(self, lanes: Sequence[Lane], row: str) -> str:
        """Return SQL that is true for the row numbers of scenarios and for others at their places, quick for many."""
        _, place = self._place_sql(row)
        owned = {at for lane in lanes for at in range(lane.first, lane.first + lane.width)}
        starts = sorted(at for at in owned if at - 1 not in owned)
        ends = sorted(at for at in owned if at + 1 not in owned)
        ranges = (f"{place} between {first} and {last}" for first, last in zip(starts, ends, strict=True))
        return f"({self._beyond_given(row)}({' or '.join(ranges)}))"

    def _beyond_given(self, row: str) -> str:
        return f"{row} >= {self.given} and " if self.given else ""

    def _place_sql(self, row: str) -> tuple[str, str]:
        """Return SQL for the block of a row number, and for its place in it."""
        after = f"({row} - {self.given})" if self.given else row
        block = f"({after} // {self.size})"
        rotation = f"(({block} + 1) % {_HASHED} * {self.hash_key} % {2**40} // {_HASHED})"
        return block, f"(({after} % {self.size} * {self.multiplier} + {rotation}) % {self.size})"


def make_layout(table: TableSchema) -> Layout:
    """Return where the scenarios of a table lie that are not within a parent's.

    Raises `RuleError` when their shares leave no room for other rows.
    """
    chosen = [(place, one) for place, one in enumerate(table.scenarios) if one.within is None]
    shares = [None if one.share is None else as_fraction(one.share) for _, one in chosen]
    key = stream_key(0, table.key.casefold(), "scenarios")
    size = _SMALLEST_BLOCK
    while size <= _LARGEST_BLOCK:
        lanes: list[Lane] = []
        first = 0
        for (place, one), share in zip(chosen, shares, strict=True):
            rate = Fraction(1) if share is None else share * size
            lanes.append(Lane(place, first, rate, _NO_LIMIT if one.rows is None else one.rows))
            first += lanes[-1].width
        if first < size:
            return Layout(len(table.rows), size, (key >> 7 | 1) % size, key % 2**40 | 1, tuple(lanes))
        size *= 2
    raise RuleError("The scenarios leave no room for other rows.", where=table.key, hint="Reduce their shares.")


def as_fraction(share: float) -> Fraction:
    """Return a share as the fraction in which its rows are counted; at least one row in MAX_DENOMINATOR."""
    return max(Fraction(share).limit_denominator(MAX_DENOMINATOR), Fraction(1, MAX_DENOMINATOR))
