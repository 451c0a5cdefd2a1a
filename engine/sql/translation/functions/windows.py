"""Window functions: which rows they see, which NULLs they skip, and those that only one warehouse has."""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.expressions.arithmetic import divided, numeric
from engine.sql.translation.functions.aggregates import arguments_of, wrapped_later
from engine.sql.translation.padding.trailing_blanks import compared, compared_order
from engine.sql.translation.tree.nodes import call, cast, literal_text, number
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.sort_keys import sort_key
from engine.sql.translation.tree.translator import WRAP, Context, Rewrite
from engine.sql.translation.tree.value_types import (
    BIGINT,
    DOUBLE,
    HUGEINT,
    decimal,
    type_of,
    typed,
)


def conditional_change_event(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate CONDITIONAL_CHANGE_EVENT: how often the value changed so far.

    https://docs.snowflake.com/en/sql-reference/functions/conditional_change_event
    """
    arguments, _ = arguments_of(node, context)
    made = typed(call("list", sort_key(arguments[0])), BIGINT)
    return wrapped_later(made, lambda whole: call("dw_changes", whole, kind=BIGINT))


def ratio_to_report(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate RATIO_TO_REPORT(x) OVER (...): x through the sum of its partition, with the digits of a division.

    https://docs.aws.amazon.com/redshift/latest/dg/r_WF_RATIO_TO_REPORT.html
    """
    arguments, _ = arguments_of(node, context)
    exact = numeric(arguments[0])
    if context.is_snowflake and type_of(exact).is_exact:
        total_kind = HUGEINT if type_of(exact).is_integer else decimal(38, type_of(exact).scale)

        def exact_share(whole: exp.Expr) -> exp.Expr:
            return divided(exact.copy(), call("nullif", whole, number(0), kind=total_kind), context)

        return wrapped_later(typed(call("sum", exact), total_kind), exact_share)
    value = cast(exact, DOUBLE)
    made = typed(call("sum", value), DOUBLE)

    def share(whole: exp.Expr) -> exp.Expr:
        return typed(exp.Div(this=value.copy(), expression=call("nullif", whole, number(0))), DOUBLE)

    return wrapped_later(made, share)


def conditional_true_event(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate CONDITIONAL_TRUE_EVENT: how many rows so far were true.

    https://docs.snowflake.com/en/sql-reference/functions/conditional_true_event
    """
    arguments, _ = arguments_of(node, context)
    branch = exp.If(this=arguments[0], true=number(1))
    return call("sum", exp.Case(ifs=[branch], default=number(0)), kind=BIGINT)


def ignore_nulls(node: exp.IgnoreNulls, context: Context) -> exp.Expr:
    """Put IGNORE NULLS inside the call, where DuckDB takes it.

    https://docs.aws.amazon.com/redshift/latest/dg/r_WF_LAG.html
    """
    made: exp.Expr = node.this
    if not isinstance(made, exp.Anonymous) or not made.expressions:
        return node
    last = made.expressions[-1]
    made.set("expressions", [*made.expressions[:-1], exp.IgnoreNulls(this=last)])
    return made


def respect_nulls(node: exp.RespectNulls, context: Context) -> exp.Expr:
    """Leave RESPECT NULLS out: it is the default."""
    made: exp.Expr = node.this
    return made


_WHOLE_PARTITION = frozenset({"first_value", "last_value", "nth_value"})


def window(node: exp.Window, context: Context) -> exp.Expr:
    """Give FIRST_VALUE and its like the frame they have by default: the whole partition.

    https://docs.snowflake.com/en/sql-reference/functions/last_value
    """
    inner = node.this
    if WRAP in inner.meta:
        node.meta[WRAP] = inner.meta.pop(WRAP)
    typed(node, type_of(inner))
    node.set("partition_by", [compared(sort_key(each), context) for each in node.args.get("partition_by") or ()])
    order = node.args.get("order")
    if isinstance(inner, exp.Anonymous) and inner.meta.get("order_inside"):
        return node
    if isinstance(inner, exp.Anonymous) and inner.name in _WHOLE_PARTITION and order and not node.args.get("spec"):
        spec = {"kind": "ROWS", "start": "UNBOUNDED", "start_side": "PRECEDING"}
        node.set("spec", exp.WindowSpec(**spec, end="UNBOUNDED", end_side="FOLLOWING"))
    if order is not None:
        order.set("expressions", [each for each in order.expressions if literal_text(each.this) is None])
        compared_order(order, context, is_last_included=True)
    if "from_last" in node.meta:
        _count_from_last(node)
    return node


def _count_from_last(node: exp.Window) -> None:
    """Turn the order of a window around, which NTH_VALUE ... FROM LAST asks for.

    https://docs.snowflake.com/en/sql-reference/functions/nth_value
    """
    spec, order = node.args.get("spec"), node.args.get("order")
    if order is None or (spec is not None and not (spec.args.get("start") == spec.args.get("end") == "UNBOUNDED")):
        raise UntranslatableError(node, "FROM LAST is supported only over the whole partition, with ORDER BY.")
    for each in order.expressions:
        is_descending = bool(each.args.get("desc"))
        each.set("desc", not is_descending)
        nulls_first = each.args.get("nulls_first")
        each.set("nulls_first", not (is_descending if nulls_first is None else nulls_first))


REWRITES: dict[str, Rewrite] = {"RATIO_TO_REPORT": ratio_to_report}
SNOWFLAKE_REWRITES: dict[str, Rewrite] = {
    "CONDITIONAL_CHANGE_EVENT": conditional_change_event,
    "CONDITIONAL_TRUE_EVENT": conditional_true_event,
}
