"""Unique columns: values that never repeat, from the domain of the column.

A unique column puts a permutation of the row number into its domain; a composite key splits one number into the
indexes of its columns' domains.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from engine.rules.domain import Domain
from engine.rules.random.permutation import permuted
from engine.rules.registry import default_maker, maker_of
from engine.rules.site import Site


def make_unique(site: Site, exchange: Callable[[Site, Domain], Site] = lambda site, domain: site) -> pl.Expr:
    """Return values that differ in every row; too few possible values are an error that states the number.

    `exchange` returns the site at the row numbers whose values the rows take, so that none is a given one.
    """
    domain = domain_of(site)
    if site.reach > domain.size:
        raise site.error(
            f"{site.reach:,} rows need unique values, but only {domain.size:,} are possible.",
            "Make fewer rows, or widen the column's bounds, length or type.",
        )
    site = exchange(site, domain)
    if domain.is_open or domain.is_permuted or domain.is_ordered:
        return domain.at(site.row)
    return domain.at(permuted(site.stages, site.row, domain.size, site.key("unique")))


def domain_of(site: Site) -> Domain:
    """Return the domain of the column by its rule, or by its type where the rule has none."""
    domain = maker_of(site.column).domain(site) or default_maker(site.type.kind).domain(site)
    assert domain is not None
    return domain
