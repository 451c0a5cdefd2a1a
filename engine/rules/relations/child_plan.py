"""The rows of parents in a plan of their own, which a parent's plan runs for the parents it makes.

A column of a parent that reads its children is a function of the parent's row: the inverse of the children's key gives
their row numbers, and the children's own plan their values. Children are made in pieces, so that a parent with a
million rows needs no more memory than others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from engine.errors import RuleError
from engine.rules.keys.children import COUNT, LINE, OWNER, Children
from engine.rules.stages import Stages

PIECE_ROWS = 2**19
"""The most children that are made at once: the fewer pieces, the less is spent on their plans."""
_PIECE_VALUES = 2**21
"""The most values that are held at once."""


@dataclass
class ChildPlan:
    """A plan `stages` over child rows and its `outputs`, for the parents of another plan.

    `inputs` are columns of the parents' plan: their row numbers, and then those that `children` takes.
    """

    stages: Stages
    children: Children
    parent: pl.Expr
    outputs: dict[str, pl.Expr] = field(default_factory=dict)

    @property
    def inputs(self) -> list[pl.Expr]:
        """The columns of the parents' plan that `frames` takes."""
        return [self.parent, *self.children.inputs]

    def output(self, expression: pl.Expr) -> str:
        """Add a column of the child's plan to those of `frames` and return its name there."""
        column = self.stages.add(expression)
        name = column.meta.output_name()
        self.outputs[name] = column
        return name

    def frames(self, inputs: Sequence[pl.Series]) -> Iterator[pl.DataFrame]:
        """Yield the outputs of the parents' children in pieces, each with `owner`: the index of the parent (UInt64).

        Owners rise within a piece; the next piece may go on with the same one.
        """
        return (frame for frame, _ in self.counted_frames(inputs, has_owners=True))

    def counted_frames(
        self, inputs: Sequence[pl.Series], *, has_owners: bool = False
    ) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
        """Yield the pieces of `frames`, each with the number of `rows` (Int64) of each `owner` that has some.

        These tell the owner of each row in order, so that a piece itself has them only where they are wanted.
        """
        places = [column.to_numpy() for column in inputs[1:]]
        has_lines = self.stages.reads(LINE, list(self.outputs.values()))
        most = max(1, min(PIECE_ROWS, _PIECE_VALUES // max(1, len(self.outputs))))
        for start, piece in _iterate_pieces(places, most):
            series = [pl.Series(column) for column in piece]
            rows = self.children.rows(series, start, has_lines=has_lines, has_owners=has_owners)
            yield self._make(rows), _count(start, piece[1::2])

    def _make(self, rows: pl.DataFrame) -> pl.DataFrame:
        owners = [pl.col(name) for name in (OWNER,) if name in rows.columns]
        outputs = [*owners, *(column.alias(name) for name, column in self.outputs.items())]
        with self.stages.failures():
            return self.stages.over(rows.lazy(), outputs).collect(engine="streaming")


def _count(first_owner: int, widths: Sequence[np.ndarray]) -> pl.DataFrame:
    counts = _add(widths)
    owners = pl.int_range(first_owner, first_owner + len(counts), dtype=pl.UInt64, eager=True)
    counted = pl.DataFrame({OWNER: owners, COUNT: counts})
    return counted if counts.all() else counted.filter(pl.col(COUNT) > 0)


def _add(widths: Sequence[np.ndarray]) -> np.ndarray:
    """Return the number of children of each parent (Int64), from the widths of its ranges."""
    total = widths[0] if len(widths) == 1 else np.add.reduce(list(widths))
    return total.view(np.int64)


def run_within(stages: Stages, error: RuleError) -> RuleError:
    """Keep the error of an inner plan, which Polars would replace, for those who collect the outer one."""
    stages.keep(error)
    return error


def _iterate_pieces(places: Sequence[np.ndarray], most: int) -> Iterator[tuple[int, list[np.ndarray]]]:
    """Yield the first parent of each piece of at most `most` children, and firsts and widths of its parents' ranges.

    A parent with more children is divided.
    """
    counts = _add(places[1::2])
    ends = np.cumsum(counts)
    start = 0
    while start < len(counts):
        before = int(ends[start - 1]) if start else 0
        end = int(np.searchsorted(ends, before + most, side="right"))
        if end == start:
            yield from ((start, part) for part in _divide([column[start : start + 1] for column in places], most))
            end += 1
        else:
            yield start, [column[start:end] for column in places]
        start = end


def _divide(place: Sequence[np.ndarray], most: int) -> Iterator[list[np.ndarray]]:
    """Yield the ranges of one parent in pieces of at most `most` children."""
    for index in range(0, len(place), 2):
        first, width = int(place[index][0]), int(place[index + 1][0])
        for offset in range(0, width, most):
            part = [np.zeros(1, dtype=np.uint64) for _ in place]
            part[index][0], part[index + 1][0] = first + offset, min(most, width - offset)
            yield part
