"""The `where` of a foreign key: a condition over the parent's columns, as an expression and as SQL for the audit."""

from __future__ import annotations

import polars as pl
from sqlglot import exp

from engine.errors import RuleError
from engine.rules.derived.comparison import to_condition
from engine.rules.derived.context import Context, Trace
from engine.rules.derived.expression_parsing import parse, to_sql
from engine.rules.derived.scope import Scope
from engine.rules.derived.tree import compile_node
from engine.rules.site import Site

# The functions that mean the same in expressions of columns and in DuckDB.
_SHARED_FUNCTIONS = frozenset(
    "ABS CEIL CEILING COALESCE CONCAT CONTAINS DAY ENDS_WITH FLOOR GREATEST LEAST LEFT LENGTH LOWER LTRIM MOD MONTH"
    " NULLIF REPLACE RIGHT RTRIM STARTS_WITH STRPOS SUBSTR UPPER YEAR".split()
)


def compile_condition(site: Site, scope: Scope, text: str) -> pl.Expr:
    """Return a condition over the columns of the scope's own table; `site` is named in messages."""
    tree = parse(text, site.where)
    ctx = Context(site, scope, tree, trace=Trace())
    for column in tree.find_all(exp.Column):
        if len(column.parts) > 1 or isinstance(column.parent, exp.Dot):
            raise ctx.at(column).error(
                f"{to_sql(column)} is a column of another table", f"where can use the columns of {scope.table.key}."
            )
    try:
        return to_condition(ctx, compile_node(ctx, tree))
    except RecursionError as error:
        raise RuleError("The condition is nested too deeply.", where=site.where) from error


def condition_sql(text: str) -> str | None:
    """Return the condition as DuckDB SQL, with quoted names; None when DuckDB has no such function."""
    tree = parse(text, "where")
    if any(str(call.this).upper() not in _SHARED_FUNCTIONS for call in tree.find_all(exp.Anonymous)):
        return None
    return tree.sql(dialect="duckdb", identify=True, comments=False)
