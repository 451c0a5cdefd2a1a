"""The rewrite of each node type."""

from __future__ import annotations

import re

from sqlglot import exp

from engine.sql.translation.expressions import arithmetic, casts, columns, memberships, operators, patterns
from engine.sql.translation.functions import (
    aggregates,
    date_parts,
    objects,
    rewrites,
    session_values,
    windows,
    zone_changes,
)
from engine.sql.translation.functions.calls import translate_call
from engine.sql.translation.padding.trailing_blanks import to_comparable
from engine.sql.translation.tree.nodes import call, cast, text, wrap
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.sort_keys import sort_key
from engine.sql.translation.tree.timestamp_offsets import as_common
from engine.sql.translation.tree.translator import Context, Rewrite
from engine.sql.translation.tree.value_types import (
    BLOB,
    BOOLEAN,
    DOUBLE,
    INTERVAL,
    JSON,
    NULL,
    common_type,
    literal_type,
    set_type,
    type_of,
)


def translate_literal(node: exp.Literal, context: Context) -> exp.Expr:
    """Set the type of a literal; one with a decimal point stays exact."""
    return set_type(node, literal_type(node))


def translate_interval(node: exp.Interval, context: Context) -> exp.Expr:
    """Translate INTERVAL '1 day, 2 hours'.

    https://docs.snowflake.com/en/sql-reference/data-types-datetime#interval-constants
    """
    unit = node.args.get("unit")
    if isinstance(unit, exp.IntervalSpan) or (node.this and _BETWEEN.fullmatch(node.this.name)):
        return cast(text(_expand_span(node.this.name if node.this else "", unit)), INTERVAL)
    written = " ".join(part for part in (node.this.name if node.this else "", unit.name if unit else "") if part)
    number = node.this
    if number is not None and not isinstance(number, exp.Literal):
        raise UntranslatableError(node, "INTERVAL takes a string.")
    return set_type(exp.Cast(this=text(_expand_units(written)), to=exp.DataType(this=exp.DType.INTERVAL)), INTERVAL)


_UNIT_NAMES = {
    "mon": "months", "mons": "months", "mm": "months", "y": "years", "yy": "years", "yr": "years", "yrs": "years",
    "yyyy": "years", "d": "days", "dd": "days", "h": "hours", "hh": "hours", "hr": "hours", "hrs": "hours",
    "m": "minutes", "mi": "minutes", "min": "minutes", "mins": "minutes", "s": "seconds", "sec": "seconds",
    "secs": "seconds", "w": "weeks", "wk": "weeks", "q": "quarters", "qtr": "quarters", "qtrs": "quarters",
    "ms": "milliseconds", "msec": "milliseconds", "us": "microseconds", "usec": "microseconds",
}  # fmt: skip


_BETWEEN = re.compile(r"[+-]?\d+-\d+")
_CLOCK = ("HOUR", "MINUTE", "SECOND")


def _expand_span(written: str, unit: exp.Expr | None) -> str:
    """Spell out the units of `'1-2' YEAR TO MONTH` and `'1 10:30' DAY TO MINUTE`.

    https://docs.aws.amazon.com/redshift/latest/dg/r_interval_data_types.html
    """
    written = written.strip()
    if any(each.isalpha() for each in written):
        return _expand_units(written)
    if _BETWEEN.fullmatch(written):
        sign = "-" if written.startswith("-") else ""
        years, months = written.lstrip("+-").split("-")
        return f"{sign}{years} years {sign}{months} months"
    first, last = (each.name.upper() for each in (unit.this, unit.expression)) if unit is not None else ("", "")
    days, _, clock = written.rpartition(" ") if first == "DAY" else ("", "", written)
    begins = _CLOCK.index("HOUR" if first == "DAY" else first) if first in (*_CLOCK, "DAY") else 0
    ends = _CLOCK.index(last) if last in _CLOCK else 0
    names = _CLOCK[begins : ends + 1]
    sign = "-" if written.startswith("-") else ""
    parts = [f"{sign}{value} {name}S" for value, name in zip(clock.lstrip("-").split(":"), names, strict=False)]
    return " ".join([f"{days} DAYS", *parts] if days else parts)


def _expand_units(written: str) -> str:
    words = written.replace(",", " ").split()
    return " ".join(_UNIT_NAMES.get(word.lower(), word) for word in words)


def mark_boolean(node: exp.Expr, context: Context) -> exp.Expr:
    """Mark the result as a boolean."""
    return set_type(node, BOOLEAN)


def translate_negation(node: exp.Neg, context: Context) -> exp.Expr:
    """Translate `-x`."""
    as_number = arithmetic.to_numeric if context.is_snowflake else arithmetic.super_to_numeric
    node.set("this", as_number(node.this))
    return set_type(node, type_of(node.this))


def translate_bitwise(node: exp.Binary, context: Context) -> exp.Expr:
    """Translate `&`, `|`, `#`, `<<` and `>>` of integers and bytes.

    https://docs.aws.amazon.com/redshift/latest/dg/r_OPERATOR_SYMBOLS.html
    """
    if BLOB in (type_of(node.this), type_of(node.expression)) and type(node) in _OF_BYTES:
        return call("rs_byte_bits", node.this, node.expression, text(_OF_BYTES[type(node)]), kind=BLOB)
    return set_type(node, common_type([type_of(node.this), type_of(node.expression)]))


_OF_BYTES: dict[type[exp.Expr], str] = {exp.BitwiseAnd: "and", exp.BitwiseOr: "or", exp.BitwiseXor: "xor"}


def translate_bitwise_not(node: exp.BitwiseNot, context: Context) -> exp.Expr:
    """Translate `~x` of integers and bytes.

    https://docs.aws.amazon.com/redshift/latest/dg/r_VARBYTE_OPERATORS.html
    """
    kind = type_of(node.this)
    if kind != BLOB:
        return set_type(node, kind)
    bits = exp.Cast(this=node.this, to=exp.DataType(this=exp.DType.BIT))
    return cast(exp.Paren(this=exp.BitwiseNot(this=bits)), BLOB)


def translate_cube_root(node: exp.Cbrt, context: Context) -> exp.Expr:
    """Translate `||/ x`."""
    return call("dw_cbrt", cast(arithmetic.to_numeric(node.this), DOUBLE), kind=DOUBLE)


def translate_power(node: exp.Pow, context: Context) -> exp.Expr:
    """Translate `a ^ b`.

    https://docs.aws.amazon.com/redshift/latest/dg/r_OPERATOR_SYMBOLS.html
    """
    sides = (arithmetic.to_numeric(node.this), arithmetic.to_numeric(node.expression))
    return call("power", *(cast(side, DOUBLE) for side in sides), kind=DOUBLE)


def translate_square_root(node: exp.Sqrt, context: Context) -> exp.Expr:
    """Translate `|/ x`."""
    return call("dw_sqrt", cast(arithmetic.to_numeric(node.this), DOUBLE), kind=DOUBLE)


def translate_try_boolean(node: exp.ToBoolean, context: Context) -> exp.Expr:
    """Translate TRY_CAST(text AS BOOLEAN), which the grammar parses as a separate function.

    https://docs.snowflake.com/en/sql-reference/functions/try_cast
    """
    return casts.to_kind(node.this, BOOLEAN, is_safe=bool(node.args.get("safe")))


def translate_case(node: exp.Case, context: Context) -> exp.Expr:
    """Translate CASE; with a value after CASE, each branch is compared with it."""
    head = node.this
    branches = node.args["ifs"]
    if head is not None:
        is_mixed = JSON in map(type_of, (head, *(branch.this for branch in branches)))
        for branch in branches:
            left, right = operators.match_types(head.copy(), branch.this)
            matching = exp.EQ(this=wrap(left), expression=wrap(right)) if is_mixed else to_comparable(right, context)
            branch.set("this", matching)
        node.set("this", None if is_mixed else to_comparable(head, context))
    default = node.args.get("default")
    values = [*(branch.args["true"] for branch in branches), *([default] if default else [])]
    values = as_common(values, is_snowflake=context.is_snowflake)
    for branch, value in zip(branches, values, strict=False):
        branch.set("true", value)
    if default is not None:
        node.set("default", values[-1])
    return set_type(node, common_type([type_of(value) for value in values]))


def translate_ordered(node: exp.Ordered, context: Context) -> exp.Expr:
    """Order semi-structured values by their sort keys."""
    kind = type_of(node.this)
    node.set("this", sort_key(node.this))
    return set_type(node, kind)


BEFORE: dict[type[exp.Expr], Rewrite] = {
    exp.Anonymous: translate_call,
    exp.Column: columns.translate_column,
    exp.JSONExtract: columns.translate_path,
    exp.Cast: casts.translate_cast,
    exp.TryCast: casts.translate_try_cast,
    exp.Extract: date_parts.extract,
    exp.Interval: translate_interval,
    exp.Parameter: columns.translate_parameter,
    exp.Substring: rewrites.substring,
    exp.ObjectTransform: objects.object_transform,
    exp.StrPosition: rewrites.position,
    exp.Trim: rewrites.trim,
    exp.Array: rewrites.literal_array,
    exp.Struct: rewrites.literal_object,
    exp.CurrentTimestamp: session_values.now,
    exp.Localtimestamp: session_values.now,
    exp.CurrentDate: session_values.today,
    exp.CurrentTime: session_values.clock,
    exp.Localtime: session_values.clock,
    exp.CurrentUser: session_values.session_name("user"),
    exp.SessionUser: session_values.session_name("user"),
    exp.CurrentRole: session_values.session_name("role"),
    exp.CurrentCatalog: session_values.database_name,
    exp.CurrentSchema: session_values.schema_name,
}
_BITWISE = (exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor, exp.BitwiseLeftShift, exp.BitwiseRightShift)
_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.NullSafeNEQ)
AFTER: dict[type[exp.Expr], Rewrite] = {
    exp.Literal: translate_literal,
    exp.HexString: lambda node, context: set_type(node, BLOB),
    exp.Null: lambda node, context: set_type(node, NULL),
    exp.Boolean: lambda node, context: set_type(node, BOOLEAN),
    exp.Case: translate_case,
    exp.Ordered: translate_ordered,
    exp.Neg: translate_negation,
    exp.Cbrt: translate_cube_root,
    exp.Sqrt: translate_square_root,
    exp.Pow: translate_power,
    exp.ToBoolean: translate_try_boolean,
    **dict.fromkeys(_BITWISE, translate_bitwise),
    exp.BitwiseNot: translate_bitwise_not,
    exp.Dot: columns.translate_dot,
    exp.Bracket: columns.translate_bracket,
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.Mod), arithmetic.translate_arithmetic),
    exp.Div: arithmetic.translate_division,
    **dict.fromkeys(_COMPARISONS, memberships.translate_comparison),
    exp.DPipe: operators.translate_concatenation,
    exp.Concat: operators.translate_adjacent,
    exp.In: memberships.translate_in,
    exp.Between: operators.translate_between,
    exp.Is: operators.translate_is,
    **dict.fromkeys((exp.And, exp.Or, exp.Not), operators.translate_boolean),
    exp.Exists: mark_boolean,
    exp.Like: patterns.translate_like,
    exp.ILike: patterns.translate_like,
    exp.Escape: patterns.translate_escape,
    exp.Collate: operators.translate_collate,
    exp.SimilarTo: patterns.translate_similar,
    exp.RegexpLike: patterns.translate_regexp,
    exp.RegexpILike: patterns.translate_regexp,
    exp.AtTimeZone: zone_changes.at_time_zone,
    exp.WithinGroup: aggregates.within_group,
    exp.IgnoreNulls: windows.ignore_nulls,
    exp.RespectNulls: windows.respect_nulls,
    exp.Window: windows.window,
}
