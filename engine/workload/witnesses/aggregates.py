"""Aggregates: which expressions have one, and comparisons with an aggregate of other rows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp


@dataclass(frozen=True)
class Side:
    """The row's own side of a comparison with an aggregate of other rows, and whether it had better be high."""

    own: exp.Expr
    is_own_high: bool


def is_aggregated(node: exp.Expr) -> bool:
    """Return whether an output of a query has an aggregate of its own rows that is no window function."""
    return any(
        not isinstance(each.parent, exp.Window) and each.find_ancestor(exp.Query) is node.find_ancestor(exp.Query)
        for each in node.find_all(exp.AggFunc)
    )


def compared_aggregate(node: exp.Expr) -> Side | None:
    """Return the own side of a condition that compares with an aggregate subquery; None if it is no such one."""
    if not isinstance(node, exp.EQ | exp.NEQ | exp.GT | exp.GTE | exp.LT | exp.LTE):
        return None
    query = next(iter(node.find_all(exp.Query)), None)
    inner = None if query is None else query.unnest()
    if not isinstance(inner, exp.Select) or not any(is_aggregated(each) for each in inner.selects):
        return None
    if all(isinstance(each, exp.Count) for output in inner.selects for each in output.find_all(exp.AggFunc)):
        return None
    is_left = node.right.find(exp.Query) is not None
    own = node.left if is_left else node.right
    if isinstance(node, exp.EQ | exp.NEQ):
        return Side(own, inner.find(exp.Max) is not None)
    return Side(own, isinstance(node, exp.GT | exp.GTE) == is_left)
