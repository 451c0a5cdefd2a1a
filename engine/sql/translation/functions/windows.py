"""Window functions: default frames, skipped NULLs, and functions that only one warehouse has."""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.expressions.arithmetic import divide, to_numeric
from engine.sql.translation.functions.aggregates import split_arguments, wrap_later
from engine.sql.translation.padding.trailing_blanks import make_order_comparable, to_comparable
from engine.sql.translation.tree.nodes import call, cast, literal_text, number
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.sort_keys import sort_key
from engine.sql.translation.tree.translator import WRAP, Context, Rewrite
from engine.sql.translation.tree.value_types import (
    BIGINT,
    DOUBLE,
    HUGEINT,
    decimal,
    set_type,
    type_of,
)


def conditional_change_event(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate CONDITIONAL_CHANGE_EVENT: the number of value changes so far.

    https://docs.snowflake.com/en/sql-reference/functions/conditional_change_event
    """
    arguments, _ = split_arguments(node, context)
    result = set_type(call("list", sort_key(arguments[0])), BIGINT)
    return wrap_later(result, lambda whole: call("dw_changes", whole, kind=BIGINT))


def ratio_to_report(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate RATIO_TO_REPORT(x) OVER (...): x divided by the sum of its partition, with the digits of a division.

    https://docs.aws.amazon.com/redshift/latest/dg/r_WF_RATIO_TO_REPORT.html
    """
    arguments, _ = split_arguments(node, context)
    exact = to_numeric(arguments[0])
    if context.is_snowflake and type_of(exact).is_exact:
        total_kind = HUGEINT if type_of(exact).is_integer else decimal(38, type_of(exact).scale)

        def exact_share(whole: exp.Expr) -> exp.Expr:
            return divide(exact.copy(), call("nullif", whole, number(0), kind=total_kind), context)

        return wrap_later(set_type(call("sum", exact), total_kind), exact_share)
    value = cast(exact, DOUBLE)
    result = set_type(call("sum", value), DOUBLE)

    def share(whole: exp.Expr) -> exp.Expr:
        return set_type(exp.Div(this=value.copy(), expression=call("nullif", whole, number(0))), DOUBLE)

    return wrap_later(result, share)


def conditional_true_event(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate CONDITIONAL_TRUE_EVENT: the number of true rows so far.

    https://docs.snowflake.com/en/sql-reference/functions/conditional_true_event
    """
    arguments, _ = split_arguments(node, context)
    branch = exp.If(this=arguments[0], true=number(1))
    return call("sum", exp.Case(ifs=[branch], default=number(0)), kind=BIGINT)


def ignore_nulls(node: exp.IgnoreNulls, context: Context) -> exp.Expr:
    """Move IGNORE NULLS into the call, where DuckDB accepts it.

    https://docs.aws.amazon.com/redshift/latest/dg/r_WF_LAG.html
    """
    result: exp.Expr = node.this
    if not isinstance(result, exp.Anonymous) or not result.expressions:
        return node
    last = result.expressions[-1]
    result.set("expressions", [*result.expressions[:-1], exp.IgnoreNulls(this=last)])
    return result


def respect_nulls(node: exp.RespectNulls, context: Context) -> exp.Expr:
    """Drop RESPECT NULLS: it is the default."""
    result: exp.Expr = node.this
    return result


_WHOLE_PARTITION = frozenset({"first_value", "last_value", "nth_value"})


def window(node: exp.Window, context: Context) -> exp.Expr:
    """Set the default frame of FIRST_VALUE and similar functions: the whole partition.

    https://docs.snowflake.com/en/sql-reference/functions/last_value
    """
    inner = node.this
    if WRAP in inner.meta:
        node.meta[WRAP] = inner.meta.pop(WRAP)
    set_type(node, type_of(inner))
    node.set("partition_by", [to_comparable(sort_key(each), context) for each in node.args.get("partition_by") or ()])
    order = node.args.get("order")
    if isinstance(inner, exp.Anonymous) and inner.meta.get("order_inside"):
        return node
    if isinstance(inner, exp.Anonymous) and inner.name in _WHOLE_PARTITION and order and not node.args.get("spec"):
        spec = {"kind": "ROWS", "start": "UNBOUNDED", "start_side": "PRECEDING"}
        node.set("spec", exp.WindowSpec(**spec, end="UNBOUNDED", end_side="FOLLOWING"))
    if order is not None:
        order.set("expressions", [each for each in order.expressions if literal_text(each.this) is None])
        make_order_comparable(order, context, is_last_included=True)
    if "from_last" in node.meta:
        _count_from_last(node)
    return node


def _count_from_last(node: exp.Window) -> None:
    """Reverse the order of a window for NTH_VALUE ... FROM LAST.

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
