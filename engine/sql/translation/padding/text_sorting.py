"""ORDER BY of texts in Redshift: those that differ only in blanks at their ends are ties, which the next value decides.

https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html#r_Character_types-significance-of-trailing-blanks
"""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.padding.text_sets import Output, outputs_of
from engine.sql.translation.padding.trailing_blanks import compared
from engine.sql.translation.tree.nodes import literal_integer
from engine.sql.translation.tree.translator import Context
from engine.sql.translation.tree.value_types import type_of, typed


def order_texts(query: exp.Select | exp.SetOperation, context: Context) -> None:
    """Order a translated query by texts without the blanks at their ends; the last value needs it not."""
    order = query.args.get("order")
    ordered = list(order.expressions[:-1]) if isinstance(order, exp.Order) and not context.is_snowflake else []
    distinct = query.args.get("distinct")
    if isinstance(distinct, exp.Distinct) and distinct.args.get("on") is None:
        return  # DuckDB orders such rows only by what they show, of which no text ends with a blank
    for each in ordered:
        value = _value(each.this, query) if isinstance(each, exp.Ordered) else None
        if value is not None:
            key = compared(value, context)
            if key is not value:
                each.set("this", key)


def _value(given: exp.Expr, query: exp.Select | exp.SetOperation) -> exp.Expr | None:
    """Return what a value of ORDER BY stands for, a number or an alias as well; None where that is not known."""
    outputs = outputs_of(query) or []
    index = literal_integer(given)
    if index is None and isinstance(given, exp.Column) and not given.table:
        names = [each.name.lower() for each in outputs]
        index = names.index(given.name.lower()) + 1 if given.name.lower() in names else None
    if index is None:
        return given
    if not 1 <= index <= len(outputs):
        return None
    if not isinstance(query, exp.Select) or any(each.is_star for each in query.expressions):
        return _named(outputs[index - 1], outputs)
    shown = query.expressions[index - 1]
    value: exp.Expr = shown.unalias().copy()
    if isinstance(value, exp.Subquery):
        value.set("alias", None)
    return typed(value, type_of(shown))


def _named(output: Output, outputs: list[Output]) -> exp.Expr | None:
    """Return a column by its name, None where it has none or shares it with another one."""
    names = [each.name.lower() for each in outputs]
    is_alone = output.name and names.count(output.name.lower()) == 1
    return typed(exp.column(output.name, quoted=True), output.kind) if is_alone else None
