"""ORDER BY of text in Redshift: values that differ only in trailing blanks are ties, decided by the next value.

https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html#r_Character_types-significance-of-trailing-blanks
"""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.padding.text_sets import Output, find_outputs
from engine.sql.translation.padding.trailing_blanks import to_comparable
from engine.sql.translation.tree.nodes import literal_integer
from engine.sql.translation.tree.translator import Context
from engine.sql.translation.tree.value_types import set_type, type_of


def order_texts(query: exp.Select | exp.SetOperation, context: Context) -> None:
    """Order a translated query by texts without trailing blanks; the last value does not need this."""
    order = query.args.get("order")
    ordered = list(order.expressions[:-1]) if isinstance(order, exp.Order) and not context.is_snowflake else []
    distinct = query.args.get("distinct")
    if isinstance(distinct, exp.Distinct) and distinct.args.get("on") is None:
        return  # DuckDB orders such rows only by the shown values, none of which has trailing blanks
    for each in ordered:
        value = _find_value(each.this, query) if isinstance(each, exp.Ordered) else None
        if value is not None:
            key = to_comparable(value, context)
            if key is not value:
                each.set("this", key)


def _find_value(given: exp.Expr, query: exp.Select | exp.SetOperation) -> exp.Expr | None:
    """Return the expression that a value, number or alias of ORDER BY refers to; None where it is not known."""
    outputs = find_outputs(query) or []
    index = literal_integer(given)
    if index is None and isinstance(given, exp.Column) and not given.table:
        names = [each.name.lower() for each in outputs]
        index = names.index(given.name.lower()) + 1 if given.name.lower() in names else None
    if index is None:
        return given
    if not 1 <= index <= len(outputs):
        return None
    if not isinstance(query, exp.Select) or any(each.is_star for each in query.expressions):
        return _find_column(outputs[index - 1], outputs)
    shown = query.expressions[index - 1]
    value: exp.Expr = shown.unalias().copy()
    if isinstance(value, exp.Subquery):
        value.set("alias", None)
    return set_type(value, type_of(shown))


def _find_column(output: Output, outputs: list[Output]) -> exp.Expr | None:
    """Return a column by its name, None where it has no unique name."""
    names = [each.name.lower() for each in outputs]
    is_alone = output.name and names.count(output.name.lower()) == 1
    return set_type(exp.column(output.name, quoted=True), output.kind) if is_alone else None
