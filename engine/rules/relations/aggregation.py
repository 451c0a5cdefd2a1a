"""Aggregates of children by parent, exact: sums of scaled integers, never of floats.

Each piece of children gives partial results, which add up to those of the parents. Values of 64 bits go through numpy,
where the rows of a parent lie next to each other; all others through Polars.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from engine.rules.keys.children import COUNT, OWNER

TOO_LARGE = 2**126
"""What a sum becomes that no DECIMAL can hold."""
_PLAIN = (pl.Int64(), pl.Boolean())
"""The types of values that are added up without the owner of each."""
_LIMIT = 10**19
_LOW_BITS = 2**32
_SAFE = 2**62
_ROWS, _VALUE, _HIGH = COUNT, "value", "high"


@dataclass(frozen=True)
class Aggregate:
    """An aggregate of the column `value` (None: of the rows) over the rows where the column `keep` is true.

    `dtype` is that of the values. `digits` is how many decimal places an average has more than its values, and the
    result of other aggregates is in units of the values. `is_small` says that no sum is beyond the range of Int64.
    """

    function: str
    value: str | None
    keep: str | None
    dtype: pl.DataType
    digits: int = 0
    is_small: bool = False

    @property
    def is_width(self) -> bool:
        """Whether the number of children is the result, so that none needs to be read."""
        return self.function == "count" and self.value is None and self.keep is None

    @property
    def result(self) -> pl.DataType:
        """The data type of the result."""
        match self.function:
            case "min" | "max":
                return self.dtype
            case "any" | "all":
                return pl.Boolean()
            case "count" | "count_distinct":
                return pl.Int64()
            case "sum" if self.is_small:
                return pl.Int64()
            case _:
                return pl.Int128()

    def reduce(self, frame: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
        """Return the partial results of one piece: one line for each owner with rows that count.

        `counted` has the number of rows of each owner that has some.
        """
        kept = None if self.keep is None else frame[self.keep]
        if self.value is None and kept is None:
            return counted
        values = None if self.value is None else frame[self.value]
        if values is not None and values.null_count():
            kept = values.is_not_null() if kept is None else kept & values.is_not_null()
        is_plain = kept is None and self.function != "count_distinct" and values is not None and values.dtype in _PLAIN
        owners = _owners(counted) if not is_plain else counted[OWNER]
        if kept is not None:
            owners, values = owners.filter(kept), None if values is None else values.filter(kept)
            counted = count_rows(owners)
        if values is None:
            return counted
        if self.function == "count_distinct":
            return pl.DataFrame({OWNER: owners, _VALUE: values}).unique(maintain_order=True)
        if self.function in ("any", "all"):
            values = values.cast(pl.Int64)
        if values.dtype == pl.Int64:
            return self._reduce_integers(counted, values)
        grouped = pl.DataFrame({OWNER: owners, _VALUE: values}).group_by(OWNER, maintain_order=True)
        return grouped.agg(pl.len().cast(pl.Int64).alias(_ROWS), *self._parts())

    def _reduce_integers(self, counted: pl.DataFrame, values: pl.Series) -> pl.DataFrame:
        if counted.is_empty():
            return counted.with_columns(pl.lit(0, dtype=pl.Int64).alias(_VALUE))
        lengths, numbers = counted[_ROWS].to_numpy(), values.to_numpy()
        starts = np.cumsum(lengths) - lengths
        if self.function in ("min", "max"):
            least = np.minimum if self.function == "min" else np.maximum
            return counted.with_columns(pl.Series(_VALUE, least.reduceat(numbers, starts)))
        return counted.with_columns(_sum(numbers, starts))

    def _parts(self) -> list[pl.Expr]:
        value = pl.col(_VALUE)
        if self.function in ("min", "max"):
            return [value.min() if self.function == "min" else value.max()]
        high = (value // pl.lit(_LIMIT, dtype=pl.Int128)).sum()
        return [value.sum(), high.alias(_HIGH)]

    def finish(self, parts: Sequence[pl.DataFrame], owners: int) -> pl.Series:
        """Return the result of each of the owners [0, owners) from the partial results of all pieces."""
        parts = [part for part in parts if not part.is_empty()]
        if not parts:
            return self._complete(
                pl.DataFrame({OWNER: [], **self._nothing()}, schema_overrides={OWNER: pl.UInt64}), owners
            )
        found = pl.concat(parts, how="vertical_relaxed")
        if self.function == "count_distinct":
            found = count_rows(found.unique()[OWNER].sort()) if _are_mixed(parts) else count_rows(found[OWNER])
        elif _are_mixed(parts):
            found = self._combine(found)
        return self._complete(found, owners)

    def _nothing(self) -> dict[str, pl.Series]:
        empty = {_ROWS: pl.Series([], dtype=pl.Int64)}
        if self.function != "count" and self.function != "count_distinct":
            is_bound = self.function in ("min", "max")
            empty[_VALUE] = pl.Series([], dtype=self.dtype if is_bound else pl.Int128)
            if not is_bound:
                empty |= {_HIGH: pl.Series([], dtype=pl.Int128)} if self._has_high else {}
        return empty

    @property
    def _has_high(self) -> bool:
        """Whether sums are kept with their high digits: those of 64 bits cannot leave the range of Int128."""
        return self.dtype == pl.Int128()

    def _combine(self, found: pl.DataFrame) -> pl.DataFrame:
        sums = [pl.col(name).sum() for name in (_ROWS, _HIGH) if name in found.columns]
        value = pl.col(_VALUE)
        if _VALUE in found.columns:
            sums.append({"min": value.min(), "max": value.max()}.get(self.function, value.cast(pl.Int128).sum()))
        return found.group_by(OWNER).agg(sums)

    def _complete(self, found: pl.DataFrame, owners: int) -> pl.Series:
        values = found.select(self._result().alias(_VALUE))[_VALUE].cast(self.result)
        if len(values) < owners or not found[OWNER].is_sorted():
            values = _place(values, found[OWNER], owners)
        match self.function:
            case "any":
                return values.fill_null(False)
            case "all":
                return values.fill_null(True)
            case "sum" | "count" | "count_distinct":
                return values.fill_null(0)
            case _:
                return values

    def _result(self) -> pl.Expr:
        rows, value = pl.col(_ROWS), pl.col(_VALUE)
        match self.function:
            case "count" | "count_distinct":
                return rows
            case "any":
                return value > 0
            case "all":
                return value == rows
            case "min" | "max":
                return value
            case _:
                result = value
                if self.function == "avg":
                    result = average(value.cast(pl.Int128), rows.cast(pl.Int128), self.digits)
                if not self._has_high:
                    return result
                is_large = pl.col(_HIGH).abs() > pl.lit(_LIMIT, dtype=pl.Int128)
                return pl.when(is_large).then(pl.lit(TOO_LARGE, dtype=pl.Int128)).otherwise(result)


def _place(values: pl.Series, owner: pl.Series, owners: int) -> pl.Series:
    """Return the value of each of the owners [0, owners), NULL for one without; `owner` is that of each value."""
    index = np.full(owners, len(values), dtype=np.uint64)
    index[owner.to_numpy()] = np.arange(len(values), dtype=np.uint64)
    return values.append(pl.Series([None], dtype=values.dtype)).gather(index)


def _owners(counted: pl.DataFrame) -> pl.Series:
    """Return the owner of each row of a piece."""
    return pl.Series(OWNER, np.repeat(counted[OWNER].to_numpy(), counted[_ROWS].to_numpy()))


def average(total: pl.Expr, count: pl.Expr, digits: int) -> pl.Expr:
    """Return total / count (Int128) with `digits` more decimal places, rounded half away from zero.

    A result of more than 38 digits becomes `TOO_LARGE`; fewer places are those of a negative `digits`.
    """
    size, divisor = total.abs(), count * pl.lit(10 ** max(-digits, 0), dtype=pl.Int128)
    factor = pl.lit(10 ** max(digits, 0), dtype=pl.Int128)
    whole = size // divisor
    rest = (size - whole * divisor) * factor
    quotient = whole * factor + (rest * 2 + divisor) // (divisor * 2)
    is_large = whole > pl.lit(10**38 // 10 ** max(digits, 0), dtype=pl.Int128)
    signed = pl.when(total < 0).then(pl.lit(0, dtype=pl.Int128) - quotient).otherwise(quotient)
    return pl.when(is_large).then(pl.lit(TOO_LARGE, dtype=pl.Int128)).otherwise(signed)


def _sum(numbers: np.ndarray, starts: np.ndarray) -> pl.Series:
    """Return the exact sums of consecutive Int64 numbers from each start on: as Int64 if all fit, else as Int128."""
    most = max(abs(int(numbers.min())), abs(int(numbers.max())))
    if most * len(numbers) < _SAFE:
        return pl.Series(_VALUE, np.add.reduceat(numbers, starts))
    high, low = np.add.reduceat(numbers >> 32, starts), np.add.reduceat(numbers & (_LOW_BITS - 1), starts)
    halves = pl.DataFrame({"high": high, "low": low}).cast(pl.Int128)
    both = halves.select((pl.col("high") * pl.lit(_LOW_BITS, dtype=pl.Int128) + pl.col("low")).alias(_VALUE))
    return both[_VALUE]


def _are_mixed(parts: Sequence[pl.DataFrame]) -> bool:
    """Whether an owner can be in several parts, or a later part has an earlier owner."""
    return any(one[OWNER][-1] >= other[OWNER][0] for one, other in pairwise(parts))


def count_rows(owners: pl.Series) -> pl.DataFrame:
    """Return the number of lines of each owner; equal owners are next to each other."""
    numbers = owners.to_numpy()
    if len(numbers) == 0:
        return pl.DataFrame({OWNER: owners, _ROWS: pl.Series([], dtype=pl.Int64)})
    starts = np.concatenate([[0], np.flatnonzero(numbers[1:] != numbers[:-1]) + 1])
    lengths = np.diff(np.append(starts, len(numbers)))
    return pl.DataFrame({OWNER: owners.gather(starts), _ROWS: pl.Series(lengths, dtype=pl.Int64)})
