"""The parts into which declared outcomes cut the rows of a table, and how each target is spread over its rows.

All arithmetic is in integers. The rows of a part, from the smallest amount to the largest, lie along a Lorenz curve
of the column's own distribution: row i has what the curve times the target gains from i to i + 1, rounded down at both
ends, so the amounts add up to the target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, gcd

import numpy as np

from engine.errors import RuleError
from engine.rules.keys.row_shares import rows_for, share_rows
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.outcomes import Cell, Outcome, Partition, flat

UNIT_BITS = 31
"""The bits of a Lorenz curve, which rises from 0 to 2**31."""
_MAX_SIZE = 2**62
_KNOTS = 2**20
_MOST_KNOTS, _FEWEST_KNOTS = 2**13, 64
_STRIDE = 2**20
_GOLDEN = 0.6180339887498949


@dataclass(frozen=True)
class Bounds:
    """The unscaled numbers that one row can have; `has_low` if the column states the lower one."""

    low: int
    high: int
    has_low: bool


@dataclass(frozen=True)
class Spread:
    """A part's target over its rows: each has base + sign * (its share of `size`)."""

    base: int
    sign: int
    size: int
    limit: int
    """The most that a share may be."""


@dataclass(frozen=True)
class Curves:
    """The sums at the knots of each part, one after the other: `first` is where a part's begin, `parts` how many."""

    sums: np.ndarray
    first: np.ndarray
    parts: np.ndarray


def bounds_of(column: ColumnSchema) -> Bounds:
    """Return what a row of a column can have, by its bounds and its type."""
    low, high = column.type.integer_bounds
    unit = 10**column.type.scale
    if column.min_value is not None:
        low = max(low, ceil(Fraction(column.min_value) * unit))
    if column.max_value is not None:
        high = min(high, floor(Fraction(column.max_value) * unit))
    return Bounds(low, high, column.min_value is not None)


def totals_of(table: TableSchema, outcome: Outcome) -> dict[Cell, int]:
    """Return the unscaled targets of an outcome with a sum, by cell."""
    assert outcome.sum is not None and outcome.targets is not None
    unit = 10 ** table.column(outcome.sum).type.scale
    return {cell: int(number * unit) for cell, number in flat(outcome.targets, outcome.by).items()}


def count_rows(table: TableSchema, partition: Partition, rows: int) -> list[int]:
    """Return the number of rows of each cell; raises `RuleError` where the targets or counts are not possible."""
    where, cells = f"{table.key}.outcomes", partition.cells
    least, most = [0] * len(cells), [rows] * len(cells)
    for outcome in partition.outcomes:
        if outcome.sum is None:
            continue
        column = table.column(outcome.sum)
        bounds, totals = bounds_of(column), totals_of(table, outcome)
        for place, cell in enumerate(cells):
            total = totals[cell]
            low = bounds.low if bounds.has_low or total < 0 else max(min(0, bounds.high), bounds.low)
            fewest, limit = rows_for(total, low, bounds.high)
            if limit is not None and fewest > limit:
                message = f"No rows of {column.name} between its bounds add up to {_shown(cell, outcome)}."
                raise RuleError(message, where=where, hint="Change the target, or the bounds of the column.")
            least[place] = max(least[place], fewest)
            most[place] = most[place] if limit is None else min(most[place], limit)
    counts = partition.counts
    if counts is None:
        _check_bounds(partition, rows, least, most, where)
        return share_rows(rows, _weights(table, partition), least, most)
    made = _given_rows([counts[cell] for cell in cells], rows, where)
    for cell, count, low, high in zip(cells, made, least, most, strict=True):
        if not low <= count <= high:
            need = f"at least {low:,}" if count < low else f"at most {high:,}"
            message = f"{' '.join(filter(None, cell))} has {count:,} rows, and its targets need {need}."
            raise RuleError(message, where=where, hint="Change its count or target, or the bounds of the column.")
    return made


def _check_bounds(partition: Partition, rows: int, least: Sequence[int], most: Sequence[int], where: str) -> None:
    for cell, low, high in zip(partition.cells, least, most, strict=True):
        if low > high:
            name = " ".join(filter(None, cell))
            need = f"{low:,} rows" if high == rows else f"at least {low:,} rows for one target, at most {high:,} for"
            message = f"{name} needs {need}{'' if high == rows else ' another'}, and the table has {rows:,}."
            raise RuleError(message, where=where, hint="Give it more target_rows, or change the targets.")
    if sum(least) > rows:
        message = f"The targets need at least {sum(least):,} rows, and there are {rows:,}."
        raise RuleError(message, where=where, hint=f'Set "target_rows" to {sum(least)} or more, or raise max_value.')
    if sum(most) < rows:
        message = f"The targets are enough for at most {sum(most):,} rows, and there are {rows:,}."
        raise RuleError(message, where=where, hint=f'Set "target_rows" to {sum(most)} or less, or lower min_value.')


def _weights(table: TableSchema, partition: Partition) -> list[Fraction]:
    """Return the weights of the cells where no count is given: the first targets, without their signs."""
    totals = totals_of(table, next(one for one in partition.outcomes if one.sum is not None))
    return [Fraction(abs(totals[cell])) for cell in partition.cells]


def _given_rows(counts: Sequence[Decimal], rows: int, where: str) -> list[int]:
    if all(count == count.to_integral_value() for count in counts) and sum(counts) != 1:
        if sum(counts) != rows:
            message = f"count adds up to {int(sum(counts)):,} rows, and there are {rows:,}."
            hint = f'Set "target_rows" to {int(sum(counts))}, or write shares that add up to 1.'
            raise RuleError(message, where=where, hint=hint)
        return [int(count) for count in counts]
    unlimited = [rows] * len(counts)
    return share_rows(rows, [Fraction(count) for count in counts], [0] * len(counts), unlimited)


def _shown(cell: Cell, outcome: Outcome) -> str:
    assert outcome.targets is not None
    return f"{flat(outcome.targets, outcome.by)[cell]:,} ({' '.join(filter(None, cell))})"


def spread_target(total: int, rows: int, bounds: Bounds) -> Spread:
    """Return how a possible total is spread over a number of rows."""
    if bounds.has_low or total >= 0:
        low = bounds.low if bounds.has_low else max(min(0, bounds.high), bounds.low)
        return Spread(low, 1, total - rows * low, bounds.high - low)
    high = min(0, bounds.high)
    return Spread(high, -1, rows * high - total, high - bounds.low)


def make_curves(spreads: Sequence[Spread], counts: Sequence[int], lorenz: np.ndarray, where: str) -> Curves:
    """Return the sums at the knots of each part, whose shares follow a Lorenz curve as far as their limits allow."""
    most = max(_FEWEST_KNOTS, min(_MOST_KNOTS, _KNOTS // max(len(counts), 1)))
    sums: list[np.ndarray] = []
    for spread, rows in zip(spreads, counts, strict=True):
        if spread.size >= _MAX_SIZE:
            raise RuleError(
                "A target has more than 18 digits.", where=where, hint="Use a smaller scale or smaller targets."
            )
        sums.append(_curve(spread, rows, min(most, max(rows, 1)), lorenz))
    parts = np.array([len(each) - 1 for each in sums], dtype=np.uint64)
    lengths = np.array([len(each) for each in sums], dtype=np.uint64)
    first = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.uint64)
    return Curves(np.concatenate([*sums, [0]]).astype(np.int64), first, parts)


def _curve(spread: Spread, rows: int, knots: int, lorenz: np.ndarray) -> np.ndarray:
    """Return floor(size * curve) at evenly spaced knots; a straight line where the limit leaves no other one."""
    grid = np.arange(knots + 1, dtype=np.int64)
    curve = lorenz[grid * (len(lorenz) - 1) // knots]
    straight = grid * 2**UNIT_BITS // knots
    for eighths in range(9):
        mixed = (curve * (8 - eighths) + straight * eighths) // 8
        sums = _multiply(spread.size, mixed)
        if -(-int(np.diff(sums).max()) * knots // max(rows, 1)) <= spread.limit:
            return sums
    return np.array([0, spread.size], dtype=np.int64)


def _multiply(size: int, curve: np.ndarray) -> np.ndarray:
    """Return floor(size * curve / 2**31) for a size below 2**62."""
    high, low = divmod(size, 2**UNIT_BITS)
    return np.asarray(high * curve + (low * curve >> UNIT_BITS))


def strides_of(counts: Sequence[int], turn: int) -> np.ndarray:
    """Return, for each part, a number by which row i times it, modulo the rows, is another order of the rows.

    It is 1 for the first target of a part; further ones get orders of their own.
    """
    found = []
    for rows in counts:
        stride = 1
        if turn:
            stride = max(1, min(int(rows * _GOLDEN) + turn, _STRIDE))
            while gcd(stride, max(rows, 1)) > 1:
                stride -= 1
        found.append(stride)
    return np.array(found, dtype=np.uint64)
