"""The rule `expression`: SQL over the row's columns and its parents', as one Polars expression.

Where SQL vendors differ: whole numbers and decimals are exact up to 38 digits, and a longer result fails the run;
/ gives a double, and division by zero fails the run; a date plus an interval is a timestamp; GREATEST and LEAST skip
NULLs, CONCAT treats them as empty, || does not. The result is rounded half away from zero to the column's scale and
cut to its length; a number that does not fit fails the run.
"""

from __future__ import annotations

import polars as pl

from engine.errors import RuleError
from engine.rules.derived.comparison import to_condition
from engine.rules.derived.context import Context, Trace
from engine.rules.derived.conversion import as_column
from engine.rules.derived.expression_parsing import parse
from engine.rules.derived.injective import check_distinct
from engine.rules.derived.scope import Scope
from engine.rules.derived.tree import compile_node
from engine.rules.site import Site

_NULL_FAULT = "gives NULL in some rows, and the column is required."
_BOUNDS = (
    "min_value",
    "max_value",
    "date_start",
    "date_end",
    "timestamp_start",
    "timestamp_end",
    "time_start",
    "time_end",
)


def make_expression(site: Site, scope: Scope) -> pl.Expr:
    """Return the expression's values in the column's type; raises `RuleError` for an invalid expression."""
    column = site.column
    for bound in _BOUNDS:
        if getattr(column, bound) is not None:
            raise site.error(f"{bound} cannot be combined with expression.", "Use GREATEST or LEAST in the expression.")
    tree = parse(column.expression or "", site.where)
    if site.is_unique:
        check_distinct(site, tree)
    ctx = Context(site, scope, tree, trace=Trace())
    try:
        result = as_column(ctx, compile_node(ctx, tree), site.type)
    except RecursionError as error:
        raise site.error("The expression is nested too deeply.", "Compute a part of it in another column.") from error
    if column.is_nullable or not ctx.trace.may_be_null:
        return result
    value = ctx.stage(result)
    hint = 'Write COALESCE(..., 0), or set "required": false.'
    return ctx.require(value.is_not_null(), value, _NULL_FAULT, hint)


def make_condition(site: Site, scope: Scope, text: str) -> pl.Expr:
    """Return where the column's null_when is true, never NULL; raises `RuleError` for an invalid condition."""
    try:
        tree = parse(text, site.where)
        ctx = Context(site, scope, tree, trace=Trace())
        return site.stages.add(to_condition(ctx, compile_node(ctx, tree)).fill_null(False))
    except RecursionError as error:
        raise site.error("null_when is nested too deeply.", "Compute a part of it in another column.") from error
    except RuleError as error:
        if error.where != site.where or error.message.startswith("These columns"):
            raise
        raise site.error(f"null_when: {error.message}", error.hint) from error
