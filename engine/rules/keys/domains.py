"""Domains: the values of a column counted from 0, for columns whose values must not repeat.

A unique column puts a permutation of the row number into its domain; a composite key splits one number into the
places of its columns' domains.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import floor

import polars as pl

from engine.rules.providers.faker.rules import faker_stem
from engine.rules.providers.mimesis.rules import mimesis_stem
from engine.rules.random.bits import below
from engine.rules.random.permutation import GREATEST_SIZE, permuted
from engine.rules.site import Site
from engine.rules.text.default_text import make_uuid, phrases, unique_binary
from engine.rules.text.pattern import pattern_at, pattern_of
from engine.rules.text.unique_text import text_capacity, unique_text, unique_text_around
from engine.rules.values.numbers import float_bounds, from_unscaled, unscaled_bounds
from engine.rules.values.timestamps import from_ticks, moment_bounds
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind
from engine.schema.values import parse_value

_FLOAT_PLACES = 6


@dataclass(frozen=True)
class Domain:
    """How many different values there are, and the value at an index (UInt64, in [0, size)).

    `is_open` marks a domain that its user has not bounded, which a table may fill from its start; `is_permuted` one
    whose values already come in a random order.
    """

    size: int
    at: Callable[[pl.Expr], pl.Expr]
    is_open: bool = False
    is_permuted: bool = False


def make_unique(site: Site) -> pl.Expr:
    """Return values that differ in every row; too few possible values are an error that states the number."""
    domain = domain_of(site)
    if site.reach > domain.size:
        raise site.error(
            f"{site.reach:,} rows need as many unique values, and only {domain.size:,} are possible.",
            "Make fewer rows, or widen the column's bounds, length or type.",
        )
    if domain.is_open or domain.is_permuted:
        return domain.at(site.row)
    return domain.at(permuted(site.stages, site.row, domain.size, site.key("unique")))


def domain_of(site: Site) -> Domain:
    """Return the domain of the column by its rule and type."""
    column, kind = site.column, site.type.kind
    if column.values is not None:
        return _listed(site)
    if column.pattern is not None:
        size = pattern_of(site).size
        return Domain(min(size, GREATEST_SIZE), lambda index: pattern_at(site, index))
    if kind in NUMERIC:
        return _floats(site) if kind is Kind.FLOAT else _numbers(site)
    if kind is Kind.DATE or kind is Kind.TIME or kind in TIMESTAMPS:
        return _moments(site)
    if kind is Kind.BOOLEAN:
        return Domain(2, lambda index: index == 1)
    if kind is Kind.UUID:
        return Domain(2**64, lambda index: make_uuid(site), is_permuted=True)
    if kind is Kind.BINARY:
        length = 16 if site.type.length is None else min(site.type.length, 16)
        size = min(16**length, GREATEST_SIZE)
        return Domain(size, lambda index: unique_binary(site, index))
    return _texts(site)


def _listed(site: Site) -> Domain:
    values = list(dict.fromkeys(parse_value(value, site.type) for value in site.column.values or []))
    pool = pl.Series(values, dtype=site.type.polars)
    return Domain(len(pool), lambda index: pl.lit(pool).gather(index))


def _numbers(site: Site) -> Domain:
    """Count up from 1 (or min_value), or use the range between both bounds."""
    kind, column = site.type, site.column
    if column.min_value is not None and column.max_value is not None:
        low, high = unscaled_bounds(column)
        size = max(0, min(high - low + 1, GREATEST_SIZE))
        return Domain(size, lambda index: from_unscaled(index, low, size, kind))
    step = 10**kind.scale
    low = step if column.min_value is None else unscaled_bounds(column)[0]
    high = kind.integer_bounds[1] if column.max_value is None else unscaled_bounds(column)[1]
    size = max(0, min((high - low) // step + 1, GREATEST_SIZE))
    return Domain(size, lambda index: from_unscaled(index, low, size, kind, step=step), column.max_value is None)


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


def _moments(site: Site) -> Domain:
    low, high, step = moment_bounds(site.column, finest=True)
    return Domain((high - low) // step + 1, lambda index: from_ticks(index, low, step, site.type))


def _texts(site: Site) -> Domain:
    if site.column.faker_rule is not None or site.column.mimesis_rule is not None:
        head, tail = faker_stem(site) if site.column.mimesis_rule is None else mimesis_stem(site)
        return Domain(
            text_capacity(site.type.length),
            lambda index: unique_text_around(site, head, tail, index),
            is_permuted=True,
        )
    stems = phrases(site.type.length)

    def text_at(index: pl.Expr) -> pl.Expr:
        slot = site.stages.add(below(site.bits(), len(stems)).cast(pl.UInt32))
        return unique_text(site, stems, slot, index)

    return Domain(text_capacity(site.type.length), text_at, is_permuted=True)
