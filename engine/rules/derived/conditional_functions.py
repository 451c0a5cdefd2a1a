"""Functions that choose a value: the first that is not NULL, the max or min, one of two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from engine.rules.derived.calls import Call, Function, function
from engine.rules.derived.comparison import compare, to_condition
from engine.rules.derived.context import Context
from engine.rules.derived.conversion import unify
from engine.rules.derived.values import NULL, Operand, Value, to_width, whole, with_expr


def choose(ctx: Context, branches: Sequence[tuple[pl.Expr, Value]], default: Value) -> Value:
    """Return the value of the first branch whose condition is true, else the default, in their common kind."""
    values = to_common_kind(ctx, [*(value for _, value in branches), default])
    result = values[-1]
    expr = result.expr
    for (condition, _), value in zip(reversed(branches), reversed(values[:-1]), strict=True):
        expr = pl.when(condition).then(value.expr).otherwise(expr)
    return _with_common_bounds(values, expr)


def to_common_kind(ctx: Context, values: Sequence[Value]) -> list[Value]:
    """Return the values in their common kind, exact numbers with one width."""
    unified_values = unify(ctx, values)
    bits = max((value.bits for value in unified_values if value.is_exact), default=64)
    return [
        replace(value, expr=to_width(value, bits), bits=bits) if value.is_exact else value for value in unified_values
    ]


def _with_common_bounds(values: Sequence[Value], expr: pl.Expr) -> Value:
    """Return a value of the common kind that may be any of the values."""
    known = [value for value in values if value.kind is not None]
    if not known:
        return NULL
    low, high = min(value.low for value in known), max(value.high for value in known)
    return replace(with_expr(known[0], expr), low=low, high=high)


def coalesce(ctx: Context, values: Sequence[Value]) -> Value:
    """Return the first value that is not NULL."""
    converted = to_common_kind(ctx, values)
    return _with_common_bounds(converted, pl.coalesce([value.expr for value in converted]))


@function(1, None)
def _coalesce(call: Call) -> Operand:
    ctx, values = call.ctx, [call.value(0)]
    for index in range(1, len(call)):
        ctx = ctx.where(values[-1].expr.is_null())
        values.append(call.value(index, ctx))
    return coalesce(call.ctx, values)


@function(2)
def _null_if(call: Call) -> Operand:
    value, other = call.value(0), call.value(1)
    call.ctx.trace.may_be_null = True
    if value.kind is None:
        return NULL
    is_same = compare(call.ctx, "=", value, other).expr.fill_null(False)
    return with_expr(value, pl.when(~is_same).then(value.expr))


@function(3)
def _if(call: Call) -> Operand:
    return if_else(call.ctx, call, 0, 1, 2)


@function(3)
def _if_not_null(call: Call) -> Operand:
    is_given = call.ctx.stage(call.value(0).expr.is_not_null())
    first = call.value(1, call.ctx.where(is_given))
    return choose(call.ctx, [(is_given, first)], call.value(2, call.ctx.where(~is_given)))


def if_else(ctx: Context, call: Call, test: int, yes: int, no: int) -> Value:
    """Return one of two arguments depending on a third."""
    holds = ctx.stage(to_condition(ctx, call.operand(test)).fill_null(False))
    return choose(ctx, [(holds, call.value(yes, ctx.where(holds)))], call.value(no, ctx.where(~holds)))


@function(3, None)
def _decode(call: Call) -> Operand:
    """DECODE(x, search, result, ..., default): NULL matches NULL."""
    ctx, value = call.ctx, call.value(0)
    value = replace(value, expr=ctx.stage(value.expr))
    branches: list[tuple[pl.Expr, Value]] = []
    pairs = (len(call) - 1) // 2
    for pair in range(pairs):
        is_same = call.ctx.stage(compare(ctx, "same", value, call.value(1 + 2 * pair)).expr)
        branches.append((is_same, call.value(2 + 2 * pair, ctx.where(is_same))))
        ctx = ctx.where(~is_same)
    if len(call) % 2 == 0:
        return choose(call.ctx, branches, call.value(len(call) - 1, ctx))
    ctx.trace.may_be_null = True
    return choose(call.ctx, branches, NULL)


@function(1, None)
def _greatest(call: Call) -> Operand:
    values = to_common_kind(call.ctx, [call.value(index) for index in range(len(call))])
    return _with_common_bounds(values, pl.max_horizontal([value.expr for value in values]))


@function(1, None)
def _least(call: Call) -> Operand:
    values = to_common_kind(call.ctx, [call.value(index) for index in range(len(call))])
    return _with_common_bounds(values, pl.min_horizontal([value.expr for value in values]))


@function(1)
def _zero_if_null(call: Call) -> Operand:
    return coalesce(call.ctx, [call.number(0), whole(0)])


@function(1)
def _null_if_zero(call: Call) -> Operand:
    value = call.number(0)
    call.ctx.trace.may_be_null = True
    return with_expr(value, pl.when(value.expr != 0).then(value.expr))


@function(2)
def _equal_null(call: Call) -> Operand:
    return compare(call.ctx, "same", call.value(0), call.value(1))


LOGIC_FUNCTIONS: dict[str, Function] = {
    "COALESCE": _coalesce,
    "NVL": _coalesce,
    "IFNULL": _coalesce,
    "NULLIF": _null_if,
    "IF": _if,
    "IFF": _if,
    "NVL2": _if_not_null,
    "DECODE": _decode,
    "GREATEST": _greatest,
    "LEAST": _least,
    "ZEROIFNULL": _zero_if_null,
    "NULLIFZERO": _null_if_zero,
    "EQUAL_NULL": _equal_null,
}
