"""Foreign keys: the parent row that a child row references, as a row number.

The value of the key is the parent's column at that row number, so no key is stored and no join is needed.
"""

from __future__ import annotations

import polars as pl

from engine.rules.distributions.distributions import draw_skewed_rank
from engine.rules.keys.parents import Parents
from engine.rules.random.bits import below, is_chosen, u64
from engine.rules.random.permutation import permuted
from engine.rules.site import Site
from engine.schema.foreign_keys import ForeignKey
from engine.schema.models import TableSchema


def parent_row(site: Site, parent: TableSchema, key: ForeignKey, parents: Parents) -> pl.Expr:
    """Return the parent's row number (UInt64) for each row of the child.

    With a distribution, the popularity of parents follows it, in the order of a permutation of their row numbers.
    """
    if parent.key == site.table.key:
        if key.distribution is not None:
            raise site.error("A self-reference cannot have a distribution.", "Remove distribution.")
        return site.stages.add(_earlier_row(site, key, parents))
    return parents.row_at(_choose(site, parent, key, parents.count))


def _choose(site: Site, parent: TableSchema, key: ForeignKey, count: int) -> pl.Expr:
    """Return the index in [0, count) of the chosen parent."""
    if count == 0:
        return site.stages.add(site.row * u64(0))
    if key.unique or site.is_unique:
        if site.reach > count:
            raise site.error(
                f"{site.reach:,} rows reference different rows of {parent.key}, which has {count:,}"
                f"{'' if key.where is None else f' that meet {key.where}'}.",
                f"Make at most as many rows as {parent.key} has.",
            )
        return permuted(site.stages, site.row, count, site.key("parent"))
    if key.distribution is not None:
        rank = site.stages.add(draw_skewed_rank(site, count, key.distribution, "parent"))
        return permuted(site.stages, rank, count, site.key("popularity"))
    return site.stages.add(below(site.bits("parent"), count))


def _earlier_row(site: Site, key: ForeignKey, parents: Parents) -> pl.Expr:
    """Return an earlier row of the same table, so that the references form trees; a root refers to itself."""
    drawn = parents.draw_earlier(site)
    is_root = site.row == u64(0)
    if key.root_fraction and not site.column.is_nullable:
        is_root = is_root | is_chosen(site.bits("root"), key.root_fraction)
    return pl.when(is_root).then(site.row).otherwise(drawn)
