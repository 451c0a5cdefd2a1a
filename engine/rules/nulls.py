"""NULLs of a column: a random share of the rows, drawn under its own key, and NULLs by conditions and references."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from engine.rules.keys.null_shares import null_share
from engine.rules.keys.reference import Reference
from engine.rules.random.bits import is_chosen, u64
from engine.rules.site import Site


def null_mask(
    site: Site,
    reference: Reference | None,
    first_parent: int = 0,
    conditions: Sequence[pl.Expr] = (),
    counted: pl.Expr | None = None,
) -> pl.Expr | None:
    """Return a mask of the rows in which the column is NULL, or None when it never is.

    `conditions` are those of null_when (never NULL), of the column and of the columns of its composite foreign key.
    `counted` are the rows that a counted key leaves without a parent. The columns of a composite foreign key are NULL
    together. A self-reference is NULL at the roots, of which the first row is one, as are all rows up to the first that
    can be a parent (`first_parent`). A parent without rows makes an optional key NULL everywhere, and a required one an
    error.
    """
    share = null_share(site) if reference is None else null_share(site, reference.columns, reference.key)
    mask: pl.Expr | None = None
    if reference is not None and reference.parent.key == site.table.key and site.column.is_nullable:
        if reference.key.root_fraction is not None:
            share = reference.key.root_fraction
        mask = site.row == u64(0) if first_parent == 0 else site.row <= u64(first_parent)
    elif reference is not None and site.counts[reference.parent.key] == 0 and site.reach > 0:
        if not site.column.is_nullable:
            raise site.error(
                f"It references {reference.parent.key}, which has no rows.",
                f"Give {reference.parent.key} rows, or let the column be NULL.",
            )
        share = 1.0
    if share > 0:
        together = site if reference is None else site.at(site.table.column(reference.columns[0]))
        chosen = is_chosen(together.bits("null"), share) if counted is None else counted
        mask = chosen if mask is None else mask | chosen
    for condition in conditions:
        mask = condition if mask is None else mask | condition
    return None if mask is None else site.stages.add(mask)
