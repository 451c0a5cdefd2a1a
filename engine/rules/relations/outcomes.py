"""Declared outcomes: periods and amounts that are exact to the row and to the last digit, as functions of the row.

A permutation turns the row number into a slot. The slots of a period lie next to each other, so that the slot gives the
period and the row's place in it, and the place gives the amount (`outcome_cells`). What a row has is O(1).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from engine.rules.random.bits import below_each, u64
from engine.rules.random.permutation import permuted
from engine.rules.random.seeds import stream_key
from engine.rules.registry import maker_of
from engine.rules.relations.outcome_cells import (
    UNIT_BITS,
    Curves,
    bounds_of,
    count_rows,
    make_curves,
    spread_target,
    strides_of,
    totals_of,
)
from engine.rules.site import OrderedSite, Site
from engine.rules.stages import Stages
from engine.rules.values.timestamps import from_ticks, moment_bounds
from engine.schema.conditional_checks import parse_text
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.outcomes import VALUE, Outcome, Partition, partition_of, period_of
from engine.schema.types import Kind

_EPOCH = date(1970, 1, 1)
_DAY = 86_400_000_000
_WORD = 2**64
_QUANTILES = 2**13
_NARROW = 2**63


@dataclass(frozen=True)
class _Places:
    """The cell of each row (UInt32), its place among the rows of the cell, and their number (UInt64)."""

    cell: pl.Expr
    index: pl.Expr
    rows: pl.Expr
    counts: list[int]


def has_outcome(table: TableSchema, column: ColumnSchema) -> bool:
    """Return whether declared outcomes make the values of a column."""
    return partition_of(table.outcomes, column.name) is not None


def make_outcome(site: Site) -> pl.Expr:
    """Return the values of a column that declared outcomes make; raises `RuleError` where no rows can meet them."""
    partition = partition_of(site.table.outcomes, site.column.name)
    assert partition is not None
    places, folded = _place_rows(site, partition), site.column.name.casefold()
    cells, first = partition.cells, partition.first
    if first.by is not None and folded == first.by.casefold():
        return _listed(site, places, [group for group, _ in cells])
    if folded != first.of.casefold():
        sums = [one for one in partition.outcomes if one.sum is not None]
        turn = next(turn for turn, one in enumerate(sums) if (one.sum or "").casefold() == folded)
        return _amounts(site, places, partition, sums[turn], turn)
    names = [name for _, name in cells]
    return _listed(site, places, names) if first.per == VALUE else _moments(site, places, first.per, names)


def _place_rows(site: Site, partition: Partition) -> _Places:
    """Return where each row lies; rows beyond the table's, which only a preview has, start over."""
    rows = site.counts[site.table.key]
    counts = count_rows(site.table, partition, rows)
    memo = ("outcome", site.table.key, partition.index, site.row.meta.output_name())
    stages, size = site.stages, max(rows, 1)
    key = stream_key(site.seed, site.table.key.casefold(), *map(str.casefold, partition.first.key), "outcome")
    known = stages.known((*memo, "slot"))
    if known is None:
        row = site.row if site.reach <= size else stages.add(site.row % u64(size))
        known = stages.add(permuted(stages, row, size, key), memo=(*memo, "slot"))
    ends = np.cumsum(np.array(counts, dtype=np.uint64)).astype(np.uint64)
    found = pl.lit(pl.Series(ends)).search_sorted(known, side="right").cast(pl.UInt32)
    last = pl.lit(max(len(counts) - 1, 0), dtype=pl.UInt32)
    cell = stages.add(pl.min_horizontal(found, last), memo=(*memo, "cell"))
    starts = pl.Series(ends - np.array(counts, dtype=np.uint64))
    index = stages.add(known - pl.lit(starts).gather(cell), memo=(*memo, "index"))
    each = stages.add(pl.lit(pl.Series(np.array(counts, dtype=np.uint64))).gather(cell), memo=(*memo, "rows"))
    return _Places(cell, index, each, counts)


def _listed(site: Site, places: _Places, names: Sequence[str]) -> pl.Expr:
    values = [parse_text(name, site.type) for name in names]
    pool = pl.Series(values, dtype=site.type.polars)
    if site.type.kind is Kind.TEXT:
        pool = pool.cast(pl.Enum(pool.unique(maintain_order=True)))
    return pl.lit(pool).gather(places.cell)


def _moments(site: Site, places: _Places, per: str, names: Sequence[str]) -> pl.Expr:
    """Return days or times spread evenly over the part of each period that the column's bounds allow."""
    column = site.column
    low, high, step = moment_bounds(column)
    has_low = column.date_start is not None or column.timestamp_start is not None
    has_high = column.date_end is not None or column.timestamp_end is not None
    firsts, sizes = [], []
    for name in names:
        start, end = ((day - _EPOCH).days for day in period_of(per, name))
        if column.type.kind is not Kind.DATE:
            start, end = start * _DAY, (end + 1) * _DAY - step
        start = max(start, low) if has_low else start
        end = min(end, high) if has_high else end
        if start > end:
            raise site.error(f'The bounds of the column leave nothing of "{name}".', "Widen the bounds.")
        firsts.append(start)
        sizes.append((end - start) // step + 1)
    size = pl.lit(pl.Series(sizes, dtype=pl.UInt64)).gather(places.cell)
    offset = site.stages.add(below_each(site.bits(), size)).cast(pl.Int64) * pl.lit(step, dtype=pl.Int64)
    ticks = offset + pl.lit(pl.Series(firsts, dtype=pl.Int64)).gather(places.cell)
    return from_ticks(ticks, 0, 1, site.type)


def _amounts(site: Site, places: _Places, partition: Partition, outcome: Outcome, turn: int) -> pl.Expr:
    totals, bounds = totals_of(site.table, outcome), bounds_of(site.column)
    spreads = [
        spread_target(totals[cell], rows, bounds) for cell, rows in zip(partition.cells, places.counts, strict=True)
    ]
    curves = make_curves(spreads, places.counts, _lorenz_curve(site, spreads[0].base), site.where)
    stages, cell = site.stages, places.cell
    index = places.index
    if turn:
        stride = pl.lit(pl.Series(strides_of(places.counts, turn))).gather(cell)
        index = stages.add(index * stride % pl.max_horizontal(places.rows, u64(1)))
    sum_at = _sums_at(site, places, curves)
    share = stages.add(sum_at(index + u64(1)) - sum_at(index))
    sign = pl.lit(pl.Series([spread.sign for spread in spreads], dtype=pl.Int64)).gather(cell)
    bases = [spread.base for spread in spreads]
    is_wide = max(map(abs, bases)) + max(spread.size for spread in spreads) >= _NARROW
    number: pl.DataType = pl.Int128() if is_wide else pl.Int64()
    amount = (share * sign).cast(number) + pl.lit(pl.Series(bases, dtype=number)).gather(cell)
    if site.type.kind is Kind.DECIMAL:
        return amount.cast(pl.Int128).reinterpret(dtype=site.type.polars)
    return amount.cast(site.type.polars)


def _sums_at(site: Site, places: _Places, curves: Curves) -> Callable[[pl.Expr], pl.Expr]:
    """Return the function from a number of rows of the cell to the sum of their shares (Int64)."""
    stages, cell, rows = site.stages, places.cell, pl.max_horizontal(places.rows, u64(1))
    table = pl.lit(pl.Series(curves.sums))
    parts = stages.add(pl.lit(pl.Series(curves.parts)).gather(cell))
    first = stages.add(pl.lit(pl.Series(curves.first)).gather(cell))
    gain = int(np.abs(np.diff(curves.sums)).max(initial=0)) if len(curves.sums) > 1 else 0
    wide: pl.DataType = pl.Int64() if gain * max(places.counts, default=1) < _NARROW else pl.Int128()

    def sum_at(taken: pl.Expr) -> pl.Expr:
        place = stages.add(taken * parts)
        knot = stages.add(place // rows)
        rest = stages.add(place - knot * rows)
        start = stages.add(table.gather(first + knot))
        gained = stages.add(table.gather(first + knot + u64(1)) - start)
        return stages.add(start + (gained.cast(wide) * rest.cast(wide) // rows.cast(wide)).cast(pl.Int64))

    return sum_at


def _lorenz_curve(site: Site, base: int) -> np.ndarray:
    """Return the sums of what the column's own rule makes above a base, from the smallest to the largest, up to 2**31.

    The rule is drawn at evenly spaced ranks; so a distribution, or the bounds of the column, give their shape.
    """
    stages = Stages()
    width = _WORD // _QUANTILES
    ordered = stages.add(stages.row * u64(width) + u64(width // 2))
    at = OrderedSite(
        stages, site.seed, site.locale, site.counts, _QUANTILES, site.table, site.column, stages.row, ordered
    )
    made = stages.add(maker_of(site.column).make(at, None))  # type: ignore[arg-type]
    value = made.cast(site.type.polars)
    value = value.reinterpret(dtype=pl.Int128) if site.type.kind is Kind.DECIMAL else value
    frame = stages.frame(0, _QUANTILES, [value.cast(pl.Int128).alias("v")]).collect(engine="streaming")
    above = [max(number - base, 0) for number in frame["v"].to_list()]
    total = sum(above)
    if not total:
        return np.asarray(np.arange(_QUANTILES + 1, dtype=np.int64) * 2**UNIT_BITS // _QUANTILES)
    sums, reached = [0], 0
    for number in sorted(above):
        reached += number
        sums.append((reached << UNIT_BITS) // total)
    return np.array(sums, dtype=np.int64)
