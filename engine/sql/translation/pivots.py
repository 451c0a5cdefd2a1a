"""PIVOT and UNPIVOT."""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.scopes import Source
from engine.sql.translation.translator import Context


def expand_any(select: exp.Select) -> None:
    """Let `PIVOT(... FOR k IN (ANY ORDER BY k))` find its columns in the data.

    https://docs.snowflake.com/en/sql-reference/constructs/pivot
    """
    for pivot in select.find_all(exp.Pivot):
        for field in pivot.args.get("fields") or ():
            if isinstance(field, exp.In) and any(isinstance(each, exp.PivotAny) for each in field.expressions):
                source = pivot.parent.copy() if pivot.parent else None
                if source is None:
                    continue
                source.set("pivots", None)
                inner = exp.Select(expressions=[field.this.copy()], distinct=exp.Distinct())
                inner.set("from_", exp.From(this=source))
                inner.set("order", exp.Order(expressions=[exp.Ordered(this=field.this.copy())]))
                field.set("expressions", [])
                field.set("query", exp.Subquery(this=inner))


def translate_pivots(node: exp.Expr, context: Context) -> None:
    """Note that the columns of a pivoted source are its own, and translate the aggregates in it."""
    pivots = node.args.get("pivots") or ()
    for pivot in pivots:
        if not pivot.args.get("unpivot"):
            pivot.set("expressions", [context.translator.expression(each, context) for each in pivot.expressions])
        old = context.scope.sources.pop()
        context.scope.sources.append(Source(pivot.alias or old.name, None))
