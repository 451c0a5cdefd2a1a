"""Integers, decimals, floats and booleans in ranges (bounds inclusive).

Integers and decimals use integer arithmetic only: a decimal is an unscaled 128-bit integer whose scale is set without
computing, so it is exact in all its 38 digits.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, inf, isinf

import numpy as np
import polars as pl

from engine.rules.domain import Domain
from engine.rules.random.bits import below, below_each, is_chosen, u64, unit
from engine.rules.site import Site
from engine.schema.models import ColumnSchema
from engine.schema.types import Kind, WarehouseType

DEFAULT_MAX = 1000
_INT64 = 2**63


def make_number(site: Site) -> pl.Expr:
    """Return numbers spread evenly over the column's bounds."""
    if site.type.kind is Kind.FLOAT:
        return _make_real(site) if site.type.bits == 32 else _make_double(site)
    low_int, high_int = unscaled_bounds(site.column)
    if low_int > high_int:
        raise site.error(f"There is no {site.type} between min_value and max_value.", "Widen the bounds or the scale.")
    size = high_int - low_int + 1
    if size <= 2**64:
        return from_unscaled(below(site.bits(), size), low_int, size, site.type)
    return _make_wide(site, low_int, size)


def _make_double(site: Site) -> pl.Expr:
    low, high = float_bounds(site.column)
    if low == high:
        return site.row.cast(pl.Float64) * 0.0 + low
    share = unit(site.bits())
    if isinf(high - low):  # the width overflows, half of it does not
        half = site.stages.add(share * (high / 2 - low / 2))
        return pl.min_horizontal(half + low + half, pl.lit(high))
    return pl.min_horizontal(share * (high - low) + low, pl.lit(high))


def _make_real(site: Site) -> pl.Expr:
    """Return doubles rounded to the nearest 32-bit number within the bounds."""
    rounded = _make_double(site).cast(pl.Float32)
    low, high = narrow_bounds(*float_bounds(site.column))
    if low > high:  # no 32-bit number lies between the bounds: the nearest one has to do
        return rounded
    return rounded.clip(pl.lit(low, dtype=pl.Float32), pl.lit(high, dtype=pl.Float32))


def _make_wide(site: Site, low: int, size: int) -> pl.Expr:
    """Return unscaled numbers of a range of 2**64 to 2**128 values.

    One word draws a stratum, which starts at floor(word * size / 2**64), another one the offset in it. Sums wrap at
    2**128; the last step reinterprets them as signed numbers.
    """
    upper, lower = divmod(size, 2**64)
    stratum = site.bits("stratum").cast(pl.UInt128)
    carry = (stratum * _u128(lower)) // _u128(2**64)
    next_carry = ((stratum + _u128(1)) * _u128(lower)) // _u128(2**64)
    width = site.stages.add((next_carry - carry + _u128(upper)).cast(pl.UInt64))
    place = below_each(site.bits(), width).cast(pl.UInt128)
    wrapped = stratum * _u128(upper) + carry + place + _u128(low % 2**128)
    return wrapped.reinterpret(dtype=pl.Int128).reinterpret(dtype=site.type.polars)


def _u128(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.UInt128)


def from_unscaled(index: pl.Expr, low: int, size: int, kind: WarehouseType, *, step: int = 1) -> pl.Expr:
    """Return low + index * step as a value of an INTEGER or DECIMAL type; `index` is UInt64 in [0, size)."""
    type_max = low + (size - 1) * step
    is_narrow = low >= -_INT64 and type_max < _INT64 and (size - 1) * step < _INT64
    word: pl.DataType = pl.Int64() if is_narrow else pl.Int128()
    number = index.cast(word)
    if step != 1:
        number = number * pl.lit(step, dtype=word)
    if low != 0:
        number = number + pl.lit(low, dtype=word)
    if kind.kind is Kind.DECIMAL:
        return number.cast(pl.Int128).reinterpret(dtype=kind.polars)
    return number.cast(kind.polars)


def unscaled_bounds(column: ColumnSchema) -> tuple[int, int]:
    """Return the min and max value as integers in units of the last decimal place."""
    kind = column.type
    type_min, type_max = kind.integer_bounds
    unit_size = 10**kind.scale
    low = 0 if column.min_value is None else ceil(Fraction(column.min_value) * unit_size)
    if column.max_value is not None:
        high = floor(Fraction(column.max_value) * unit_size)
        if column.min_value is None and high <= 0:
            low = high - DEFAULT_MAX * unit_size
    else:
        high = max(low, 0) + DEFAULT_MAX * unit_size
    return max(low, type_min), min(high, type_max)


def float_bounds(column: ColumnSchema) -> tuple[float, float]:
    """Return the min and max value of a FLOAT column."""
    low = None if column.min_value is None else float(column.min_value)
    high = None if column.max_value is None else float(column.max_value)
    if low is None:
        low = 0.0 if high is None or high > 0 else high - DEFAULT_MAX
    return low, low + DEFAULT_MAX if high is None else high


def narrow_bounds(low: float, high: float) -> tuple[float, float]:
    """Return the min and max 32-bit float between two bounds; they cross when there is none."""
    narrow_low, narrow_high = np.float32(low), np.float32(high)
    return (
        float(narrow_low if narrow_low >= low else np.nextafter(narrow_low, np.float32(inf))),
        float(narrow_high if narrow_high <= high else np.nextafter(narrow_high, np.float32(-inf))),
    )


def make_boolean(site: Site) -> pl.Expr:
    """Return True with the column's probability, one half by default."""
    probability = 0.5 if site.column.probability is None else site.column.probability
    bits = site.bits()
    # Ordered draws have true as the greater value.
    return is_chosen(u64(2**64 - 1) - bits if site.is_ordered else bits, probability)


def boolean_domain(site: Site) -> Domain:
    """Return False and True."""
    return Domain(2, lambda index: index == 1)
