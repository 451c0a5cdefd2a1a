"""Columns that follow hidden normals: the draw of a rule is moved, and not the rule.

The sum of the loadings times the hidden normals, and of the column's own one, is a standard normal again. One table
turns it into the 64-bit draw at the same rank, with which every rule whose values rise with its draw makes them. No
normal distribution function runs per row, and the table uses + and * only: the same bits on every CPU.

Hidden normals have keys of their own, by table and name: a further column or loading changes no other column.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

import numpy as np
import polars as pl

from engine.rules.derived.scope import Parent
from engine.rules.distributions.laws import round_bits
from engine.rules.distributions.normals import normal_table
from engine.rules.distributions.quantile_tables import interpolate
from engine.rules.site import OrderedSite, Site
from engine.schema.latents import loadings_of, residual
from engine.schema.models import ColumnSchema, TableSchema

_REACH = 9.0
_PER_UNIT = 256
_BELOW_WORD = 2.0**64 - 2.0**11


class Rows(Protocol):
    """What hidden normals need from the compiler."""

    def parent(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> Parent | None:
        """Return the parent's row that a foreign key column refers to, or None when it is no foreign key."""


def ordered_site(site: Site, rows: Rows) -> Site:
    """Return the site whose draws follow the column's hidden normals; the same site when it has none."""
    loadings = loadings_of(site.table.correlation, site.column.name, site.column.follows)
    if not loadings:
        return site
    z = _weigh(site, loadings, rows)
    bits = site.stages.add(_rank(z))
    return OrderedSite(
        site.stages, site.seed, site.locale, site.counts, site.reach, site.table, site.column, site.row, bits
    )  # fmt: skip


def _weigh(site: Site, loadings: Mapping[str, float], rows: Rows) -> pl.Expr:
    """Return the weighted sum of the hidden normals (Float64), itself a standard normal."""
    own = residual(loadings)
    total = interpolate(site, normal_table(), "follows") * own if own else None
    for path, loading in loadings.items():
        if loading:
            part = _latent(site, path, rows) * loading
            total = part if total is None else total + part
    assert total is not None
    return site.stages.add(total)


def _latent(site: Site, path: str, rows: Rows) -> pl.Expr:
    """Return a hidden normal of the row, or of a parent, at the rows of the site."""
    table, row = site.table, site.row
    *steps, name = path.split(".")
    for step in steps:
        parent = rows.parent(table, table.column(step), row)
        if parent is None:
            raise site.error(f'follows: "{step}" is no foreign key of {table.key}.', "Write foreign_key.latent.")
        table, row = parent.table, parent.row
    memo = ("latent", table.key, name.casefold(), row.meta.output_name())
    known = site.stages.known(memo)
    if known is not None:
        return known
    owner = ColumnSchema(name=name, data_type="DOUBLE")
    at = Site(site.stages, site.seed, site.locale, site.counts, site.reach, table, owner, row)
    return site.stages.add(interpolate(at, normal_table(), "latent"), memo=memo)


@lru_cache(maxsize=1)
def _rank_table() -> tuple[pl.Series, pl.Series]:
    """Return intercepts and slopes of the normal distribution function times 2**64, by z in steps of 1/256."""
    from scipy.special import ndtr

    knots = np.arange(-_REACH * _PER_UNIT, _REACH * _PER_UNIT + 1) / _PER_UNIT
    shares = round_bits(ndtr(knots)) * 2.0**64
    slopes = np.diff(shares) * _PER_UNIT
    return pl.Series(shares[:-1] - knots[:-1] * slopes), pl.Series(slopes)


def _rank(z: pl.Expr) -> pl.Expr:
    """Return the 64-bit numbers (UInt64) whose rank among all of them is that of z among standard normals."""
    intercepts, slopes = _rank_table()
    place = ((z + _REACH) * _PER_UNIT).cast(pl.Int32).clip(0, len(slopes) - 1).cast(pl.UInt32)
    share = pl.lit(intercepts).gather(place) + z * pl.lit(slopes).gather(place)
    return share.clip(0.0, _BELOW_WORD).cast(pl.UInt64)
