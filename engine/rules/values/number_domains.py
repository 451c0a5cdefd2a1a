"""The domains of numbers: which values a unique column of a number type counts through."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import floor

import polars as pl

from engine.rules.domain import Domain
from engine.rules.random.permutation import GREATEST_SIZE
from engine.rules.site import Site
from engine.rules.values.numbers import float_bounds, from_unscaled, unscaled_bounds
from engine.schema.types import Kind

_FLOAT_PLACES = 6


def number_domain(site: Site) -> Domain:
    """Return the numbers up from 1 (or min_value), or those between both bounds."""
    return _floats(site) if site.type.kind is Kind.FLOAT else _whole_numbers(site)


def _whole_numbers(site: Site) -> Domain:
    kind, column = site.type, site.column
    if column.min_value is not None and column.max_value is not None:
        low, high = unscaled_bounds(column)
        size = max(0, min(high - low + 1, GREATEST_SIZE))
        return Domain(
            size, lambda index: from_unscaled(index, low, size, kind), index_of=_index_in(low, 1, size, kind.scale)
        )
    step = 10**kind.scale
    low = step if column.min_value is None else unscaled_bounds(column)[0]
    high = kind.integer_bounds[1] if column.max_value is None else unscaled_bounds(column)[1]
    size = max(0, min((high - low) // step + 1, GREATEST_SIZE))
    return Domain(
        size,
        lambda index: from_unscaled(index, low, size, kind, step=step),
        column.max_value is None,
        index_of=_index_in(low, step, size, kind.scale),
    )


def _index_in(low: int, step: int, size: int, scale: int) -> Callable[[int | Decimal], int | None]:
    """Return the function from a value to its index in low, low + step, ... (in units of the last decimal place)."""

    def index_of(value: int | Decimal) -> int | None:
        index, rest = divmod(int(Fraction(value) * 10**scale) - low, step)
        return index if rest == 0 and 0 <= index < size else None

    return index_of


def _floats(site: Site) -> Domain:
    """Use whole numbers from 1 (or min_value), or the millionths between both bounds."""
    column = site.column
    exact = 2**24 if site.type.bits == 32 else 2**53
    if column.min_value is not None and column.max_value is not None and site.type.bits == 64:
        low, high = float_bounds(column)
        size = max(1, min(int((high - low) * 10**_FLOAT_PLACES) + 1, exact))
        return Domain(size, lambda index: _millionths(index) + low)
    first = 1.0 if column.min_value is None else float(column.min_value)
    size = exact if column.max_value is None else max(0, min(exact, floor(float(column.max_value) - first) + 1))
    return Domain(size, lambda index: (index.cast(pl.Float64) + first).cast(site.type.polars), column.max_value is None)


def _millionths(index: pl.Expr) -> pl.Expr:
    """Return index / 10**6 rounded as IEEE 754 says, by a divisor that is a column.

    By one number for all rows Polars divides in two ways, of which one is less exact, depending on how many rows a
    chunk has.
    """
    number = index.cast(pl.Float64)
    return number / (number * 0.0 + 10.0**_FLOAT_PLACES)
