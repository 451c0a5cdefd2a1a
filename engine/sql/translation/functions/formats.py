"""Conversions with a format: TO_CHAR, TO_DATE, TO_TIMESTAMP, TO_NUMBER, their TRY_ variants and aliases.

https://docs.aws.amazon.com/redshift/latest/dg/r_Data_type_formatting.html
https://docs.snowflake.com/en/sql-reference/functions-conversion
"""

from __future__ import annotations

import re

from sqlglot import exp

from engine.sql.translation.expressions import casts
from engine.sql.translation.expressions.arithmetic import to_numeric
from engine.sql.translation.functions.number_formats import format_number, read_number
from engine.sql.translation.functions.time_formats import find_date_positions, format_time, read_pattern
from engine.sql.translation.tree.nodes import as_text, call, cast, literal_integer, literal_text, number, text
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.timestamp_offsets import as_display_text, has_offset, offset_seconds, to_local_time
from engine.sql.translation.tree.translator import Context, Rewrite
from engine.sql.translation.tree.value_types import (
    BLOB,
    DATE,
    DOUBLE,
    INTERVAL,
    JSON,
    PAIRED,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    VARCHAR,
    ValueType,
    type_of,
)


def _translate_arguments(node: exp.Anonymous, context: Context, max_count: int = 4) -> list[exp.Expr]:
    if not 1 <= len(node.expressions) <= max_count:
        raise UntranslatableError(node, f"{node.name.upper()} does not take {len(node.expressions)} arguments.")
    return [context.translator.translate(each, context) for each in node.expressions]


def _read_pattern(node: exp.Expr, what: exp.Anonymous) -> str:
    pattern = literal_text(node)
    if pattern is None:
        raise UntranslatableError(what, f"The format of {what.name.upper()} must be a string, not an expression.")
    return pattern


def to_char(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate TO_CHAR and TO_VARCHAR of dates, times and numbers.

    https://docs.aws.amazon.com/redshift/latest/dg/r_TO_CHAR.html
    https://docs.snowflake.com/en/sql-reference/functions/to_char
    """
    arguments = _translate_arguments(node, context, 2)
    value = arguments[0]
    kind = type_of(value)
    if len(arguments) == 1:
        return as_display_text(value, is_snowflake=context.is_snowflake)
    pattern = _read_pattern(arguments[1], node)
    if kind == BLOB:
        return call("sf_bytes_text", value, text(pattern.upper()), kind=VARCHAR)
    if kind == JSON or (kind == VARCHAR and not context.is_snowflake):
        value, kind = casts.to_kind(value, TIMESTAMP), TIMESTAMP
    if kind == VARCHAR:
        raise UntranslatableError(node, "TO_CHAR with a format takes a date, time or number, not a string.")
    if kind == TIME:
        value = cast(exp.Add(this=cast(text("2000-01-01"), DATE), expression=value), TIMESTAMP)
    if kind.is_time_point or kind == TIME:
        if kind == TIMESTAMPTZ and has_offset(value) and _ZONE_PART.search(pattern):
            return _format_with_offset(value, pattern, context)
        if kind == TIMESTAMPTZ:
            value = to_local_time(value)
        return format_time(value, pattern, context.dialect)
    if kind == INTERVAL:
        raise UntranslatableError(node, "TO_CHAR of an interval is not supported.")
    if kind.is_number:
        return format_number(value, pattern, node)
    looks_like_time = any(part in pattern.upper() for part in ("YY", "MM", "DD", "HH", "MI", "SS", "MON", "DAY", "DY"))
    return (
        format_time(cast(value, TIMESTAMP), pattern, context.dialect)
        if looks_like_time
        else format_number(value, pattern, node)
    )


_ZONE_PART = re.compile(r"TZH(:?)(TZM)?", re.IGNORECASE)


def _format_with_offset(value: exp.Expr, pattern: str, context: Context) -> exp.Expr:
    """Format a timestamp with a known offset, and the offset where the pattern has it."""
    parts: list[exp.Expr] = []
    at = 0
    for match in _ZONE_PART.finditer(pattern):
        if match.start() > at:
            parts.append(format_time(to_local_time(value), pattern[at : match.start()], context.dialect))
        offset = call("sf_offset_text", offset_seconds(value), text(match[1]), kind=VARCHAR)
        parts.append(offset if match[2] else call("left", offset, number(3), kind=VARCHAR))
        at = match.end()
    if at < len(pattern):
        parts.append(format_time(to_local_time(value), pattern[at:], context.dialect))
    return call("concat", *parts, kind=VARCHAR)


def _to_time_point(kind: ValueType, *, is_safe: bool = False) -> Rewrite:
    def rewrite(node: exp.Anonymous, context: Context) -> exp.Expr:
        arguments = _translate_arguments(node, context, 3)
        value = as_text(arguments[0]) if type_of(arguments[0]) == JSON else arguments[0]
        is_tz = context.is_snowflake and node.name.upper().endswith("_TZ")
        if len(arguments) == 1 or literal_text(arguments[1]) in ("AUTO", "auto"):
            return (
                casts.to_timestamptz(value, is_safe=is_safe) if is_tz else casts.to_kind(value, kind, is_safe=is_safe)
            )
        if not context.is_snowflake and type_of(value).is_time_point:
            value = format_time(cast(value, TIMESTAMP), _read_pattern(arguments[1], node), context.dialect)
        places = literal_integer(arguments[1])
        if places is not None:
            return cast(call("dw_timestamp_scaled", to_numeric(value), arguments[1], kind=TIMESTAMP), kind)
        pattern = _read_pattern(arguments[1], node)
        if pattern == "epoch":
            return cast(call("to_timestamp", to_numeric(value)), kind)
        if kind == DATE and not context.is_snowflake and not (len(arguments) > 2 and _is_true(arguments[2])):
            rolled = find_date_positions(pattern)
            if rolled is not None:
                expression, *places_of_parts = rolled
                parts = [number(place) for place in places_of_parts]
                return call("rs_rolled_date", as_text(value), text(expression), *parts, kind=DATE)
        codes = text(read_pattern(pattern, context.dialect, node))
        if kind == TIMESTAMPTZ and not context.is_snowflake and "%H:%M" in str(codes.this):
            is_strict = len(arguments) > 2 and _is_true(arguments[2])
            if not is_strict:
                return cast(call("rs_rolled_time", as_text(value), codes, kind=TIMESTAMP), kind)
        parse = "try_strptime" if is_safe else "strptime"
        result = call(parse, as_text(value), codes, kind=TIMESTAMPTZ if "%z" in str(codes.this) else TIMESTAMP)
        if is_tz and "%z" in str(codes.this):
            if not str(codes.this).endswith("%z"):
                message = f"{node.name.upper()} reads an offset only at the end of a string."
                raise UntranslatableError(node, message, "Put the offset at the end, or cast to TIMESTAMP_NTZ.")
            return call("sf_read_pair", result, as_text(value).copy(), text(""), kind=PAIRED)
        return cast(result, kind)

    return rewrite


def _is_true(node: exp.Expr) -> bool:
    return isinstance(node, exp.Boolean) and bool(node.this)


def to_number(*, is_safe: bool = False) -> Rewrite:
    """Return the rewrite of TO_NUMBER(text[, format][, precision[, scale]]).

    https://docs.aws.amazon.com/redshift/latest/dg/r_TO_NUMBER.html
    https://docs.snowflake.com/en/sql-reference/functions/to_decimal
    """

    def rewrite(node: exp.Anonymous, context: Context) -> exp.Expr:
        arguments = _translate_arguments(node, context)
        value = as_text(arguments[0]) if type_of(arguments[0]) == JSON else arguments[0]
        rest = arguments[1:]
        pattern = _read_pattern(rest.pop(0), node) if rest and literal_integer(rest[0]) is None else None
        sizes = [literal_integer(each) for each in rest]
        scale = sizes[1] if len(sizes) > 1 and sizes[1] is not None else 0
        precision = sizes[0] if sizes and sizes[0] is not None else 38
        if pattern is None:
            return casts.to_decimal(value, precision, scale, is_safe=is_safe)
        result = read_number(as_text(value), pattern, node)
        return (
            casts.to_decimal(result, precision, scale)
            if sizes
            else (casts.to_decimal(result, 38, 0) if context.is_snowflake else result)
        )

    return rewrite


def to_double(*, is_safe: bool = False) -> Rewrite:
    """Return the rewrite of TO_DOUBLE(value[, format]).

    https://docs.snowflake.com/en/sql-reference/functions/to_double
    """

    def rewrite(node: exp.Anonymous, context: Context) -> exp.Expr:
        arguments = _translate_arguments(node, context, 2)
        if len(arguments) == 2:
            return cast(
                read_number(as_text(arguments[0]), _read_pattern(arguments[1], node), node), DOUBLE, is_safe=is_safe
            )
        return casts.to_kind(arguments[0], DOUBLE, is_safe=is_safe)

    return rewrite


SHARED: dict[str, Rewrite] = {
    "TO_CHAR": to_char,
    "TO_DATE": _to_time_point(DATE),
    "TO_NUMBER": to_number(),
}
REDSHIFT_REWRITES: dict[str, Rewrite] = {**SHARED, "TO_TIMESTAMP": _to_time_point(TIMESTAMPTZ)}
SNOWFLAKE_REWRITES: dict[str, Rewrite] = {
    **SHARED,
    "TO_VARCHAR": to_char,
    **dict.fromkeys(("TO_DOUBLE", "TO_DECFLOAT"), to_double()),
    **dict.fromkeys(("TRY_TO_DOUBLE", "TRY_TO_DECFLOAT"), to_double(is_safe=True)),
    "DATE": _to_time_point(DATE),
    "TRY_TO_DATE": _to_time_point(DATE, is_safe=True),
    "TO_DECIMAL": to_number(),
    "TO_NUMERIC": to_number(),
    "TRY_TO_NUMBER": to_number(is_safe=True),
    "TRY_TO_DECIMAL": to_number(is_safe=True),
    "TRY_TO_NUMERIC": to_number(is_safe=True),
    "TO_TIME": _to_time_point(TIME),
    "TIME": _to_time_point(TIME),
    "TRY_TO_TIME": _to_time_point(TIME, is_safe=True),
    "TO_TIMESTAMP": _to_time_point(TIMESTAMP),
    "TO_TIMESTAMP_NTZ": _to_time_point(TIMESTAMP),
    "TRY_TO_TIMESTAMP": _to_time_point(TIMESTAMP, is_safe=True),
    "TRY_TO_TIMESTAMP_NTZ": _to_time_point(TIMESTAMP, is_safe=True),
    "TO_TIMESTAMP_TZ": _to_time_point(TIMESTAMPTZ),
    "TO_TIMESTAMP_LTZ": _to_time_point(TIMESTAMPTZ),
    "TRY_TO_TIMESTAMP_TZ": _to_time_point(TIMESTAMPTZ, is_safe=True),
    "TRY_TO_TIMESTAMP_LTZ": _to_time_point(TIMESTAMPTZ, is_safe=True),
}
HELPERS = """
create macro rs_rolled_date(a, pattern, y, m, d) as case when regexp_full_match(trim(a), pattern)
    then (make_date(regexp_extract(trim(a), pattern, y)::integer, 1, 1)
    + to_months(regexp_extract(trim(a), pattern, m)::integer - 1)
    + to_days(regexp_extract(trim(a), pattern, d)::integer - 1))::date
    when a is not null then dw_raise('The text ' || a || ' has another format than TO_DATE says') end;
create macro rs_rolled_time(a, codes) as case when regexp_matches(a, '(^|[^0-9])24:\\d\\d') then
    strptime(regexp_replace(a, '(^|[^0-9])24:(\\d\\d)', '\\100:\\2'), codes) + to_days(1) else strptime(a, codes) end;
create macro sf_bytes_text(a, form) as case form when 'HEX' then hex(a) when 'BASE64' then to_base64(a)
    else decode(a) end;
create macro dw_timestamp_scaled(a, places) as make_timestamp((a * 1000000::decimal(7, 0) / power(10, places))::bigint);
"""
