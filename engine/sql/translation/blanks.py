"""Blanks at the end of a text: they count for nothing where Redshift compares, and for all else they do.

A column keeps its plain comparison where its rule makes no text that ends with a blank.

https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html#r_Character_types-significance-of-trailing-blanks
"""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.nodes import call, literal_text, text
from engine.sql.translation.translator import Context
from engine.sql.translation.value_types import VARCHAR, type_of, typed


def compared(node: exp.Expr, context: Context) -> exp.Expr:
    """Return a value as it is compared: a text of Redshift is without the blanks at its end."""
    if context.is_snowflake or type_of(node) != VARCHAR or type_of(node).is_trimmed:
        return node
    written = literal_text(node)
    if written is not None:
        return text(written.rstrip(" ")) if written.endswith(" ") else node
    return call("rtrim", node, text(" "), kind=VARCHAR)


def compared_query(query: exp.Expr, context: Context) -> exp.Expr:
    """Return the query of `IN (SELECT ...)` with its values as they are compared."""
    if context.is_snowflake or type_of(query) != VARCHAR or type_of(query).is_trimmed:
        return query
    name = exp.column("compared", table="dw_list", quoted=True)
    inner = query.this if isinstance(query, exp.Subquery) and not query.args.get("order") else query
    alias = exp.TableAlias(this=exp.to_identifier("dw_list"), columns=[exp.to_identifier("compared", quoted=True)])
    listed = exp.Subquery(this=inner, alias=alias)
    return exp.Subquery(this=exp.select(compared(typed(name, VARCHAR), context)).from_(listed, copy=False))
