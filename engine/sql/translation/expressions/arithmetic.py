"""Arithmetic: result types, overflow, and dates plus or minus numbers and intervals.

The division of exact numbers is exact, with the warehouse's own number of digits.
"""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.tree.nodes import as_text, call, cast, drop_offset, number, wrap
from engine.sql.translation.tree.timestamp_offsets import from_local_time, has_offset, timetz_text, to_local_time
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
    common_type,
    decimal,
    set_type,
    type_of,
    whole_digits,
)

_MAX_DIGITS = 38


def to_numeric(node: exp.Expr) -> exp.Expr:
    """Convert a text or semi-structured value to a number."""
    kind = type_of(node)
    if kind == JSON:
        return cast(as_text(node), DOUBLE)
    if kind == VARCHAR:
        return _text_to_number(node)
    return node


def super_to_numeric(node: exp.Expr) -> exp.Expr:
    """Convert a value to a number as Redshift's numeric functions do: a SUPER that is not a number is NULL.

    https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#dynamic-typing-lax-processing
    """
    if type_of(node) == JSON:
        return call("rs_super_number", node, exp.Boolean(this=False), kind=DOUBLE)
    return to_numeric(node)


def _text_to_number(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Literal):
        whole = str(node.this).strip().lstrip("+-")
        if whole.isdigit() and len(whole) < 18:
            return cast(node, BIGINT)
    return cast(node, DOUBLE)


def translate_arithmetic(node: exp.Binary, context: Context) -> exp.Expr:
    """Translate `+`, `-`, `*` and `%` of numbers, dates and intervals.

    https://docs.snowflake.com/en/sql-reference/operators-arithmetic
    """
    left, right = type_of(node.this), type_of(node.expression)
    if isinstance(node, exp.Add | exp.Sub) and (left.is_time_point or right.is_time_point):
        return _move(node, left, right, context)
    if INTERVAL in (left, right):
        return set_type(node, INTERVAL)
    if left == right == BLOB and isinstance(node, exp.Add):
        return set_type(exp.DPipe(this=wrap(node.this), expression=wrap(node.expression)), BLOB)
    as_number = to_numeric if context.is_snowflake else super_to_numeric
    node.set("this", wrap(as_number(node.this)))
    node.set("expression", wrap(as_number(node.expression)))
    left, right = type_of(node.this), type_of(node.expression)
    if isinstance(node, exp.Mod):
        return call("mod", node.this, node.expression, kind=common_type([left, right]))
    if left.is_exact and right.is_exact:
        return _type_exact(node, left, right, context)
    return set_type(node, DOUBLE if DOUBLE in (left, right) else UNKNOWN)


def _type_exact(node: exp.Binary, left: ValueType, right: ValueType, context: Context) -> exp.Expr:
    if left.is_integer and right.is_integer:
        kind = common_type([left, right])
        is_wide = BIGINT in (left, right) or HUGEINT in (left, right)
        if context.is_snowflake and is_wide and _can_be_wider(node):
            wide = exp.Cast(this=node.this, to=exp.DataType.build("HUGEINT", dialect="duckdb"))
            node.set("this", wide)  # Snowflake's integers have 38 digits
            return set_type(node, HUGEINT)
        if kind.name in ("SMALLINT", "INTEGER") and context.is_snowflake:
            kind = BIGINT  # Snowflake's integers have 38 digits: a sum of small ones must not overflow
            if not _is_short(node):
                node.set("this", exp.Cast(this=node.this, to=exp.DataType.build("BIGINT", dialect="duckdb")))
        elif context.is_snowflake and kind == BIGINT and _literal(node.this) is not None:
            node.set("this", exp.Cast(this=node.this, to=exp.DataType.build("BIGINT", dialect="duckdb")))
        elif kind.name == "SMALLINT":
            kind = INTEGER
        return set_type(node, kind)
    scale = left.scale + right.scale if isinstance(node, exp.Mul) else max(left.scale, right.scale)
    both = (whole_digits(left), whole_digits(right))
    whole = sum(both) if isinstance(node, exp.Mul) else max(both) + 1
    if isinstance(node, exp.Mul) and not context.is_snowflake:
        whole += 1  # p1 and p2 digits give p1 + p2 + 1
    if isinstance(node, exp.Mul) and scale > 12 and context.is_snowflake:
        return set_type(node, decimal(_MAX_DIGITS, scale))
    return set_type(node, decimal(whole + scale, scale))


def _is_short(node: exp.Binary) -> bool:
    """Whether both sides are literals so short that the result fits 32 bits."""
    sides = (_literal(node.this), _literal(node.expression))
    return all(side is not None and len(str(side.this)) < 5 for side in sides)


def _can_be_wider(node: exp.Binary) -> bool:
    """Whether the result of two 64-bit numbers may need more bits: a product, long literals, two columns."""
    if isinstance(node, exp.Mul):
        return True
    sides = [node.this.unnest(), node.expression.unnest()]
    sides = [side.this.unnest() if isinstance(side, exp.Neg) else side for side in sides]
    if any(isinstance(side, exp.Literal) and len(str(side.this)) > 18 for side in sides):
        return True
    return all(isinstance(side, exp.Column) and type_of(side) == BIGINT for side in sides)


def _literal(node: exp.Expr) -> exp.Literal | None:
    """Return the numeric literal without its sign."""
    inner = node.unnest()
    inner = inner.this.unnest() if isinstance(inner, exp.Neg) else inner
    return inner if isinstance(inner, exp.Literal) else None


def _move(node: exp.Binary, left: ValueType, right: ValueType, context: Context) -> exp.Expr:
    """Translate date + days, date - date and date + interval."""
    if left.is_time_point and right.is_time_point:
        if left == right == DATE:
            return set_type(node, INTEGER)
        node.set("this", drop_offset(node.this))
        node.set("expression", drop_offset(node.expression))
        return set_type(node, INTERVAL)
    point, other = (node.this, node.expression) if left.is_time_point else (node.expression, node.this)
    kind = type_of(point)
    if has_offset(point):
        local = to_local_time(point)
        node.set("this" if left.is_time_point else "expression", local)
        moved_left, moved_right = (TIMESTAMP, right) if left.is_time_point else (left, TIMESTAMP)
        moved_local = _move(node, moved_left, moved_right, context)
        return from_local_time(exp.Paren(this=moved_local), point)
    if type_of(other) == INTERVAL:
        moved = set_type(node, kind if kind != DATE else TIMESTAMP)
        is_whole_days = context.is_snowflake and kind == DATE and _is_of_days(other)
        return cast(set_type(exp.Paren(this=moved), TIMESTAMP), DATE) if is_whole_days else moved
    literal = timetz_text(other)
    if literal is not None and kind == DATE:
        return call("rs_date_and_timetz", point, literal, kind=TIMESTAMPTZ)
    if type_of(other).name == "TIME":
        return set_type(node, TIMESTAMP)
    if not context.is_snowflake and kind != DATE:
        return _move_by_days(node, point, to_numeric(other))
    days = cast(to_numeric(other), INTEGER)
    if left.is_time_point:
        node.set("expression", wrap(days))
    else:
        node.set("this", wrap(days))
    return set_type(node, kind)


def _move_by_days(node: exp.Binary, point: exp.Expr, days: exp.Expr) -> exp.Expr:
    """Translate `getdate() - 7` and `sysdate + 0.5`, whose unit is days.

    https://docs.aws.amazon.com/redshift/latest/dg/r_SYSDATE.html
    """
    parts = exp.Mul(this=wrap(days), expression=exp.Literal.number(86_400_000_000))
    step = call("to_microseconds", cast(exp.Paren(this=parts), BIGINT))
    result = exp.Sub if isinstance(node, exp.Sub) else exp.Add
    return set_type(exp.Paren(this=result(this=wrap(point), expression=step)), type_of(point))


def _is_of_days(node: exp.Expr) -> bool:
    words = " ".join(str(each.this).lower() for each in node.find_all(exp.Literal, exp.Var))
    return not any(unit in words for unit in ("hour", "minute", "second", "hh", "ms", "time", "mi"))


def translate_division(node: exp.Div, context: Context) -> exp.Expr:
    """Translate `/`: integer division of integers in Redshift, else exact numbers with the warehouse's digits.

    https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html
    https://docs.snowflake.com/en/sql-reference/operators-arithmetic#division
    """
    return divide(node.this, node.expression, context)


def divide(over: exp.Expr, under: exp.Expr, context: Context) -> exp.Expr:
    """Return the quotient of two translated values."""
    as_number = to_numeric if context.is_snowflake else super_to_numeric
    over, under = wrap(as_number(over)), wrap(as_number(under))
    left, right = type_of(over), type_of(under)
    if INTERVAL in (left, right):
        return set_type(exp.Div(this=over, expression=under), INTERVAL)
    if left.is_exact and right.is_exact:
        if left.is_integer and right.is_integer and not context.is_snowflake:
            return call("dw_divide_whole", over, under, kind=common_type([left, right]))
        scale = _quotient_scale(left, right, context)
        fits = whole_digits(left) + right.scale + scale if not context.is_snowflake else _MAX_DIGITS
        whole = decimal(fits, scale)
        multipliers = (number(10**left.scale), number(10**right.scale))
        sizes = (number(10 ** (scale + right.scale)), number(10**left.scale))
        is_narrow = max(whole_digits(left), whole_digits(right)) + left.scale + right.scale + scale <= _MAX_DIGITS - 1
        name = "dw_divide_exact" if is_narrow else "dw_divide_wide"
        return scale_units(call(name, over, under, *multipliers, *sizes, kind=HUGEINT), whole)
    if DOUBLE in (left, right) and left.is_number and right.is_number:
        return call("dw_divide_float", over, under, kind=DOUBLE)
    return call("sf_divide_any" if context.is_snowflake else "rs_divide_any", over, under, kind=UNKNOWN)


def scale_units(units: exp.Expr, kind: ValueType) -> exp.Expr:
    """Convert a number of units of the last decimal digit to a DECIMAL."""
    if not kind.scale:
        return cast(units, kind)
    unit = exp.Literal.number("0." + "0" * (kind.scale - 1) + "1")
    product = exp.Mul(this=cast(units, decimal(_MAX_DIGITS, 0)), expression=unit)
    return set_type(exp.Paren(this=set_type(product, kind)), kind)


def _quotient_scale(left: ValueType, right: ValueType, context: Context) -> int:
    if context.is_snowflake:
        return max(left.scale, min(left.scale + 6, 12))
    precision = whole_digits(right) + right.scale if right.name == "DECIMAL" else whole_digits(right)
    scale = max(4, left.scale + precision - right.scale + 1)
    whole = whole_digits(left) + right.scale
    return max(4, min(scale, _MAX_DIGITS - whole)) if whole + scale > _MAX_DIGITS else scale
