"""Aggregate and window functions.

https://docs.aws.amazon.com/redshift/latest/dg/c_Aggregate_Functions.html
https://docs.aws.amazon.com/redshift/latest/dg/c_Window_functions.html
https://docs.snowflake.com/en/sql-reference/functions-aggregation
https://docs.snowflake.com/en/sql-reference/functions-analytic
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from engine.sql.translation.expressions.arithmetic import scale_units, to_numeric
from engine.sql.translation.functions.definitions import alias, define
from engine.sql.translation.padding.trailing_blanks import make_order_comparable, to_comparable
from engine.sql.translation.tree.nodes import as_json, as_text, call, cast, number, text, wrap
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.sort_keys import remove_sort_key, sort_key, unify
from engine.sql.translation.tree.translator import AGGREGATE, WRAP, Context, Rewrite
from engine.sql.translation.tree.value_types import (
    BIGINT,
    BOOLEAN,
    DOUBLE,
    HUGEINT,
    JSON,
    VARCHAR,
    ValueType,
    decimal,
    set_type,
    type_of,
)

SHARED = define(
    "dw",
    """
ANY_VALUE(a) 1
STDDEV(f) DOUBLE stddev_samp
STDDEV_SAMP(f) DOUBLE
STDDEV_POP(f) DOUBLE
VARIANCE(f) DOUBLE var_samp
VAR_SAMP(f) DOUBLE
VAR_POP(f) DOUBLE
ROW_NUMBER() BIGINT
RANK() BIGINT
DENSE_RANK() BIGINT
PERCENT_RANK() DOUBLE
CUME_DIST() DOUBLE
NTILE(i) BIGINT
LAG(a,i=1,a=null) 1
LEAD(a,i=1,a=null) 1
FIRST_VALUE(a) 1
LAST_VALUE(a) 1
NTH_VALUE(a,i) 1
GROUPING(a*) BIGINT
GROUPING_ID(a*) BIGINT grouping
""",
)

REDSHIFT = define(
    "rs",
    """
BOOL_AND(b) BOOLEAN
BOOL_OR(b) BOOLEAN
BIT_AND(a) 1
BIT_OR(a) 1
""",
)
alias(REDSHIFT, "EVERY=BOOL_AND")

SNOWFLAKE = define(
    "sf",
    """
COUNT_IF(b) BIGINT count_if
COVAR_POP(f,f) DOUBLE
REGR_AVGX(f,f) DOUBLE
REGR_AVGY(f,f) DOUBLE
REGR_COUNT(f,f) BIGINT
REGR_SXX(f,f) DOUBLE
REGR_SXY(f,f) DOUBLE
REGR_SYY(f,f) DOUBLE
BOOLAND_AGG(b) BOOLEAN bool_and
BOOLOR_AGG(b) BOOLEAN bool_or
BITAND_AGG(i) BIGINT bit_and
BITOR_AGG(i) BIGINT bit_or
BITXOR_AGG(i) BIGINT bit_xor
""",
)
alias(
    SNOWFLAKE,
    "BITANDAGG=BITAND_AGG BITORAGG=BITOR_AGG BITXORAGG=BITXOR_AGG BIT_AND_AGG=BITAND_AGG BIT_OR_AGG=BITOR_AGG "
    "BIT_XOR_AGG=BITXOR_AGG BIT_ANDAGG=BITAND_AGG BIT_ORAGG=BITOR_AGG BIT_XORAGG=BITXOR_AGG",
)


def wrap_later(node: exp.Expr, around: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    """Register a wrapper for an aggregate, outside of its OVER, FILTER and WITHIN GROUP."""
    node.meta[WRAP] = around
    return node


def split_arguments(node: exp.Anonymous, context: Context) -> tuple[list[exp.Expr], bool]:
    """Return the translated arguments, and whether they are DISTINCT."""
    context.translator.translate_parts(node, context)
    first = node.expressions[0] if node.expressions else None
    if isinstance(first, exp.Distinct):
        return [*first.expressions, *node.expressions[1:]], True
    return list(node.expressions), False


def call_aggregate(name: str, arguments: list[exp.Expr], is_distinct: bool) -> exp.Anonymous:
    """Return a call to a DuckDB aggregate."""
    return call(name, exp.Distinct(expressions=arguments)) if is_distinct else call(name, *arguments)


def avg(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate AVG: in Redshift with the scale of its argument (0 for integers), in Snowflake with six more digits.

    https://docs.aws.amazon.com/redshift/latest/dg/r_AVG.html
    https://docs.snowflake.com/en/sql-reference/functions/avg
    """
    arguments, is_distinct = split_arguments(node, context)
    value = to_numeric(arguments[0])
    kind = type_of(value)
    translated = set_type(call_aggregate("avg", [value], is_distinct), DOUBLE)
    if not context.is_snowflake and kind.is_exact:
        return wrap_later(translated, lambda whole: _truncate_average(whole, kind))
    if context.is_snowflake and kind.is_exact:
        scale = max(kind.scale, min(kind.scale + 6, 12))
        return wrap_later(translated, lambda whole: cast(whole, decimal(38, scale)))
    return translated


def _truncate_average(whole: exp.Expr, kind: ValueType) -> exp.Expr:
    """Return the sum divided by the count, truncated to the digits of the type of the average."""
    total, number_of = whole, whole.copy()
    for part, name in ((total, "sum"), (number_of, "count")):
        _find_aggregate(part).set("this", name)
    units = call("dw_truncated_average", total, number_of, number(10**kind.scale), kind=HUGEINT)
    return cast(units, BIGINT) if kind.is_integer else scale_units(units, decimal(38, kind.scale))


def _find_aggregate(node: exp.Expr) -> exp.Expr:
    """Return the aggregate call inside OVER and FILTER."""
    while not isinstance(node, exp.Anonymous):
        node = node.this
    return node


def total(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate SUM.

    https://docs.aws.amazon.com/redshift/latest/dg/r_SUM.html
    """
    arguments, is_distinct = split_arguments(node, context)
    value = to_numeric(arguments[0])
    kind = type_of(value)
    if kind.is_integer and not context.is_snowflake:
        translated = set_type(call_aggregate("sum", [value], is_distinct), HUGEINT)
        return wrap_later(translated, lambda whole: cast(whole, BIGINT))
    result = HUGEINT if kind.is_integer else decimal(38, kind.scale) if kind.is_exact else kind
    return set_type(call_aggregate("sum", [value], is_distinct), result)


def extreme(name: str) -> Rewrite:
    """Return the rewrite of MIN or MAX; semi-structured values compare by their sort keys.

    https://docs.aws.amazon.com/redshift/latest/dg/r_MAX.html
    https://docs.snowflake.com/en/sql-reference/functions/max
    """

    def rewrite(node: exp.Anonymous, context: Context) -> exp.Expr:
        arguments, is_distinct = split_arguments(node, context)
        if len(arguments) != 1:
            raise UntranslatableError(node, f"{node.name.upper()} takes 1 argument, but got {len(arguments)}.")
        value = arguments[0]
        if type_of(value) == JSON:
            return call(f"arg_{name}", value, sort_key(value.copy()), kind=JSON)
        return set_type(call_aggregate(name, arguments, is_distinct), type_of(value))

    return rewrite


def mode(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate MODE.

    https://docs.snowflake.com/en/sql-reference/functions/mode
    """
    arguments, is_distinct = split_arguments(node, context)
    value = unify(arguments[0])
    return set_type(call_aggregate("mode", [value], is_distinct), type_of(value))


def count(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate COUNT; with several columns it counts the rows where none of them is NULL.

    https://docs.snowflake.com/en/sql-reference/functions/count
    """
    arguments, is_distinct = split_arguments(node, context)
    if is_distinct:
        arguments = [sort_key(each) for each in arguments]
    if len(arguments) > 1:
        known = exp.and_(*(exp.Not(this=exp.Is(this=each.copy(), expression=exp.null())) for each in arguments))
        together = exp.Tuple(expressions=arguments)
        value: exp.Expr = exp.Case(ifs=[exp.If(this=known, true=together)])
        arguments = [value]
    if arguments and isinstance(arguments[0], exp.Column) and isinstance(arguments[0].this, exp.Star):
        arguments = [exp.Star()]
    if is_distinct:
        arguments = [to_comparable(each, context) for each in arguments]
    return set_type(call_aggregate("count", arguments, is_distinct), BIGINT)


def median(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate MEDIAN.

    https://docs.aws.amazon.com/redshift/latest/dg/r_MEDIAN.html
    """
    arguments, is_distinct = split_arguments(node, context)
    value = to_numeric(arguments[0])
    kind = type_of(value)
    return set_type(call_aggregate("median", [value], is_distinct), kind if kind.is_time_point else DOUBLE)


def listagg(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate LISTAGG; NULLs are ignored, and for no rows Snowflake returns an empty string.

    https://docs.aws.amazon.com/redshift/latest/dg/r_LISTAGG.html
    https://docs.snowflake.com/en/sql-reference/functions/listagg
    """
    arguments, is_distinct = split_arguments(node, context)
    separator = as_text(arguments[1]) if len(arguments) > 1 else text("")
    value = unify(arguments[0]) if is_distinct else arguments[0]
    if type_of(value) == JSON or type_of(value).is_paired:
        value = as_text(value)
    has_blanks = is_distinct and to_comparable(value.copy(), context) != value
    translated = set_type(call_aggregate("list", [value], is_distinct and not has_blanks), VARCHAR)
    translated.meta["order_inside"] = True
    is_snowflake = context.is_snowflake
    return wrap_later(translated, lambda whole: _join_texts(whole, separator, is_snowflake, has_blanks))


def _join_texts(whole: exp.Expr, separator: exp.Expr, is_snowflake: bool, has_blanks: bool) -> exp.Expr:
    whole = call("dw_first_texts", whole) if has_blanks else whole
    translated = call("dw_joined", whole, separator, kind=VARCHAR)
    return call("coalesce", translated, text(""), kind=VARCHAR) if is_snowflake else translated


def array_agg(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate ARRAY_AGG: NULLs are ignored, and no rows give an empty array.

    https://docs.snowflake.com/en/sql-reference/functions/array_agg
    """
    arguments, is_distinct = split_arguments(node, context)
    is_distinct = is_distinct or node.name.upper() == "ARRAY_UNIQUE_AGG"
    value = unify(arguments[0]) if is_distinct else arguments[0]
    value = as_text(value) if type_of(value).is_paired else value
    translated = set_type(call_aggregate("list", [value], is_distinct), JSON)
    translated.meta["order_inside"] = True
    return wrap_later(translated, lambda whole: call("dw_array_of", whole, kind=JSON))


def array_union_agg(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate ARRAY_UNION_AGG: the distinct elements of all arrays.

    https://docs.snowflake.com/en/sql-reference/functions/array_union_agg
    """
    arguments, _ = split_arguments(node, context)
    translated = set_type(call("list", call("dw_elements", as_json(arguments[0]))), JSON)
    return wrap_later(translated, lambda whole: call("dw_union_of", whole, kind=JSON))


def object_agg(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate OBJECT_AGG: without NULL keys and values.

    https://docs.snowflake.com/en/sql-reference/functions/object_agg
    """
    arguments, _ = split_arguments(node, context)
    translated = set_type(call("list", call("dw_entry", as_text(arguments[0]), as_json(arguments[1]))), JSON)
    return wrap_later(translated, lambda whole: call("dw_object_of", whole, kind=JSON))


def percentile(name: str) -> Rewrite:
    """Return the rewrite of PERCENTILE_CONT or PERCENTILE_DISC, whose ORDER BY names the value.

    https://docs.aws.amazon.com/redshift/latest/dg/r_PERCENTILE_CONT.html
    """

    def rewrite(node: exp.Anonymous, context: Context) -> exp.Expr:
        arguments, _ = split_arguments(node, context)
        translated = call(name, *arguments)
        translated.meta["order_is_value"] = True
        return translated

    return rewrite


def extreme_by(name: str) -> Rewrite:
    """Return the rewrite of MIN_BY or MAX_BY; with a number of rows they return an array.

    https://docs.snowflake.com/en/sql-reference/functions/max_by
    """

    def rewrite(node: exp.Anonymous, context: Context) -> exp.Expr:
        arguments, _ = split_arguments(node, context)
        arguments[1:2] = [sort_key(each) for each in arguments[1:2]]
        if len(arguments) == 3 and type_of(arguments[0]).is_paired:
            arguments[0] = as_text(arguments[0])
        if len(arguments) < 3:
            return call(name, *arguments, kind=type_of(arguments[0]))
        return wrap_later(call(name, *arguments), lambda whole: call("to_json", whole, kind=JSON))

    return rewrite


def boolxor_agg(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate BOOLXOR_AGG: whether exactly one value is true.

    https://docs.snowflake.com/en/sql-reference/functions/boolxor_agg
    """
    arguments, _ = split_arguments(node, context)
    translated = call("count_if", cast(arguments[0], BOOLEAN))
    return wrap_later(translated, lambda whole: set_type(exp.EQ(this=whole, expression=number(1)), BOOLEAN))


def within_group(node: exp.WithinGroup, context: Context) -> exp.Expr:
    """Move the order of WITHIN GROUP where DuckDB accepts it: into the call, or as the value of a percentile.

    https://docs.snowflake.com/en/sql-reference/functions/percentile_cont
    """
    translated: exp.Expr = node.this
    order = node.expression
    make_order_comparable(order, context)
    if WRAP in translated.meta:
        node.meta[WRAP] = translated.meta[WRAP]
    if translated.meta.get("order_is_value"):
        ordered = order.expressions[0]
        value, share = _to_measure(ordered.this), translated.expressions[0]
        if ordered.args.get("desc") and translated.name == "quantile_cont":
            share = exp.Sub(this=number(1), expression=wrap(share))
        elif ordered.args.get("desc"):
            share = exp.Neg(this=wrap(share))  # DuckDB counts a negative share from the maximum
        kind = type_of(value) if translated.name == "quantile_disc" else DOUBLE
        measured = call(translated.name, value, share, kind=kind)
        measured.meta[AGGREGATE] = True
        return measured
    holder = translated.expressions[0] if isinstance(translated.expressions[0], exp.Distinct) else translated
    last = holder.expressions[-1]
    holder.set("expressions", [*holder.expressions[:-1], exp.Order(this=last, expressions=order.expressions)])
    return translated


def _to_measure(node: exp.Expr) -> exp.Expr:
    """Return the value of a percentile, as a number where it is semi-structured."""
    value = remove_sort_key(node)
    return to_numeric(value) if type_of(value) == JSON else value


REWRITES: dict[str, Rewrite] = {
    "AVG": avg,
    "SUM": total,
    "COUNT": count,
    "MIN": extreme("min"),
    "MAX": extreme("max"),
    "MEDIAN": median,
    "LISTAGG": listagg,
    "PERCENTILE_CONT": percentile("quantile_cont"),
    "PERCENTILE_DISC": percentile("quantile_disc"),
}
SNOWFLAKE_REWRITES: dict[str, Rewrite] = {
    "STRING_AGG": listagg,
    "ARRAY_AGG": array_agg,
    "ARRAYAGG": array_agg,
    "ARRAY_UNIQUE_AGG": array_agg,
    "ARRAY_UNION_AGG": array_union_agg,
    "OBJECT_AGG": object_agg,
    "BOOLXOR_AGG": boolxor_agg,
    "MODE": mode,
    "MIN_BY": extreme_by("min_by"),
    "MAX_BY": extreme_by("max_by"),
}

HELPERS = """
create macro dw_truncated_average(total, n, units) as (total * units)::hugeint // n;
create macro dw_joined(a, b) as array_to_string(list_filter(cast(a as varchar[]), lambda x: x is not null), b);
create macro dw_text_entries(a) as list_sort(list_transform(a, lambda x, i: {'k': rtrim(x, ' '), 'i': i, 'v': x}));
create macro dw_first_entries(a) as list_filter(list_zip(a, list_concat([null], a[:-2])), lambda p:
    p[2] is null or p[1]['k'] is distinct from p[2]['k']);
create macro dw_first_texts(a) as case when a is not null then list_transform(list_sort(list_transform(
    dw_first_entries(dw_text_entries(a)), lambda p: {'i': p[1]['i'], 'v': p[1]['v']})), lambda e: e['v']) end;
create macro dw_array_of(a) as to_json(coalesce(list_filter(a, lambda x: x is not null), []));
create macro dw_union_of(a) as to_json(dw_unique(coalesce(flatten(a), [])));
create macro dw_changes(a) as list_transform([list_filter(a, lambda x: x is not null)], lambda l:
    len(list_filter(range(2, len(l) + 1), lambda i: l[i] <> l[i - 1])))[1];
create macro dw_entry(a, b) as {'k': a, 'v': b};
create macro dw_object_of(a) as coalesce(dw_object(
    list_transform(list_filter(a, lambda x: x.k is not null and x.v is not null), lambda x: x.k),
    list_transform(list_filter(a, lambda x: x.k is not null and x.v is not null), lambda x: x.v)), '{}'::json);
"""
