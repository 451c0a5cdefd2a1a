"""The children of a plan's rows in a plan of their own, with what a roll-up may know of them before it runs."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from engine.rules.derived.scope import Scope
from engine.rules.relations.child_plan import ChildPlan


@dataclass(frozen=True)
class ChildScope:
    """The plan of parents' children, the columns of a child's row, and the rows that count.

    `is_child` is where a row of the plan does reference its parent (None: everywhere); a parent has `fewest` to `most`
    children, NULL keys counted; 0 for `most` is not known.
    """

    plan: ChildPlan
    scope: Scope
    is_child: pl.Expr | None
    fewest: int
    most: int


def are_rising(parents: pl.Series) -> bool:
    """Return whether each parent is after the one before it, so that none is there twice."""
    numbers = parents.to_numpy()
    return bool((numbers[1:] > numbers[:-1]).all())


def distinct_parents(parents: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the first index of each different parent, in rising order, and for each parent the index among these."""
    frame = pl.DataFrame({"parent": parents}).with_row_index("first")
    distinct = frame.group_by("parent").agg(pl.col("first").first()).sort("parent")
    places = distinct["parent"].search_sorted(parents)
    return distinct["first"], places
