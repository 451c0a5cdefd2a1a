"""Draws of the row: RANDOM, UNIFORM, NORMAL and ZIPF, and the row number SEQ4.

Each RANDOM() has its own stream: its key is made of the seed, the table, the column, and how many calls of RANDOM
come before it in the expression. RANDOM(n) has the stream of its number n, so that two calls with one number are
equal in a row. A draw is a function of the row like every other value.
See https://docs.snowflake.com/en/sql-reference/functions-data-generation.
"""

from __future__ import annotations

import math
from functools import cache

import polars as pl
from sqlglot import exp

from engine.rules.derived.calls import Call, Function, function
from engine.rules.derived.conversion import as_double
from engine.rules.derived.exact import align
from engine.rules.derived.values import NULL, Operand, Value, bits_for, exact, int_dtype, make_whole, to_width
from engine.rules.distributions.distributions import draw_skewed_rank
from engine.rules.distributions.laws import Law
from engine.rules.distributions.quantile_tables import QuantileTable, interpolate, make_quantile_table
from engine.rules.distributions.tail_quantiles import compute_quantiles
from engine.rules.random.bits import below, below_each, unit
from engine.schema.distribution import Distribution
from engine.schema.limits import MAX_ROWS
from engine.schema.types import Kind

_MAX_SIZE = 2**63
_MAX_SEED = 2**62
_MAX_RANKS = 10**15
_MAX_NORMAL = 1e300
_REVERSED = "has a lower bound above its upper bound in some rows."


@function(0, 1)
def _random(call: Call) -> Operand:
    """Return a double in [0, 1), as Redshift's RANDOM does."""
    node = call.ctx.node
    assert node is not None
    return Value(unit(call.ctx.site.bits(_stream(call, node, call.arguments))), Kind.FLOAT)


@function(3)
def _uniform(call: Call) -> Operand:
    """Return a number between the bounds, both inclusive, with the decimal places of the bounds."""
    ctx, low, high = call.ctx, call.number(0), call.number(1)
    bits = ctx.site.bits(_generator(call, 2))
    if low.kind is None or high.kind is None:
        return NULL
    if low.is_exact and high.is_exact:
        return _draw_exact(call, bits, *align(ctx, low, high))
    first = ctx.stage(as_double(ctx, low).expr)
    width = ctx.stage(as_double(ctx, high).expr - first)
    return Value(first + ctx.require(width >= 0.0, width, _REVERSED) * unit(bits), Kind.FLOAT)


@function(3)
def _normal(call: Call) -> Operand:
    """Return a double of the normal distribution with a mean and a standard deviation."""
    ctx, mean, deviation = call.ctx, call.double(0), call.double(1)
    purpose = _generator(call, 2)
    if mean.kind is None or deviation.kind is None:
        return NULL
    spread = ctx.stage(deviation.expr)
    spread = ctx.require(spread >= 0.0, spread, "has a negative standard deviation in some rows.")
    return Value(mean.expr + spread * interpolate(ctx.site, _normal_table(), purpose), Kind.FLOAT)


@function(3)
def _zipf(call: Call) -> Operand:
    """Return a whole number from 1 to n, of which k has the weight 1 / k ** s: ZIPF(s, n, RANDOM())."""
    exponent = call.number(0)
    if not exponent.is_exact or not isinstance(exponent.constant, int) or exponent.constant < 0:
        raise call.error("the exponent must be a literal number of 0 or more")
    size = call.constant(1, "the number of values", 1, _MAX_RANKS)
    law = Distribution(type="zipf", parameters={"s": exponent.constant / 10**exponent.scale})
    rank = draw_skewed_rank(call.ctx.site, size, law, _generator(call, 2))
    return make_whole(rank.cast(pl.Int64) + 1, 1, size)


@function(0, 1)
def _row_number(call: Call) -> Operand:
    """Return the number of the row, from 0."""
    if len(call):
        call.constant(0, "the argument", 0, 1)
    return make_whole(call.ctx.site.row.cast(pl.Int64), 0, MAX_ROWS)


def is_random(node: exp.Expr) -> bool:
    """Return whether the node is a call of RANDOM."""
    return isinstance(node, exp.Anonymous) and str(node.this).upper() == "RANDOM"


def _generator(call: Call, index: int) -> str:
    """Return the stream of an argument that must be RANDOM()."""
    node = call.arguments[index]
    if not is_random(node) or len(node.expressions) > 1:
        raise call.error("its last argument must be RANDOM()", "For example UNIFORM(1, 10, RANDOM()).")
    return _stream(call, node, tuple(node.expressions))


def _stream(call: Call, node: exp.Expr, seeds: tuple[exp.Expr, ...]) -> str:
    """Return the purpose of the bits of one call of RANDOM."""
    if seeds:
        seed = Call(call.ctx, "RANDOM", seeds, call.compile).constant(0, "the seed", -_MAX_SEED, _MAX_SEED)
        return f"random({seed})"
    calls = [other for other in node.root().dfs() if is_random(other) and not other.expressions]
    return f"random {next(index for index, other in enumerate(calls) if other is node)}"


def _draw_exact(call: Call, bits: pl.Expr, low: Value, high: Value) -> Value:
    """Return an exact number between two of the same scale."""
    if low.low > high.high:
        raise call.error("the lower bound is above the upper bound", "Swap them.")
    if isinstance(low.constant, int) and isinstance(high.constant, int):
        size = high.constant - low.constant + 1
        if size > _MAX_SIZE:
            raise call.error("there are too many numbers between the bounds", "Use fewer decimal places.")
        width = bits_for(low.low, high.high)
        first = pl.lit(low.constant, dtype=int_dtype(width))
        return exact(below(bits, size).cast(int_dtype(width)) + first, low.scale, low.low, high.high, width)
    return _draw_between(call, bits, low, high)


def _draw_between(call: Call, bits: pl.Expr, low: Value, high: Value) -> Value:
    """Return an exact number between bounds that differ by row."""
    ctx, most = call.ctx, high.high - low.low + 1
    width = max(low.bits, high.bits, bits_for(most, most))
    first = ctx.stage(to_width(low, width))
    size = ctx.stage(to_width(high, width) - first + pl.lit(1, dtype=int_dtype(width)))
    is_possible = size >= 1
    if most > _MAX_SIZE:
        is_possible = is_possible & (size <= pl.lit(_MAX_SIZE, dtype=pl.Int128))
    checked = ctx.require(is_possible, size.cast(pl.UInt64, strict=False), _REVERSED)
    offset = below_each(bits, ctx.stage(checked)).cast(int_dtype(width))
    return exact(first + offset, low.scale, low.low, high.high, width)


@cache
def _normal_table() -> QuantileTable:
    """Return the quantiles of the standard normal distribution."""
    lower, upper = compute_quantiles(Law("norm"), -math.inf, math.inf)
    return make_quantile_table(lower, upper, -_MAX_NORMAL, _MAX_NORMAL)


DRAW_FUNCTIONS: dict[str, Function] = {
    "RANDOM": _random,
    "UNIFORM": _uniform,
    "NORMAL": _normal,
    "ZIPF": _zipf,
    "SEQ4": _row_number,
    "SEQ8": _row_number,
}
