"""Conditional functions, which choose one of their arguments, and those of booleans.

https://docs.aws.amazon.com/redshift/latest/dg/c_conditional_expressions.html
https://docs.snowflake.com/en/sql-reference/expressions-conditional
"""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.expressions.arithmetic import divided, numeric
from engine.sql.translation.expressions.operators import matched
from engine.sql.translation.functions.arguments import checked_arguments
from engine.sql.translation.functions.definitions import define
from engine.sql.translation.padding.trailing_blanks import compared
from engine.sql.translation.tree.nodes import (
    as_text,
    call,
    case,
    cast,
    number,
    wrapped,
)
from engine.sql.translation.tree.sort_keys import extreme_of
from engine.sql.translation.tree.timestamp_offsets import as_common
from engine.sql.translation.tree.translator import Context, Rewrite
from engine.sql.translation.tree.value_types import (
    BOOLEAN,
    JSON,
    common,
    type_of,
    typed,
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
    value, *rest = checked_arguments(node, context, 3)
    default = rest.pop() if len(rest) % 2 else exp.null()
    pairs: list[tuple[exp.Expr, exp.Expr]] = []
    for search, result in zip(rest[::2], rest[1::2], strict=True):
        left, right = (compared(side, context) for side in matched(value.copy(), search))
        is_same = (
            exp.Is(this=left, expression=right)
            if isinstance(right, exp.Null)
            else exp.NullSafeEQ(this=wrapped(left), expression=wrapped(right))
        )
        pairs.append((is_same, result))
    return _chosen(pairs, default, context)


def _chosen(pairs: list[tuple[exp.Expr, exp.Expr]], default: exp.Expr, context: Context) -> exp.Expr:
    """Return a CASE whose results are of their common type."""
    given = [*(result for _, result in pairs), default]
    results = as_common(given, is_snowflake=context.is_snowflake)
    conditions = [condition for condition, _ in pairs]
    kind = common([type_of(each) for each in results])
    return case(*zip(conditions, results, strict=False), otherwise=results[-1], kind=kind)


def null_if(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate NULLIF(value, other): the value itself where the two differ, compared as `=` does.

    https://docs.aws.amazon.com/redshift/latest/dg/r_NULLIF_function.html
    https://docs.snowflake.com/en/sql-reference/functions/nullif
    """
    value, other = checked_arguments(node, context, 2, 2)
    if JSON in (type_of(value), type_of(other)):
        left, right = matched(value.copy(), other)
    else:
        left, right = compared(value, context), compared(other, context)
        if left is value:
            return call("nullif", value, right, kind=type_of(value))
    is_same = exp.EQ(this=wrapped(left), expression=wrapped(right))
    kind = type_of(value)
    return case((is_same, cast(exp.null(), kind) if kind.name else exp.null()), otherwise=value.copy(), kind=kind)


def equal_null(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate EQUAL_NULL, for which NULL equals NULL.

    https://docs.snowflake.com/en/sql-reference/functions/equal_null
    """
    left, right = (compared(each, context) for each in matched(*checked_arguments(node, context, 2, 2)))
    return typed(exp.Paren(this=exp.NullSafeEQ(this=wrapped(left), expression=wrapped(right))), BOOLEAN)


def iff(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate IFF(condition, value, other).

    https://docs.snowflake.com/en/sql-reference/functions/iff
    """
    condition, value, other = checked_arguments(node, context, 3, 3)
    return _chosen([(truth(condition), value)], other, context)


def nvl2(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate NVL2(value, if not NULL, if NULL).

    https://docs.aws.amazon.com/redshift/latest/dg/r_NVL2.html
    """
    value, known, unknown = checked_arguments(node, context, 3, 3)
    is_null = exp.Is(this=wrapped(value), expression=exp.null())
    return _chosen([(is_null, unknown)], known, context)


def truth(node: exp.Expr) -> exp.Expr:
    """Return a condition as a boolean, also a semi-structured one."""
    return cast(as_text(node), BOOLEAN) if type_of(node) == JSON else node


def extreme(name: str) -> Rewrite:
    """Return the translation of GREATEST and LEAST, which are NULL as soon as one value is.

    https://docs.snowflake.com/en/sql-reference/functions/greatest
    """

    def rewrite(node: exp.Anonymous, context: Context) -> exp.Expr:
        values = as_common(checked_arguments(node, context, 1), is_snowflake=context.is_snowflake)
        kind = common([type_of(each) for each in values])
        nulls = [exp.Is(this=wrapped(each.copy()), expression=exp.null()) for each in values]
        found = extreme_of(name, values) if kind == JSON else call(name, *values)
        return case((exp.or_(*nulls, copy=False), exp.null()), otherwise=found, kind=kind)

    return rewrite


def div0(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate DIV0 and DIV0NULL: a division whose result by zero (or NULL) is 0.

    https://docs.snowflake.com/en/sql-reference/functions/div0
    """
    over, under = checked_arguments(node, context, 2, 2)
    zero: exp.Expr = exp.EQ(this=wrapped(numeric(under.copy())), expression=number(0))
    if node.name.upper() == "DIV0NULL":
        zero = exp.or_(zero, exp.Is(this=wrapped(under.copy()), expression=exp.null()), copy=False)
    known = exp.Not(this=exp.Is(this=wrapped(over.copy()), expression=exp.null()))
    quotient = divided(over, call("nullif", numeric(under), number(0), kind=type_of(numeric(under))), context)
    return case(
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
