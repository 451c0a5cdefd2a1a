"""Where a condition stands in its query: its clause, whether under OR, and whether under NOT."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from engine.workload.records import PredicatePlace


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a condition."""

    clause: PredicatePlace
    is_alternative: bool
    is_negated: bool
    is_in_exists: bool


def place_of(node: exp.Expr, scope: Scope) -> Place:
    """Return the place of a condition; a NOT directly around it belongs to its operator."""
    clause, is_alternative, is_negated = _walk_up(node, scope.expression, skips_first_not=True)
    is_in_exists = False
    query = scope.expression
    for _ in range(100):
        outer = query.parent
        while isinstance(outer, exp.Subquery | exp.Paren | exp.CTE | exp.With):
            outer = outer.parent
        if outer is None or isinstance(outer, exp.From | exp.Join):
            break
        if isinstance(outer, exp.SetOperation):
            is_negated ^= isinstance(outer, exp.Except) and _is_within(query, outer.expression)
            is_alternative |= isinstance(outer, exp.Union)
            query = outer
            continue
        if not isinstance(outer, exp.Exists | exp.In):
            break
        is_in_exists |= isinstance(outer, exp.Exists)
        enclosing = _enclosing_query(outer)
        if enclosing is None:
            break
        _, or_outside, negated_outside = _walk_up(outer, enclosing, skips_first_not=False)
        is_alternative |= or_outside
        is_negated ^= negated_outside
        query = enclosing
    return Place(clause, is_alternative, is_negated, is_in_exists)


def is_under_own_not(node: exp.Expr) -> bool:
    """Return whether a NOT stands directly around a condition, parentheses aside."""
    parent = node.parent
    while isinstance(parent, exp.Paren):
        parent = parent.parent
    return isinstance(parent, exp.Not)


def _walk_up(node: exp.Expr, top: exp.Expr, *, skips_first_not: bool) -> tuple[PredicatePlace, bool, bool]:
    clause: PredicatePlace = "select"
    is_alternative = is_negated = False
    is_direct = skips_first_not
    parent = node.parent
    while parent is not None and parent is not top:
        match parent:
            case exp.Not():
                is_negated ^= not is_direct
                is_direct = False
            case exp.Or():
                is_alternative = True
            case exp.Case() | exp.If():
                return "case", is_alternative, is_negated
            case exp.Where():
                clause = "where"
            case exp.Join():
                clause = "on"
            case exp.Having() | exp.Qualify():
                clause = "having"
        is_direct = is_direct and isinstance(parent, exp.Paren)
        parent = parent.parent
    return clause, is_alternative, is_negated


def _is_within(node: exp.Expr, outer: exp.Expr) -> bool:
    current: exp.Expr | None = node
    while current is not None and current is not outer:
        current = current.parent
    return current is not None


def _enclosing_query(node: exp.Expr) -> exp.Expr | None:
    parent = node.parent
    while parent is not None and not isinstance(parent, exp.Select):
        parent = parent.parent
    return parent
