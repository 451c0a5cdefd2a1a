"""Conditional functions, which choose one of their arguments, and boolean functions.

https://docs.aws.amazon.com/redshift/latest/dg/c_conditional_expressions.html
https://docs.snowflake.com/en/sql-reference/expressions-conditional
"""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.expressions.arithmetic import divide, to_numeric
from engine.sql.translation.expressions.operators import match_types
from engine.sql.translation.functions.arguments import read_arguments
from engine.sql.translation.functions.definitions import define
from engine.sql.translation.padding.trailing_blanks import to_comparable
from engine.sql.translation.tree.nodes import (
    as_text,
    call,
    cast,
    make_case,
    number,
    wrap,
)
from engine.sql.translation.tree.sort_keys import pick_extreme
from engine.sql.translation.tree.timestamp_offsets import as_common
from engine.sql.translation.tree.translator import Context, Rewrite
from engine.sql.translation.tree.value_types import (
    BOOLEAN,
    JSON,
    common_type,
    set_type,
    type_of,
)

SHARED = define(
    "dw",
    """
COALESCE(a*) *
NVL(a*) * coalesce
ISNULL(a,a) * coalesce
""",
)

REDSHIFT = define(
    "rs",
    """
GREATEST(a*) *
LEAST(a*) *
""",
)

SNOWFLAKE = define(
    "sf",
    """
IFNULL(a,a) * coalesce
GREATEST_IGNORE_NULLS(a*) * greatest
LEAST_IGNORE_NULLS(a*) * least
ZEROIFNULL(n) 1 := coalesce(a, 0)
NULLIFZERO(n) 1 := nullif(a, 0)
BOOLAND(b,b) BOOLEAN := a and b
BOOLOR(b,b) BOOLEAN := a or b
BOOLNOT(b) BOOLEAN := not a
BOOLXOR(b,b) BOOLEAN := a <> b
REGR_VALX(n,n) 2 := case when a is null then null else b end
REGR_VALY(n,n) 1 := case when b is null then null else a end
""",
)


def decode(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate DECODE(value, search, result, ..., default), where NULL equals NULL.

    https://docs.aws.amazon.com/redshift/latest/dg/r_DECODE_expression.html
    """
    value, *rest = read_arguments(node, context, 3)
    default = rest.pop() if len(rest) % 2 else exp.null()
    pairs: list[tuple[exp.Expr, exp.Expr]] = []
    for search, result in zip(rest[::2], rest[1::2], strict=True):
        left, right = (to_comparable(side, context) for side in match_types(value.copy(), search))
        is_same = (
            exp.Is(this=left, expression=right)
            if isinstance(right, exp.Null)
            else exp.NullSafeEQ(this=wrap(left), expression=wrap(right))
        )
        pairs.append((is_same, result))
    return _choose(pairs, default, context)


def _choose(pairs: list[tuple[exp.Expr, exp.Expr]], default: exp.Expr, context: Context) -> exp.Expr:
    """Return a CASE with results of one common type."""
    given = [*(result for _, result in pairs), default]
    results = as_common(given, is_snowflake=context.is_snowflake)
    conditions = [condition for condition, _ in pairs]
    kind = common_type([type_of(each) for each in results])
    return make_case(*zip(conditions, results, strict=False), otherwise=results[-1], kind=kind)


def null_if(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate NULLIF(value, other): NULL where the two are equal, compared as by `=`.

    https://docs.aws.amazon.com/redshift/latest/dg/r_NULLIF_function.html
    https://docs.snowflake.com/en/sql-reference/functions/nullif
    """
    value, other = read_arguments(node, context, 2, 2)
    if JSON in (type_of(value), type_of(other)):
        left, right = match_types(value.copy(), other)
    else:
        left, right = to_comparable(value, context), to_comparable(other, context)
        if left is value:
            return call("nullif", value, right, kind=type_of(value))
    is_same = exp.EQ(this=wrap(left), expression=wrap(right))
    kind = type_of(value)
    return make_case((is_same, cast(exp.null(), kind) if kind.name else exp.null()), otherwise=value.copy(), kind=kind)


def equal_null(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate EQUAL_NULL, for which NULL equals NULL.

    https://docs.snowflake.com/en/sql-reference/functions/equal_null
    """
    left, right = (to_comparable(each, context) for each in match_types(*read_arguments(node, context, 2, 2)))
    return set_type(exp.Paren(this=exp.NullSafeEQ(this=wrap(left), expression=wrap(right))), BOOLEAN)


def iff(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate IFF(condition, value, other).

    https://docs.snowflake.com/en/sql-reference/functions/iff
    """
    condition, value, other = read_arguments(node, context, 3, 3)
    return _choose([(to_condition(condition), value)], other, context)


def nvl2(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate NVL2(value, if not NULL, if NULL).

    https://docs.aws.amazon.com/redshift/latest/dg/r_NVL2.html
    """
    value, known, unknown = read_arguments(node, context, 3, 3)
    is_null = exp.Is(this=wrap(value), expression=exp.null())
    return _choose([(is_null, unknown)], known, context)


def to_condition(node: exp.Expr) -> exp.Expr:
    """Convert a condition to a boolean, also a semi-structured one."""
    return cast(as_text(node), BOOLEAN) if type_of(node) == JSON else node


def extreme(name: str) -> Rewrite:
    """Return the rewrite of GREATEST or LEAST, which are NULL if any value is NULL.

    https://docs.snowflake.com/en/sql-reference/functions/greatest
    """

    def rewrite(node: exp.Anonymous, context: Context) -> exp.Expr:
        values = as_common(read_arguments(node, context, 1), is_snowflake=context.is_snowflake)
        kind = common_type([type_of(each) for each in values])
        nulls = [exp.Is(this=wrap(each.copy()), expression=exp.null()) for each in values]
        found = pick_extreme(name, values) if kind == JSON else call(name, *values)
        return make_case((exp.or_(*nulls, copy=False), exp.null()), otherwise=found, kind=kind)

    return rewrite


def div0(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate DIV0 and DIV0NULL: division by zero (or NULL) gives 0.

    https://docs.snowflake.com/en/sql-reference/functions/div0
    """
    over, under = read_arguments(node, context, 2, 2)
    zero: exp.Expr = exp.EQ(this=wrap(to_numeric(under.copy())), expression=number(0))
    if node.name.upper() == "DIV0NULL":
        zero = exp.or_(zero, exp.Is(this=wrap(under.copy()), expression=exp.null()), copy=False)
    known = exp.Not(this=exp.Is(this=wrap(over.copy()), expression=exp.null()))
    quotient = divide(over, call("nullif", to_numeric(under), number(0), kind=type_of(to_numeric(under))), context)
    return make_case(
        (exp.and_(exp.paren(zero, copy=False), known, copy=False), number(0)),
        otherwise=quotient,
        kind=type_of(quotient),
    )


REWRITES: dict[str, Rewrite] = {"DECODE": decode, "NVL2": nvl2, "NULLIF": null_if}
SNOWFLAKE_REWRITES: dict[str, Rewrite] = {
    "IFF": iff,
    "EQUAL_NULL": equal_null,
    "GREATEST": extreme("greatest"),
    "LEAST": extreme("least"),
    "DIV0": div0,
    "DIV0NULL": div0,
}
