"""Conditional functions and those of booleans; DECODE, IFF and their like are rewrites in `rewrites`.

https://docs.aws.amazon.com/redshift/latest/dg/c_conditional_expressions.html
https://docs.snowflake.com/en/sql-reference/expressions-conditional
"""

from __future__ import annotations

from engine.sql.translation.definitions import define

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
