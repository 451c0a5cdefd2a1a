"""The rows of each parent: the inverse of a foreign key, without reading any row.

Where a parent's rows are is known for keys with a fan-out, and for counted keys. They are one or more ranges of places
per parent; a place is the row's number, or, with a shuffle, the number that the shuffle makes of the row's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from engine.rules.random.bits import u64
from engine.rules.random.permutation import unpermuted
from engine.rules.stages import Stages

OWNER = "owner"
LINE = "line"
COUNT = "rows"
ROW = "__row"
_PLACE = "__place"


@dataclass(frozen=True)
class Range:
    """The places of each parent's rows: `width` from `first` on (UInt64, columns of the parent's plan)."""

    first: pl.Expr
    width: pl.Expr

    def where(self, stages: Stages, condition: pl.Expr) -> Range:
        """Return the range, empty where the condition is not true."""
        return Range(self.first, stages.add(pl.when(condition).then(self.width).otherwise(u64(0))))


@dataclass(frozen=True)
class Shuffle:
    """The permutation of `size` rows of the child that makes their places."""

    size: int
    key: int


@dataclass(frozen=True)
class Children:
    """The rows of a table that reference each parent, for a column of parents' row numbers.

    The ranges of a parent are in the order of its lines: 1, 2, 3, ... through all ranges.
    """

    ranges: tuple[Range, ...]
    shuffle: Shuffle | None = None

    @property
    def count(self) -> pl.Expr:
        """The number of rows of each parent (UInt64)."""
        total = self.ranges[0].width
        for one in self.ranges[1:]:
            total = total + one.width
        return total

    @property
    def inputs(self) -> list[pl.Expr]:
        """The columns that `rows` takes: first and width of each range."""
        return [column for one in self.ranges for column in (one.first, one.width)]

    def rows(
        self, inputs: Sequence[pl.Series], first_owner: int = 0, *, has_lines: bool = True, has_owners: bool = True
    ) -> pl.DataFrame:
        """Return one line for each child row of the parents, whose evaluated `inputs` are given.

        `owner` is the parent's index in the inputs from `first_owner` on, rising, `line` the line in the parent from 1
        (each left out unless wanted), and `__row` the child's row number, as `Stages.over` takes it; all are UInt64.
        """
        firsts = [column.to_numpy() for column in inputs[0::2]]
        widths = [column.to_numpy() for column in inputs[1::2]]
        used = [index for index, width in enumerate(widths) if index == 0 or width.any()]
        whole = _whole_range(firsts[0], widths[0]) if len(used) == 1 else None
        if whole is not None and not has_lines and not has_owners:
            frame = pl.DataFrame({ROW: whole})
            return frame if self.shuffle is None else self._placed(frame, self.shuffle)
        counts = (widths[0] if len(used) == 1 else np.add.reduce(widths)).astype(np.int64)
        before = (np.cumsum(counts) - counts).astype(np.uint64)
        total = int(counts.sum())
        line = None
        if has_lines or len(used) > 1:
            offset = np.arange(total, dtype=np.uint64) - np.repeat(before, counts)
            line = offset + np.uint64(1) if has_lines else None
        place: pl.Series | np.ndarray
        if whole is not None:
            place = whole
        elif len(used) == 1:
            place = _places_in_order(firsts[0], counts, before, total)
        else:
            place = _places([firsts[index] for index in used], [widths[index] for index in used], counts, offset)
        owners = np.arange(first_owner, first_owner + len(counts), dtype=np.uint64)
        known = {OWNER: np.repeat(owners, counts)} if has_owners else {}
        frame = pl.DataFrame({**known, **({} if line is None else {LINE: line}), ROW: place})
        return frame if self.shuffle is None else self._placed(frame, self.shuffle)

    def _placed(self, frame: pl.DataFrame, shuffle: Shuffle) -> pl.DataFrame:
        stages = Stages()
        stages.add_input(_PLACE, pl.UInt64())
        row = unpermuted(stages, pl.col(_PLACE), shuffle.size, shuffle.key)
        over = frame.lazy().rename({ROW: _PLACE})
        kept = [pl.col(name) for name in (OWNER, LINE) if name in frame.columns]
        return stages.over(over, [*kept, row.alias(ROW)]).collect(engine="streaming")


def _whole_range(first: np.ndarray, width: np.ndarray) -> pl.Series | None:
    """Return the places of ranges that follow one another, as one count; None where there is a gap or no range."""
    if not len(first) or not np.array_equal(first[:-1] + width[:-1], first[1:]):
        return None
    return pl.int_range(int(first[0]), int(first[-1] + width[-1]), dtype=pl.UInt64, eager=True)


def _places_in_order(first: np.ndarray, counts: np.ndarray, before: np.ndarray, total: int) -> np.ndarray:
    """Return the places of rows of one range for each parent."""
    place: np.ndarray = np.arange(total, dtype=np.uint64) + np.repeat(first - before, counts)
    return place


def _places(
    firsts: Sequence[np.ndarray], widths: Sequence[np.ndarray], counts: np.ndarray, offset: np.ndarray
) -> np.ndarray:
    """Return the places of rows of several ranges, from their offsets in their parents."""
    place: np.ndarray = np.repeat(firsts[0], counts) + offset
    left = np.repeat(widths[0], counts)
    for first, width in zip(firsts[1:], widths[1:], strict=True):
        is_here = offset >= left
        place[is_here] = np.repeat(first, counts)[is_here] + offset[is_here] - left[is_here]
        left = left + np.repeat(width, counts)
    return place
