"""Statistics, and aggregates that the warehouses estimate: distinct counts, percentiles, top values, bitmaps.

https://docs.snowflake.com/en/sql-reference/functions-aggregation
"""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.expressions.arithmetic import to_numeric
from engine.sql.translation.functions.aggregates import call_aggregate, split_arguments, wrap_later
from engine.sql.translation.tree.nodes import call, cast, number
from engine.sql.translation.tree.timestamp_offsets import as_variant
from engine.sql.translation.tree.translator import Context, Rewrite
from engine.sql.translation.tree.value_types import BIGINT, DOUBLE, JSON, UNKNOWN, decimal, set_type, type_of


def approx_percentile(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate APPROX_PERCENTILE by the exact percentile.

    https://docs.snowflake.com/en/sql-reference/functions/approx_percentile
    """
    arguments, _ = split_arguments(node, context)
    context.note("APPROX_PERCENTILE is computed exactly.")
    return call("quantile_cont", cast(to_numeric(arguments[0]), DOUBLE), arguments[1], kind=DOUBLE)


def approx_count(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate APPROX_COUNT_DISTINCT and HLL by the exact count.

    https://docs.snowflake.com/en/sql-reference/functions/approx_count_distinct
    https://docs.aws.amazon.com/redshift/latest/dg/r_HLL_function.html
    """
    arguments, _ = split_arguments(node, context)
    context.note(f"{node.name.upper()} is computed exactly.")
    return call("count", exp.Distinct(expressions=arguments), kind=BIGINT)


def variance(name: str) -> Rewrite:
    """Return the rewrite of VARIANCE and related functions: exact for exact numbers, with six more digits, like AVG.

    https://docs.snowflake.com/en/sql-reference/functions/variance
    """

    def rewrite(node: exp.Anonymous, context: Context) -> exp.Expr:
        arguments, is_distinct = split_arguments(node, context)
        value = to_numeric(arguments[0])
        kind = type_of(value)
        result = set_type(call_aggregate(name, [cast(value, DOUBLE)], is_distinct), DOUBLE)
        if not kind.is_exact:
            return result
        return wrap_later(result, lambda whole: cast(whole, decimal(38, max(kind.scale, min(kind.scale + 6, 12)))))

    return rewrite


def statistic(name: str) -> Rewrite:
    """Return the rewrite of a statistic that is NULL when there are too few rows.

    https://docs.snowflake.com/en/sql-reference/functions/regr_slope
    """

    def rewrite(node: exp.Anonymous, context: Context) -> exp.Expr:
        arguments, is_distinct = split_arguments(node, context)
        values = [cast(to_numeric(each), DOUBLE) for each in arguments]
        return wrap_later(
            set_type(call_aggregate(name, values, is_distinct), DOUBLE),
            lambda whole: call("dw_number_or_null", whole, kind=DOUBLE),
        )

    return rewrite


def approx_top_k(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate APPROX_TOP_K(x[, k[, counters]]) by the exact counts: the most frequent values with their counts.

    https://docs.snowflake.com/en/sql-reference/functions/approx_top_k
    """
    arguments, _ = split_arguments(node, context)
    context.note("APPROX_TOP_K is computed exactly.")
    count = arguments[1] if len(arguments) > 1 else number(1)
    result = set_type(call("list", as_variant(arguments[0])), JSON)
    return wrap_later(result, lambda whole: call("sf_top", whole, count, kind=JSON))


def bitmap_construct(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate BITMAP_CONSTRUCT_AGG; a bitmap is a list of its bits here.

    https://docs.snowflake.com/en/sql-reference/functions/bitmap_construct_agg
    """
    arguments, _ = split_arguments(node, context)
    return set_type(call("list", exp.Distinct(expressions=[arguments[0]])), UNKNOWN)


def bitmap_union(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate BITMAP_OR_AGG: the bits of all bitmaps.

    https://docs.snowflake.com/en/sql-reference/functions/bitmap_or_agg
    """
    arguments, _ = split_arguments(node, context)
    result = set_type(call("list", arguments[0]), UNKNOWN)
    return wrap_later(result, lambda whole: call("list_distinct", call("flatten", whole)))


REDSHIFT_REWRITES: dict[str, Rewrite] = {"HLL": approx_count}
SNOWFLAKE_REWRITES: dict[str, Rewrite] = {
    "APPROX_PERCENTILE": approx_percentile,
    "APPROX_COUNT_DISTINCT": approx_count,
    "HLL": approx_count,
    "APPROX_TOP_K": approx_top_k,
    **{name.upper(): statistic(name) for name in ("corr", "covar_samp", "regr_intercept", "regr_r2", "regr_slope")},
    **dict.fromkeys(("VARIANCE", "VARIANCE_SAMP", "VAR_SAMP"), variance("var_samp")),
    **dict.fromkeys(("VARIANCE_POP", "VAR_POP"), variance("var_pop")),
    "SKEW": statistic("skewness"),
    "KURTOSIS": statistic("kurtosis"),
    "BITMAP_CONSTRUCT_AGG": bitmap_construct,
    "BITMAP_OR_AGG": bitmap_union,
}

HELPERS = """
create macro sf_top(a, k) as (select to_json(list([x, n] order by n::varchar::bigint desc, x::varchar)) from (select x,
    count(*)::varchar::json n from (select unnest(a) x) where x is not null group by x order by count(*) desc,
    x::varchar limit k));
create macro dw_number_or_null(a) as case when isnan(a) then null else a end;
"""
