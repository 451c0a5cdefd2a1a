"""Columns that follow a distribution, within the column's bounds.

Bounds (and the range of the type) cut the law. Integers and decimals are the law's values rounded to the nearest
multiple of the last decimal place, computed as integers around the law's lowest value, or around its median when it
spreads over more than 2**51 of them; only in that case are values as coarse as Float64 numbers of that size.

For dates, timestamps and times the law's numbers are days (dates) or seconds after the start of the range; those of a
law on [0, 1], such as beta, are shares of the range.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import polars as pl

from engine.rules.distributions.cells import draw_offset
from engine.rules.distributions.discrete import discrete_cells, smallest_value
from engine.rules.distributions.law_names import resolve_law
from engine.rules.distributions.laws import ZIPF, Law, LawError
from engine.rules.distributions.quantile_tables import interpolate, make_quantile_table
from engine.rules.distributions.tail_quantiles import compute_quantiles
from engine.rules.random.bits import below
from engine.rules.site import Site
from engine.rules.values.numbers import make_number, narrow_bounds, unscaled_bounds
from engine.rules.values.timestamps import from_ticks, moment_bounds
from engine.schema.distribution import Distribution
from engine.schema.models import ColumnSchema
from engine.schema.types import NUMERIC, Kind

_EXACT_SPREAD = 2**51
_INT64 = 2**63
_MAX_COUNT = 2.0**62
_SECOND = 1_000_000
_HALF = Fraction(1, 2)
_WIDEN = "Widen the bounds, or change the distribution's parameters."
_MAX_FLOAT = {64: 1.79e308, 32: float(np.finfo(np.float32).max)}


@dataclass(frozen=True)
class Grid:
    """The integers that a column can hold, `low` to `high`; `per_unit` of them are 1 in the law's numbers.

    A number x of the law becomes floor(x * per_unit + shift).
    """

    low: int
    high: int
    per_unit: int = 1
    shift: Fraction = _HALF


@dataclass(frozen=True)
class Whole:
    """Integers as an expression (Int64, or Int128 when `is_wide`) plus a base; the sums are from `first` to `last`."""

    number: pl.Expr
    base: int
    first: int
    last: int
    is_wide: bool = False

    @property
    def sum(self) -> pl.Expr:
        """The integers as Int64, or as Int128 when Int64 cannot hold them."""
        fits = not self.is_wide and min(self.first, self.base) >= -_INT64 and max(self.last, self.base) < _INT64
        number = self.number if fits else self.number.cast(pl.Int128)
        return number if self.base == 0 else number + pl.lit(self.base, dtype=pl.Int64 if fits else pl.Int128)


def make_distributed(site: Site) -> pl.Expr:
    """Return values of a numeric, date, timestamp or time column that follow its `distribution`."""
    assert site.column.distribution is not None
    law = resolve_law(site, site.column.distribution)
    if site.type.kind not in NUMERIC:
        return _draw_timestamps(site, law)
    if law.name == ZIPF and law.shapes[0] <= 1 and site.column.max_value is None:
        raise site.error(f"{law.label} with s of 1 or less needs an upper bound.", "Give max_value, or s above 1.")
    if law.is_uniform:
        return make_number(_narrow_site(site, law))
    if site.type.kind is Kind.FLOAT:
        return _draw_floats(site, law)
    type_min, type_max = site.type.integer_bounds
    low = type_min if site.column.min_value is None else max(type_min, unscaled_bounds(site.column)[0])
    high = type_max if site.column.max_value is None else min(type_max, unscaled_bounds(site.column)[1])
    whole = _draw_integers(site, law, Grid(low, high, 10**site.type.scale)).sum
    if site.type.kind is Kind.DECIMAL:
        return whole.cast(pl.Int128).reinterpret(dtype=site.type.polars)
    return whole.cast(site.type.polars)


def draw_skewed_rank(site: Site, size: int, distribution: Distribution, purpose: str) -> pl.Expr:
    """Return a rank in [0, size) as UInt64 for each row, 0 the first; 1 <= size <= 2**62.

    `zipf` gives rank r a weight of 1 / (r + 1) ** s, s of 0 or more. Another discrete law counts the ranks from its
    smallest value; the numbers of a continuous law are shares of the ranks, cut to [0, 1).
    """
    law = resolve_law(site, distribution)
    if law.is_uniform:
        return below(site.bits(purpose), size)
    if not law.is_discrete:
        return _draw_integers(site, law, Grid(0, size - 1, size, Fraction(0)), purpose).sum.cast(pl.UInt64)
    first = first_rank(law)
    whole = _draw_integers(site, law, Grid(first, first + size - 1), purpose)
    return replace(whole, base=whole.base - first, first=0, last=size - 1).sum.cast(pl.UInt64)


def first_rank(law: Law) -> int:
    """Return the value of a discrete law that is the first rank."""
    smallest = smallest_value(law)
    return int(smallest) if 0 < smallest < math.inf else 0


def _narrow_site(site: Site, law: Law) -> Site:
    """Return the site with the bounds of a uniform law, which narrow the column's own."""
    if not law.is_placed:
        return site
    low, high = law.ends
    column = site.column
    bounds = {
        "min_value": low if column.min_value is None else max(low, column.min_value),
        "max_value": high if column.max_value is None else min(high, column.max_value),
    }
    if bounds["min_value"] > bounds["max_value"]:
        raise site.error("uniform has no values between these bounds.", _WIDEN)
    return site.at(column.model_copy(update=bounds))


def _draw_floats(site: Site, law: Law) -> pl.Expr:
    limit = _MAX_FLOAT[site.type.bits]
    low, high = _float_range(site.column, limit)
    if law.is_discrete:
        grid = Grid(math.ceil(max(low, -_MAX_COUNT)), math.floor(min(high, _MAX_COUNT)))
        return _draw_integers(site, law, grid).sum.cast(site.type.polars)
    if low == high:
        return (site.row.cast(pl.Float64) * 0.0 + low).cast(site.type.polars)
    lower, upper = _quantiles(site, law, low, high)
    table = make_quantile_table(law.loc + law.scale * lower, law.loc + law.scale * upper, low, high)
    return interpolate(site, table).cast(site.type.polars)


def _float_range(column: ColumnSchema, limit: float) -> tuple[float, float]:
    """Return the bounds of a FLOAT column, narrowed to numbers of its type."""
    low = -limit if column.min_value is None else max(-limit, float(column.min_value))
    high = limit if column.max_value is None else min(limit, float(column.max_value))
    if column.type.bits == 32:
        return narrow_bounds(low, high)
    return low, high


def _draw_timestamps(site: Site, law: Law) -> pl.Expr:
    low, high, step = moment_bounds(site.column)
    per_unit = 1 if site.type.kind is Kind.DATE else _SECOND // step
    grid = Grid(0, (high - low) // step, per_unit, Fraction(0))
    if law.is_uniform:
        first, last = _even_range(site, law, grid)
        return from_ticks(below(site.bits(), last - first + 1), low + first * step, step, site.type)
    if law.is_of_unit_interval:
        law = replace(law, scale=(grid.high + 1) / per_unit)
    return from_ticks(_draw_integers(site, law, grid).sum, low, step, site.type)


def _even_range(site: Site, law: Law, grid: Grid) -> tuple[int, int]:
    if not law.is_placed:
        return grid.low, grid.high
    first = max(grid.low, math.ceil(law.ends[0] * grid.per_unit))
    last = min(grid.high, math.floor(law.ends[1] * grid.per_unit))
    if first > last:
        raise site.error("uniform has no values in this range.", _WIDEN)
    return first, last


def _draw_integers(site: Site, law: Law, grid: Grid, purpose: str = "value") -> Whole:
    """Return drawn integers of the grid."""
    if law.is_discrete:
        return _draw_discrete(site, law, grid, purpose)
    low = float((grid.low - grid.shift) / grid.per_unit)
    high = float((grid.high + 1 - grid.shift) / grid.per_unit)
    lower, upper = _quantiles(site, law, low, high)
    location, factor = Fraction(law.loc) * grid.per_unit + grid.shift, law.scale * grid.per_unit
    smallest, middle, largest = (
        math.floor(location + Fraction(factor) * Fraction(float(z))) for z in (lower[0], lower[-1], upper[0])
    )
    first, last = max(grid.low, min(smallest, grid.high)), min(grid.high, max(largest, grid.low))
    is_narrow = last - first < _EXACT_SPREAD
    base = first if is_narrow else middle
    offset = float(location - base)
    table = make_quantile_table(
        offset + factor * lower,
        offset + factor * upper,
        float(first - base),
        float(np.nextafter(float(last - base + 1), -math.inf)),
    )
    value = interpolate(site, table, purpose)
    is_wide = max(last - base, base - first) >= _INT64 // 2
    # Relative to the min no value is negative, so a cast truncates like floor.
    number = (value if is_narrow else value.floor()).cast(pl.Int128 if is_wide else pl.Int64)
    return Whole(number, base, first, last, is_wide)


def _draw_discrete(site: Site, law: Law, grid: Grid, purpose: str) -> Whole:
    """Return the values of a discrete law, which are whole units of the grid."""
    unit = grid.per_unit
    try:
        cells = discrete_cells(law, -(-grid.low // unit), grid.high // unit)
    except LawError as error:
        raise site.error(f"{law.label} {error}", _WIDEN) from error
    first, last = cells.first * unit, cells.last * unit
    is_wide = last - first >= _INT64
    number = draw_offset(site, cells, purpose).cast(pl.Int128 if is_wide else pl.Int64)
    return Whole(number if unit == 1 else number * unit, first, first, last, is_wide)


def _quantiles(site: Site, law: Law, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    try:
        return compute_quantiles(law, low, high)
    except LawError as error:
        raise site.error(f"{law.label} {error}", _WIDEN) from error
