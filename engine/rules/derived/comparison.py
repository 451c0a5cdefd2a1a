"""Comparisons and conditions, with SQL's three-valued logic."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from engine.rules.derived.context import Context
from engine.rules.derived.conversion import unify
from engine.rules.derived.intervals import length_in_micros
from engine.rules.derived.text_parsing import parse_literal
from engine.rules.derived.values import Interval, Operand, Value, condition, map_text_expr
from engine.schema.types import Kind

_UNKNOWN = pl.lit(None, dtype=pl.Boolean)


def compare(ctx: Context, sign: str, left: Operand, right: Operand) -> Value:
    """Return left <sign> right for = <> < <= > >=, and "is" / "is not" for IS [NOT] DISTINCT FROM reversed."""
    a, b = _unify_pair(ctx, left, right)
    if sign in ("same", "distinct"):
        same = a.expr.eq_missing(b.expr)
        return condition(same if sign == "same" else ~same)
    if a.kind is None or b.kind is None:
        ctx.trace.may_be_null = True
        return condition(_UNKNOWN)
    match sign:
        case "=":
            return condition(a.expr == b.expr)
        case "<>":
            return condition(a.expr != b.expr)
        case "<":
            return condition(a.expr < b.expr)
        case "<=":
            return condition(a.expr <= b.expr)
        case ">":
            return condition(a.expr > b.expr)
        case _:
            return condition(a.expr >= b.expr)


def is_in(ctx: Context, operand: Operand, members: Sequence[Operand]) -> Value:
    """Return operand IN (members)."""
    return condition(pl.any_horizontal([compare(ctx, "=", operand, member).expr for member in members]))


def to_condition(ctx: Context, operand: Operand) -> pl.Expr:
    """Return the operand as a condition."""
    if isinstance(operand, Value):
        if operand.kind is Kind.BOOLEAN:
            return operand.expr
        if operand.kind is None:
            return _UNKNOWN
        if isinstance(operand.constant, str):
            return parse_literal(ctx, operand, Kind.BOOLEAN).expr
    raise ctx.error(f"{ctx.sql}: a {operand.name} is not a condition", "Compare it, for example x <> 0.")


def like(ctx: Context, operand: Value, pattern: str, escape: str, *, is_folded: bool) -> Value:
    """Return operand LIKE pattern; ILIKE when `is_folded`. % is any text, _ any character."""
    pieces, symbols = [], iter(pattern)
    for symbol in symbols:
        if escape and symbol == escape:
            following = next(symbols, None)
            if following is None:
                raise ctx.error(f"The pattern '{pattern}' ends with its escape character")
            pieces.append(re.escape(following))
        else:
            pieces.append({"%": ".*", "_": "."}.get(symbol) or re.escape(symbol))
    folded = "(?is)" if is_folded else "(?s)"
    regex = f"{folded}^{''.join(pieces)}$"
    return condition(map_text_expr(operand, lambda expr: expr.str.contains(regex)))


def _unify_pair(ctx: Context, left: Operand, right: Operand) -> tuple[Value, Value]:
    if isinstance(left, Interval) and isinstance(right, Interval):
        left, right = length_in_micros(ctx, left), length_in_micros(ctx, right)
    if isinstance(left, Interval) or isinstance(right, Interval):
        raise ctx.error(f"{ctx.sql} compares {left.name} and {right.name}")
    a, b = unify(ctx, [left, right])
    return a, b
