"""Sequences: start + step * row, which never repeats."""

from __future__ import annotations

import polars as pl

from engine.rules.domain import Domain
from engine.rules.random.permutation import GREATEST_SIZE
from engine.rules.site import Site
from engine.rules.values.timestamps import from_ticks
from engine.schema.sequences import Steps, steps_of
from engine.schema.types import Kind, WarehouseType

_INT64 = 2**63


def make_sequence(site: Site) -> pl.Expr:
    """Return start + step * row; raises `RuleError` when the last row does not fit the type and the bounds."""
    domain = sequence_domain(site)
    if site.reach > domain.size:
        raise site.error(
            f"{site.reach:,} rows need as many values of the sequence, but only {domain.size:,} fit {site.type}"
            f"{_name_bounds(site)}.",
            "Make fewer rows, choose a larger type, or another start or step.",
        )
    return domain.at(site.row)


def sequence_domain(site: Site) -> Domain:
    """Return the values of the column's sequence in their order."""
    steps = steps_of(site.column)
    is_open = not _name_bounds(site) and site.type.kind is not Kind.TIME
    rows = max(site.reach, 1)
    return Domain(
        min(steps.size, GREATEST_SIZE), lambda index: _at(index, steps, rows, site.type), is_open, is_ordered=True
    )


def _at(index: pl.Expr, steps: Steps, rows: int, kind: WarehouseType) -> pl.Expr:
    """Return start + step * index; where all rows fit 64 bits they are computed in as many."""
    if kind.kind not in (Kind.INTEGER, Kind.DECIMAL):
        return from_ticks(index, steps.first, steps.step, kind)
    span = steps.step * (rows - 1)
    is_narrow = max(abs(steps.first), abs(steps.step), abs(span), abs(steps.first + span)) < _INT64
    word: pl.DataType = pl.Int64() if is_narrow else pl.Int128()
    number = index.cast(word)
    if steps.step != 1:
        number = number * pl.lit(steps.step, dtype=word)
    if steps.first != 0:
        number = number + pl.lit(steps.first, dtype=word)
    if kind.kind is Kind.DECIMAL:
        return number.cast(pl.Int128).reinterpret(dtype=kind.polars)
    return number.cast(kind.polars)


def _name_bounds(site: Site) -> str:
    names = "min_value max_value date_start date_end timestamp_start timestamp_end time_start time_end".split()
    given = [name for name in names if getattr(site.column, name) is not None]
    return f" within {' and '.join(given)}" if given else ""
