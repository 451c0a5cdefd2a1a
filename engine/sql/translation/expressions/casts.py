"""CAST, `::` and TRY_CAST: the warehouses' types as DuckDB's, with the warehouses' conversions."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from engine.sql.translation.tree.nodes import (
    as_json,
    as_text,
    call,
    cast,
    current_day,
    drop_offset,
    literal_text,
    number,
    text,
)
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.timestamp_offsets import (
    as_display_text,
    as_variant,
    find_zone,
    has_offset,
    mark_timetz,
    parse_pair,
    read_zone,
    set_zone,
    to_local_time,
)
from engine.sql.translation.tree.translator import Context
from engine.sql.translation.tree.value_types import (
    BIGINT,
    BLOB,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    INTERVAL,
    JSON,
    SMALLINT,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    TRIMMED,
    VARCHAR,
    ValueType,
    decimal,
    set_type,
    type_of,
)

_T = exp.DType
_DECIMALS = frozenset({_T.DECIMAL, _T.BIGDECIMAL, _T.DECIMAL32, _T.DECIMAL64, _T.DECIMAL128})
_INTEGERS = frozenset({_T.TINYINT, _T.SMALLINT, _T.INT, _T.BIGINT, _T.MEDIUMINT, _T.INT128, _T.UTINYINT})
_TEXTS = frozenset({_T.VARCHAR, _T.TEXT, _T.CHAR, _T.NCHAR, _T.NVARCHAR, _T.BPCHAR, _T.NAME})
_FIXED = frozenset({_T.CHAR, _T.NCHAR, _T.BPCHAR})
_OTHERS = {
    _T.FLOAT: DOUBLE,
    _T.DOUBLE: DOUBLE,
    _T.DECFLOAT: DOUBLE,
    _T.BOOLEAN: BOOLEAN,
    _T.DATE: DATE,
    _T.TIMESTAMP: TIMESTAMP,
    _T.TIMESTAMPNTZ: TIMESTAMP,
    _T.DATETIME: TIMESTAMP,
    _T.TIMESTAMPTZ: TIMESTAMPTZ,
    _T.TIMESTAMPLTZ: TIMESTAMPTZ,
    _T.TIME: TIME,
    _T.INTERVAL: INTERVAL,
    _T.VARBINARY: BLOB,
    _T.BINARY: BLOB,
    _T.VARIANT: JSON,
    _T.OBJECT: JSON,
    _T.ARRAY: JSON,
    _T.SUPER: JSON,
    _T.JSON: JSON,
    _T.STRUCT: JSON,
    _T.MAP: JSON,
    _T.UUID: ValueType("UUID"),
}
_REFUSED = {
    _T.GEOMETRY: "spatial types",
    _T.GEOGRAPHY: "spatial types",
    _T.HLLSKETCH: "HyperLogLog sketches",
    _T.VECTOR: "vectors",
    _T.FILE: "files",
}


def translate_cast(node: exp.Cast, context: Context) -> exp.Expr:
    """Translate CAST, `::` and CONVERT.

    https://docs.aws.amazon.com/redshift/latest/dg/r_CAST_function.html
    https://docs.snowflake.com/en/sql-reference/functions/cast
    """
    value = node.this
    if isinstance(value, exp.Expr):
        value = context.translator.translate(value, context)
    return convert(value, node.args["to"], context, is_safe=False)


def translate_try_cast(node: exp.TryCast, context: Context) -> exp.Expr:
    """Translate TRY_CAST: NULL where the text cannot be converted.

    https://docs.snowflake.com/en/sql-reference/functions/try_cast
    """
    value = context.translator.translate(node.this, context)
    return convert(value, node.args["to"], context, is_safe=True)


def convert(value: exp.Expr, to: exp.DataType, context: Context, *, is_safe: bool) -> exp.Expr:
    """Convert a value to a type named in the query."""
    kind = to.this
    if kind in _REFUSED:
        raise UntranslatableError(value, f"{context.vendor}'s {_REFUSED[kind]} are not supported.")
    is_safe = is_safe or (type_of(value) == JSON and not context.is_snowflake and kind not in _TEXTS)  # SUPER is lax
    if type_of(value) == JSON and not context.is_snowflake:
        value = _read_super_scalar(value, kind)
    sizes = [_read_size(parameter) for parameter in to.expressions] if kind not in _OTHERS else []
    if kind in _TEXTS and type_of(value) == BLOB:
        value = call("hex" if context.is_snowflake else "decode", value, kind=VARCHAR)
    if kind in _TEXTS:
        length = sizes[0] if sizes else (1 if kind in _FIXED and kind is not _T.BPCHAR else None)
        return _to_text(value, length, is_safe, context, is_fixed=kind in _FIXED)
    if kind in _INTEGERS:
        return to_integer(value, context, is_safe=is_safe, kind=_integer_type(kind, context))
    if kind in _DECIMALS:
        default = (38, 0) if context.is_snowflake else (18, 0)
        precision = sizes[0] if sizes and sizes[0] is not None else default[0]
        scale = sizes[1] if len(sizes) > 1 and sizes[1] is not None else 0
        return to_decimal(value, precision, scale, is_safe=is_safe)
    if kind is _T.TIMETZ:
        result = value if type_of(value) == TIME else call("rs_timetz", as_text(value), kind=TIME)
        return mark_timetz(result, value)
    if kind is _T.TIMESTAMPTZ and context.is_snowflake:
        return to_timestamptz(value, is_safe=is_safe)
    if kind is _T.TIMESTAMPLTZ and type_of(value).is_paired:
        return drop_offset(value)
    if kind is _T.TIMESTAMPLTZ and find_zone(value) is not None:
        local = exp.Cast(this=value, to=exp.DataType.build(str(TIMESTAMPTZ), dialect="duckdb"))
        return set_type(local, TIMESTAMPTZ)  # shown in the zone of the session, which is UTC
    if kind in _OTHERS:
        if _OTHERS[kind] == JSON and context.is_snowflake:
            return as_variant(value)
        if _OTHERS[kind] == BLOB and type_of(value) == VARCHAR and context.is_snowflake:
            return call("sf_unhex", value, kind=BLOB)
        return _cut_seconds(to_kind(value, _OTHERS[kind], is_safe=is_safe), to)
    raise UntranslatableError(value, f"The type {to.sql(dialect=context.dialect)} is not supported.")


def _read_super_scalar(value: exp.Expr, kind: exp.DType) -> exp.Expr:
    """Return a SUPER value as a boolean, or as the text of its number.

    https://docs.aws.amazon.com/redshift/latest/dg/r_SUPER_type.html
    """
    if kind is _T.BOOLEAN:
        return call("rs_super_boolean", value, kind=BOOLEAN)
    if kind in _INTEGERS or kind in _DECIMALS or kind in (_T.FLOAT, _T.DOUBLE):
        return call("rs_super_number_text", value, kind=VARCHAR)
    return value


def _cut_seconds(value: exp.Expr, to: exp.DataType) -> exp.Expr:
    """Truncate fractional seconds to the digits of TIMESTAMP_NTZ(3) and TIME(0).

    https://docs.snowflake.com/en/sql-reference/data-types-datetime#timestamp-ltz-timestamp-ntz-timestamp-tz
    """
    digits = _read_size(to.expressions[0]) if to.expressions else None
    kind = type_of(value)
    if digits is None or digits >= 6 or kind not in (TIMESTAMP, TIME):
        return value
    return call("dw_cut_second", value, number(10 ** (6 - digits)), kind=kind)


def _read_size(parameter: exp.Expr) -> int | None:
    name = str(parameter.this.name) if isinstance(parameter.this, exp.Expr) else str(parameter.this)
    return int(name) if name.isdigit() else None


def _integer_type(kind: exp.DType, context: Context) -> ValueType:
    if context.is_snowflake:
        return BIGINT
    return {_T.INT: INTEGER, _T.SMALLINT: SMALLINT}.get(kind, BIGINT)


def _to_text(value: exp.Expr, length: int | None, is_safe: bool, context: Context, *, is_fixed: bool) -> exp.Expr:
    """Truncate the text to the length, as a cast to VARCHAR(n) does; Redshift's CHAR ignores trailing blanks.

    https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html
    """
    whole = as_text(value, is_safe=True) if is_safe else as_display_text(value, is_snowflake=context.is_snowflake)
    given = type_of(whole)
    if given.char_length and not context.is_snowflake:
        whole = set_type(whole.copy(), replace(given, char_length=0))
    cut = whole if length is None else call("left", whole, number(length), kind=VARCHAR)
    if not is_fixed or context.is_snowflake:
        return cut
    return call("rtrim", cut, text(" "), kind=replace(TRIMMED, char_length=length or 0))


def to_integer(value: exp.Expr, context: Context, *, is_safe: bool = False, kind: ValueType = BIGINT) -> exp.Expr:
    """Convert a value to an integer, rounding half away from zero (Redshift truncates decimals)."""
    given = type_of(value)
    if given == JSON:
        value, given = as_text(value), VARCHAR
    if given == VARCHAR:
        if not context.is_snowflake and not is_safe:
            return cast(call("rs_integer_text", value, kind=VARCHAR), kind)
        return call("dw_try_round" if is_safe else "dw_round_text", value, kind=kind)
    if given.name == "DOUBLE":
        return cast(call("round", value, kind=DOUBLE), kind, is_safe=is_safe)
    return cast(value, kind, is_safe=is_safe)


def to_decimal(value: exp.Expr, precision: int, scale: int, *, is_safe: bool = False) -> exp.Expr:
    """Convert a value to a DECIMAL of these sizes."""
    kind = decimal(precision, scale)
    if type_of(value) == JSON:
        value = as_text(value)
    if type_of(value) == BOOLEAN:
        value = cast(value, INTEGER)
    return cast(value, kind, is_safe=is_safe)


def to_timestamptz(value: exp.Expr, *, is_safe: bool = False) -> exp.Expr:
    """Convert a value to Snowflake's TIMESTAMP_TZ, with its own offset.

    https://docs.snowflake.com/en/sql-reference/data-types-datetime#timestamp-ltz-timestamp-ntz-timestamp-tz
    """
    if type_of(value).is_paired:
        return value
    if type_of(value) in (VARCHAR, JSON) and literal_text(value) is None:
        return parse_pair(as_text(value), is_safe=is_safe)
    return set_zone(to_kind(value, TIMESTAMPTZ, is_safe=is_safe), find_zone(value) or read_zone(value))


def to_kind(value: exp.Expr, kind: ValueType, *, is_safe: bool = False) -> exp.Expr:
    """Convert a value to a type without sizes."""
    given = type_of(value)
    if kind == TIMESTAMPTZ:
        kind, value = TIMESTAMPTZ, drop_offset(value)
    if has_offset(value) and kind in (DATE, TIME, TIMESTAMP):
        value, given = to_local_time(value), TIMESTAMP
    if kind == JSON:
        return as_json(value)
    if given == JSON:
        value, given = as_text(value), VARCHAR
    if kind == BLOB:
        return call("encode", value, kind=BLOB) if given == VARCHAR else value
    if kind == BOOLEAN and given == VARCHAR:
        return call("dw_try_boolean" if is_safe else "dw_boolean", value, kind=BOOLEAN)
    if given == VARCHAR and kind in (DATE, TIMESTAMP, TIMESTAMPTZ):
        return _read_time_point(value, kind, is_safe)
    if given.is_exact and kind in (DATE, TIMESTAMP, TIMESTAMPTZ):
        return cast(call("dw_timestamp_scaled", value, number(0), kind=TIMESTAMP), kind)
    if given == VARCHAR and kind == TIME:
        return call("dw_try_time" if is_safe else "dw_time", value, kind=TIME)
    if kind == TIME and given.is_time_point:
        return cast(value, TIME)
    return set_type(cast(value, kind, is_safe=is_safe), kind)


_TODAY = {"today": "0", "now": "0", "tomorrow": "1", "yesterday": "-1"}


def _read_time_point(value: exp.Expr, kind: ValueType, is_safe: bool) -> exp.Expr:
    """Parse a date or timestamp; a literal in ISO format stays a plain cast."""
    literal = literal_text(value)
    if literal is not None and literal.lower() in _TODAY:
        today = exp.Add(this=current_day(), expression=number(int(_TODAY[literal.lower()])))
        return cast(set_type(exp.Paren(this=today), DATE), kind)
    if literal is not None and _is_iso(literal):
        return cast(text(literal), kind, is_safe=is_safe)
    name = {"DATE": "dw_date", "TIMESTAMP": "dw_timestamp", "TIMESTAMPTZ": "dw_timestamptz"}[kind.name]
    return call(name.replace("dw_", "dw_try_") if is_safe else name, value, kind=kind)


def _is_iso(literal: str) -> bool:
    """Whether a text is a date or timestamp that DuckDB parses, without an offset."""
    return (
        len(literal) >= 10
        and literal[:4].isdigit()
        and literal[4] == literal[7] == "-"
        and literal[10:11] in ("", " ")
        and not set(literal[10:]) - set("0123456789:. ")
    )
