"""Arithmetic: the types of its results, its overflow, and dates that are moved by numbers and intervals.

The division of exact numbers is exact, and its result has a number of digits of its own.
"""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.tree.nodes import as_text, call, cast, moment_of, number, wrapped
from engine.sql.translation.tree.timestamp_offsets import has_clocks, on_its_clocks, on_same_clocks, timetz_text
from engine.sql.translation.tree.translator import Context
from engine.sql.translation.tree.value_types import (
    BIGINT,
    BLOB,
    DATE,
    DOUBLE,
    HUGEINT,
    INTEGER,
    INTERVAL,
    JSON,
    TIMESTAMP,
    TIMESTAMPTZ,
    UNKNOWN,
    VARCHAR,
    ValueType,
    common,
    decimal,
    digits,
    type_of,
    typed,
)

_GREATEST_DIGITS = 38


def numeric(node: exp.Expr) -> exp.Expr:
    """Return a value as a number: text and semi-structured values are converted."""
    kind = type_of(node)
    if kind == JSON:
        return cast(as_text(node), DOUBLE)
    if kind == VARCHAR:
        return _number_of_text(node)
    return node


def super_number(node: exp.Expr) -> exp.Expr:
    """Return a value as a number as Redshift's functions of numbers take it: a SUPER that holds no number is NULL.

    https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#dynamic-typing-lax-processing
    """
    if type_of(node) == JSON:
        return call("rs_super_number", node, exp.Boolean(this=False), kind=DOUBLE)
    return numeric(node)


def _number_of_text(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Literal):
        whole = str(node.this).strip().lstrip("+-")
        if whole.isdigit() and len(whole) < 18:
            return cast(node, BIGINT)
    return cast(node, DOUBLE)


def translate_arithmetic(node: exp.Binary, context: Context) -> exp.Expr:
    """Translate `+`, `-`, `*` and `%`: between numbers, and of dates and intervals.

    https://docs.snowflake.com/en/sql-reference/operators-arithmetic
    """
    left, right = type_of(node.this), type_of(node.expression)
    if isinstance(node, exp.Add | exp.Sub) and (left.is_time_point or right.is_time_point):
        return _moved(node, left, right, context)
    if INTERVAL in (left, right):
        return typed(node, INTERVAL)
    if left == right == BLOB and isinstance(node, exp.Add):
        return typed(exp.DPipe(this=wrapped(node.this), expression=wrapped(node.expression)), BLOB)
    as_number = numeric if context.is_snowflake else super_number
    node.set("this", wrapped(as_number(node.this)))
    node.set("expression", wrapped(as_number(node.expression)))
    left, right = type_of(node.this), type_of(node.expression)
    if isinstance(node, exp.Mod):
        return call("mod", node.this, node.expression, kind=common([left, right]))
    if left.is_exact and right.is_exact:
        return _exact(node, left, right, context)
    return typed(node, DOUBLE if DOUBLE in (left, right) else UNKNOWN)


def _exact(node: exp.Binary, left: ValueType, right: ValueType, context: Context) -> exp.Expr:
    if left.is_integer and right.is_integer:
        kind = common([left, right])
        is_wide = BIGINT in (left, right) or HUGEINT in (left, right)
        if context.is_snowflake and is_wide and _may_be_wider(node):
            wide = exp.Cast(this=node.this, to=exp.DataType.build("HUGEINT", dialect="duckdb"))
            node.set("this", wide)  # its whole numbers have 38 digits
            return typed(node, HUGEINT)
        if kind.name in ("SMALLINT", "INTEGER") and context.is_snowflake:
            kind = BIGINT  # its integers have 38 digits: a sum of small ones must not overflow
            if not _is_short(node):
                node.set("this", exp.Cast(this=node.this, to=exp.DataType.build("BIGINT", dialect="duckdb")))
        elif context.is_snowflake and kind == BIGINT and _literal(node.this) is not None:
            node.set("this", exp.Cast(this=node.this, to=exp.DataType.build("BIGINT", dialect="duckdb")))
        elif kind.name == "SMALLINT":
            kind = INTEGER
        return typed(node, kind)
    scale = left.scale + right.scale if isinstance(node, exp.Mul) else max(left.scale, right.scale)
    whole = digits(left) + digits(right) if isinstance(node, exp.Mul) else max(digits(left), digits(right)) + 1
    if isinstance(node, exp.Mul) and not context.is_snowflake:
        whole += 1  # of p1 and p2 digits p1 + p2 + 1
    if isinstance(node, exp.Mul) and scale > 12 and context.is_snowflake:
        return typed(node, decimal(_GREATEST_DIGITS, scale))
    return typed(node, decimal(whole + scale, scale))


def _is_short(node: exp.Binary) -> bool:
    """Whether both sides are numbers so short that 32 bits hold the result."""
    sides = (_literal(node.this), _literal(node.expression))
    return all(side is not None and len(str(side.this)) < 5 for side in sides)


def _may_be_wider(node: exp.Binary) -> bool:
    """Whether the result of two numbers of 64 bits may need more: of a product, of long numbers, of two columns."""
    if isinstance(node, exp.Mul):
        return True
    sides = [node.this.unnest(), node.expression.unnest()]
    sides = [side.this.unnest() if isinstance(side, exp.Neg) else side for side in sides]
    if any(isinstance(side, exp.Literal) and len(str(side.this)) > 18 for side in sides):
        return True
    return all(isinstance(side, exp.Column) and type_of(side) == BIGINT for side in sides)


def _literal(node: exp.Expr) -> exp.Literal | None:
    """Return the number that is written there, without its sign."""
    inner = node.unnest()
    inner = inner.this.unnest() if isinstance(inner, exp.Neg) else inner
    return inner if isinstance(inner, exp.Literal) else None


def _moved(node: exp.Binary, left: ValueType, right: ValueType, context: Context) -> exp.Expr:
    """Translate date + days, date - date and date + interval."""
    if left.is_time_point and right.is_time_point:
        if left == right == DATE:
            return typed(node, INTEGER)
        node.set("this", moment_of(node.this))
        node.set("expression", moment_of(node.expression))
        return typed(node, INTERVAL)
    point, other = (node.this, node.expression) if left.is_time_point else (node.expression, node.this)
    kind = type_of(point)
    if has_clocks(point):
        local = on_its_clocks(point)
        node.set("this" if left.is_time_point else "expression", local)
        moved_left, moved_right = (TIMESTAMP, right) if left.is_time_point else (left, TIMESTAMP)
        moved_local = _moved(node, moved_left, moved_right, context)
        return on_same_clocks(exp.Paren(this=moved_local), point)
    if type_of(other) == INTERVAL:
        moved = typed(node, kind if kind != DATE else TIMESTAMP)
        is_whole_days = context.is_snowflake and kind == DATE and _is_of_days(other)
        return cast(typed(exp.Paren(this=moved), TIMESTAMP), DATE) if is_whole_days else moved
    written = timetz_text(other)
    if written is not None and kind == DATE:
        return call("rs_date_and_timetz", point, written, kind=TIMESTAMPTZ)
    if type_of(other).name == "TIME":
        return typed(node, TIMESTAMP)
    if not context.is_snowflake and kind != DATE:
        return _moved_by_days(node, point, numeric(other))
    days = cast(numeric(other), INTEGER)
    if left.is_time_point:
        node.set("expression", wrapped(days))
    else:
        node.set("this", wrapped(days))
    return typed(node, kind)


def _moved_by_days(node: exp.Binary, point: exp.Expr, days: exp.Expr) -> exp.Expr:
    """Translate `getdate() - 7` and `sysdate + 0.5`, which count in days.

    https://docs.aws.amazon.com/redshift/latest/dg/r_SYSDATE.html
    """
    parts = exp.Mul(this=wrapped(days), expression=exp.Literal.number(86_400_000_000))
    step = call("to_microseconds", cast(exp.Paren(this=parts), BIGINT))
    made = exp.Sub if isinstance(node, exp.Sub) else exp.Add
    return typed(exp.Paren(this=made(this=wrapped(point), expression=step)), type_of(point))


def _is_of_days(node: exp.Expr) -> bool:
    words = " ".join(str(each.this).lower() for each in node.find_all(exp.Literal, exp.Var))
    return not any(unit in words for unit in ("hour", "minute", "second", "hh", "ms", "time", "mi"))


def translate_division(node: exp.Div, context: Context) -> exp.Expr:
    """Translate `/`: of two integers whole in Redshift, exact numbers with the warehouse's digits otherwise.

    https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html
    https://docs.snowflake.com/en/sql-reference/operators-arithmetic#division
    """
    return divided(node.this, node.expression, context)


def divided(over: exp.Expr, under: exp.Expr, context: Context) -> exp.Expr:
    """Return the quotient of two translated values."""
    as_number = numeric if context.is_snowflake else super_number
    over, under = wrapped(as_number(over)), wrapped(as_number(under))
    left, right = type_of(over), type_of(under)
    if INTERVAL in (left, right):
        return typed(exp.Div(this=over, expression=under), INTERVAL)
    if left.is_exact and right.is_exact:
        if left.is_integer and right.is_integer and not context.is_snowflake:
            return call("dw_divide_whole", over, under, kind=common([left, right]))
        scale = _quotient_scale(left, right, context)
        fits = digits(left) + right.scale + scale if not context.is_snowflake else _GREATEST_DIGITS
        whole = decimal(fits, scale)
        multipliers = (number(10**left.scale), number(10**right.scale))
        sizes = (number(10 ** (scale + right.scale)), number(10**left.scale))
        is_narrow = max(digits(left), digits(right)) + left.scale + right.scale + scale <= _GREATEST_DIGITS - 1
        name = "dw_divide_exact" if is_narrow else "dw_divide_wide"
        return scaled(call(name, over, under, *multipliers, *sizes, kind=HUGEINT), whole)
    if DOUBLE in (left, right) and left.is_number and right.is_number:
        return call("dw_divide_float", over, under, kind=DOUBLE)
    return call("sf_divide_any" if context.is_snowflake else "rs_divide_any", over, under, kind=UNKNOWN)


def scaled(units: exp.Expr, kind: ValueType) -> exp.Expr:
    """Return a whole number of the last digit of a DECIMAL as that DECIMAL."""
    if not kind.scale:
        return cast(units, kind)
    unit = exp.Literal.number("0." + "0" * (kind.scale - 1) + "1")
    product = exp.Mul(this=cast(units, decimal(_GREATEST_DIGITS, 0)), expression=unit)
    return typed(exp.Paren(this=typed(product, kind)), kind)


def _quotient_scale(left: ValueType, right: ValueType, context: Context) -> int:
    if context.is_snowflake:
        return max(left.scale, min(left.scale + 6, 12))
    precision = digits(right) + right.scale if right.name == "DECIMAL" else digits(right)
    scale = max(4, left.scale + precision - right.scale + 1)
    whole = digits(left) + right.scale
    return max(4, min(scale, _GREATEST_DIGITS - whole)) if whole + scale > _GREATEST_DIGITS else scale
