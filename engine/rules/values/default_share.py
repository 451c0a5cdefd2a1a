"""The default of a column: a share of the rows has a constant, the others the value of the column's rule."""

from __future__ import annotations

import polars as pl

from engine.rules.random.bits import is_chosen
from engine.rules.site import Site
from engine.schema.values import parse_value


def with_default(site: Site, value: pl.Expr) -> pl.Expr:
    """Return `value` with the column's default in its share of the rows, drawn under a key of its own."""
    column = site.column
    constant = pl.Series([parse_value(column.default_value, site.type)], dtype=site.type.polars)
    chosen = is_chosen(site.bits("default"), column.effective_default_fraction)
    return pl.when(chosen).then(pl.lit(constant).first()).otherwise(value.cast(site.type.polars))
