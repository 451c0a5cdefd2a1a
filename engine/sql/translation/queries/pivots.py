"""PIVOT and UNPIVOT."""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.tree.nodes import call
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.scopes import Source
from engine.sql.translation.tree.translator import Context


def translate_pivots(node: exp.Expr, context: Context) -> exp.Expr:
    """Translate the aggregates of a pivoted source, which defines its own columns.

    https://docs.snowflake.com/en/sql-reference/constructs/pivot
    https://docs.aws.amazon.com/redshift/latest/dg/r_FROM_clause-pivot-unpivot-examples.html
    """
    pivots = node.args.get("pivots") or ()
    names = context.translator.names
    for pivot in pivots:
        if names and any(names.is_hidden(name) for name in context.scope.sources[-1].columns or ()):
            message = "PIVOT and UNPIVOT do not support columns whose names differ only by case."
            raise UntranslatableError(pivot, message, "Rename the columns before it.")
        if any(kind.is_paired for kind in (context.scope.sources[-1].columns or {}).values()):
            message = "PIVOT and UNPIVOT do not support TIMESTAMP_TZ with offsets from the data."
            raise UntranslatableError(pivot, message, "Cast it to TIMESTAMP_NTZ, or use CONVERT_TIMEZONE('UTC', ...).")
        if not pivot.args.get("unpivot"):
            aggregates = [context.translator.translate(each, context) for each in pivot.expressions]
            pivot.set("expressions", _apply_default(pivot, aggregates, context))
        else:
            _fold_names(pivot, context)
        old = context.scope.sources.pop()
        context.scope.sources.append(Source(pivot.alias or old.name, None))
        if any(_has_any(field) for field in pivot.args.get("fields") or ()):
            return _find_columns_in_data(node, pivot)
        if any(_has_subquery(field) for field in pivot.args.get("fields") or ()):
            return _find_columns_by_query(node, pivot, context)
    return node


def _apply_default(pivot: exp.Pivot, aggregates: list[exp.Expr], context: Context) -> list[exp.Expr]:
    """Apply the value of DEFAULT ON NULL to the aggregates."""
    default = pivot.args.get("default_on_null")
    if not isinstance(default, exp.Expr):
        return aggregates
    pivot.set("default_on_null", None)
    value = context.translator.translate(default, context)
    result: list[exp.Expr] = []
    for each in aggregates:
        if isinstance(each, exp.Alias):
            each.set("this", call("coalesce", each.this, value.copy()))
            result.append(each)
        else:
            result.append(call("coalesce", each, value.copy()))
    return result


def _fold_names(pivot: exp.Pivot, context: Context) -> None:
    """Fold the column names of UNPIVOT as the warehouse does: upper case in Snowflake, lower case in Redshift."""
    for field in pivot.args.get("fields") or ():
        named = []
        for each in field.expressions:
            if isinstance(each, exp.Column) and not each.this.quoted:
                name = each.name.upper() if context.is_snowflake else each.name.lower()
                each = exp.PivotAlias(this=each, alias=exp.Literal.string(name))
            named.append(each)
        field.set("expressions", named)


def _has_any(field: exp.Expr) -> bool:
    return isinstance(field, exp.In) and any(isinstance(each, exp.PivotAny) for each in field.expressions)


def _has_subquery(field: exp.Expr) -> bool:
    return isinstance(field, exp.In) and any(isinstance(each, exp.Query) for each in field.expressions)


def _find_columns_by_query(node: exp.Expr, pivot: exp.Pivot, context: Context) -> exp.Expr:
    """Make `FOR k IN (SELECT ...)` find its columns in the rows selected by the subquery.

    https://docs.snowflake.com/en/sql-reference/constructs/pivot#dynamic-pivot-with-a-subquery
    """
    context.note("PIVOT ... IN (subquery) makes a column for each value in the data, in sorted order.")
    field = pivot.args["fields"][0]
    query, _ = context.translator.translate_query(field.expressions[0], context)
    query.set("order", None)
    alias, pivots = pivot.args.get("alias"), node.args["pivots"]
    node.set("pivots", None)
    chosen = exp.In(this=field.this.copy(), query=exp.Subquery(this=query))
    rows = exp.Subquery(this=exp.Select(expressions=[exp.Star()]).from_(node, copy=False).where(chosen, copy=False))
    rows.set("pivots", pivots)
    pivot.set("alias", alias)
    return _find_columns_in_data(rows, pivot)


def _find_columns_in_data(node: exp.Expr, pivot: exp.Pivot) -> exp.Expr:
    """Make `FOR k IN (ANY ORDER BY k)` find its columns in the data, with DuckDB's own PIVOT."""
    fields = pivot.args["fields"]
    if len(node.args["pivots"]) > 1 or len(fields) > 1:
        raise UntranslatableError(pivot, "PIVOT ... IN (ANY) cannot be combined with other pivots.")
    alias = pivot.args.get("alias")
    node.set("pivots", None)
    inner = exp.Pivot(this=node, expressions=[fields[0].this], using=pivot.expressions)
    return exp.Subquery(this=inner, alias=alias)
