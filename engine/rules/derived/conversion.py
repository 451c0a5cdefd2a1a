"""Conversion between kinds of values: casts, the common kind of several values, and a column's own type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from engine.rules.derived.context import Context
from engine.rules.derived.exact import as_float, rescale
from engine.rules.derived.scope import Found
from engine.rules.derived.text_parsing import parse_literal, read
from engine.rules.derived.values import (
    NULL,
    Interval,
    Operand,
    Value,
    bits_for,
    condition,
    exact,
    int_dtype,
    make_pooled,
    make_whole,
    map_text,
    text,
)
from engine.schema.types import TIMESTAMPS, Kind, WarehouseType

_TEXTS = (Kind.TEXT, Kind.UUID, Kind.JSON)
_UUID = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"


def from_column(ctx: Context, found: Found) -> Value | None:
    """Return a column's values as a typed value; None for binary columns, which expressions cannot use."""
    expr, kind = found.expr, found.column.type
    low, high = found.bounds
    match kind.kind:
        case Kind.INTEGER:
            return exact(expr.cast(pl.Int64), 0, low, high, 64)
        case Kind.DECIMAL:
            bits = bits_for(low, high)
            unscaled = expr.cast(kind.polars).reinterpret(dtype=pl.Int128)
            return exact(unscaled.cast(int_dtype(bits)), kind.scale, low, high, bits)
        case Kind.FLOAT:
            return Value(expr.cast(kind.polars).cast(pl.Float64), Kind.FLOAT)
        case Kind.TEXT | Kind.UUID | Kind.JSON:
            dtype = ctx.site.stages.dtype(expr)
            if isinstance(dtype, pl.Enum):
                return make_pooled(dtype.categories, expr.to_physical().cast(pl.UInt32))
            return text(expr.cast(pl.String))
        case Kind.BINARY:
            return None
        case _:
            return Value(expr, kind.kind)


def as_column(ctx: Context, operand: Operand, kind: WarehouseType) -> pl.Expr:
    """Return the values in a column's own type, rounded or cut to its size; a value that is too large fails the run."""
    if isinstance(operand, Interval):
        raise ctx.error(f"{ctx.sql} is an interval, which no column can store", "Use DATEDIFF to get a number.")
    if operand.kind is None:
        return pl.lit(None, dtype=kind.polars)
    value = cast(ctx, operand, kind)
    match kind.kind:
        case Kind.INTEGER:
            return value.expr.cast(kind.polars)
        case Kind.DECIMAL:
            return value.expr.cast(pl.Int128).reinterpret(dtype=kind.polars)
        case Kind.FLOAT:
            return value.expr.cast(kind.polars)
        case Kind.BINARY:
            return value.expr.cast(pl.Binary)
        case _:
            return value.expr


def cast(ctx: Context, value: Value, kind: WarehouseType, *, is_try: bool = False) -> Value:
    """Return CAST(value AS kind); with `is_try`, text that cannot be parsed gives NULL instead of a failure."""
    if value.kind is None:
        return NULL
    if value.kind is Kind.TEXT and kind.kind not in (*_TEXTS, Kind.BINARY):
        value = read(ctx, value, kind, is_try=is_try)
    match kind.kind:
        case Kind.INTEGER | Kind.DECIMAL:
            return _fit_size(ctx, value, kind)
        case Kind.FLOAT:
            return as_double(ctx, _from_boolean(value))
        case Kind.BOOLEAN:
            return _as_boolean(ctx, value)
        case Kind.DATE | Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
            return _as_timestamp(ctx, value, kind.kind)
        case Kind.TIME:
            return _as_time(ctx, value)
        case Kind.UUID:
            return _as_uuid(ctx, value)
        case _:
            result = as_text(ctx, value)
            length = kind.length
            fitted = result if length is None else map_text(result, lambda expr: expr.str.head(length))
            return _as_json(ctx, fitted) if kind.kind is Kind.JSON else fitted


def as_text(ctx: Context, operand: Operand) -> Value:
    """Return the value as text in SQL's format."""
    if isinstance(operand, Interval):
        raise ctx.error(f"{ctx.sql}: an interval cannot become text", "Use DATEDIFF to get a number.")
    match operand.kind:
        case None:
            return text(pl.lit(None, dtype=pl.String))
        case Kind.TEXT:
            return operand
        case Kind.DECIMAL if operand.scale == 0:
            return text(operand.expr.cast(pl.String))
        case Kind.DECIMAL:
            decimal = pl.Decimal(38, operand.scale)
            return text(operand.expr.cast(pl.Int128).reinterpret(dtype=decimal).cast(pl.String))
        case Kind.DATE:
            return text(operand.expr.dt.strftime("%Y-%m-%d"))
        case Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
            timestamps = ctx.stage(operand.expr.dt.strftime("%Y-%m-%d %H:%M:%S%.f"))
            has_fraction = timestamps.str.len_bytes() > len("2024-01-31 00:00:00")
            plain = pl.when(has_fraction).then(timestamps.str.strip_chars_end("0")).otherwise(timestamps)
            return text(plain if operand.kind is Kind.TIMESTAMP else pl.concat_str([plain, pl.lit("+00")]))
        case Kind.TIME:
            return text(operand.expr.dt.strftime("%H:%M:%S%.f"))
        case _:
            return text(operand.expr.cast(pl.String))


def as_double(ctx: Context, value: Value) -> Value:
    """Return a number as a double."""
    if value.is_exact:
        return Value(as_float(value), Kind.FLOAT)
    return _require_kind(ctx, value, Kind.FLOAT, "number")


def as_exact(ctx: Context, value: Value, scale: int, low: int, high: int) -> Value:
    """Return a double as an exact number, rounded half away from zero; a value outside the bounds fails the run."""
    scaled = value.expr if scale == 0 else value.expr * float(10**scale)
    rounded = ctx.stage(scaled.round(0, mode="half_away_from_zero"))
    bits = bits_for(low, high)
    is_inside = rounded.is_finite() & (rounded >= float(low)) & (rounded <= float(high))
    if bits == 64:
        is_inside = is_inside & (rounded < 2.0**63)
    places = f" with {scale} decimal places" if scale else ""
    fault = f"is too large a number{places} in some rows."
    return exact(ctx.require(is_inside, rounded.cast(int_dtype(bits), strict=False), fault), scale, low, high, bits)


def unify(ctx: Context, values: Sequence[Value]) -> list[Value]:
    """Return the values in their common kind; raises `RuleError` when they have none.

    A text literal takes the kind of the others; with a TIMESTAMP a DATE becomes one, with a double exact numbers do.
    """
    kinds = {value.kind for value in values if value.kind is not None and not isinstance(value.constant, str)}
    if not kinds:
        kinds = {Kind.TEXT} if any(value.kind for value in values) else set()
    if Kind.FLOAT in kinds and Kind.DECIMAL in kinds:
        kinds.discard(Kind.DECIMAL)
    if Kind.TIMESTAMPTZ in kinds:
        kinds -= {Kind.DATE, Kind.TIMESTAMP}
    elif Kind.TIMESTAMP in kinds or (kinds == {Kind.DATE} and any(map(_is_timestamp_text, values))):
        kinds = kinds - {Kind.DATE} | {Kind.TIMESTAMP}
    if len(kinds) > 1:
        names = sorted({replace(NULL, kind=kind).name for kind in kinds})
        raise ctx.error(f"{ctx.sql} mixes {' and '.join(names)}", "CAST one of them.")
    if not kinds:
        return list(values)
    (kind,) = kinds
    converted = [value if value.kind is None else _convert(ctx, value, kind) for value in values]
    if kind is not Kind.DECIMAL:
        return converted
    scale = max(value.scale for value in converted)
    return [value if value.kind is None else rescale(ctx, value, scale) for value in converted]


def _convert(ctx: Context, value: Value, kind: Kind) -> Value:
    if value.kind is kind:
        return value
    if isinstance(value.constant, str):
        return parse_literal(ctx, value, kind)
    if kind is Kind.FLOAT:
        return as_double(ctx, value)
    return _as_timestamp(ctx, value, kind)


def _is_timestamp_text(value: Value) -> bool:
    return isinstance(value.constant, str) and len(value.constant.strip()) > len("2024-01-31")


def _fit_size(ctx: Context, value: Value, kind: WarehouseType) -> Value:
    low, high = kind.integer_bounds
    value = _from_boolean(value)
    if value.kind is Kind.FLOAT:
        return as_exact(ctx, value, kind.scale, low, high)
    if not value.is_exact:
        raise ctx.error(f"{ctx.sql} is a {value.name}, not a number", f"It cannot become {kind}.")
    number = rescale(ctx, value, kind.scale)
    if low <= number.low and number.high <= high:
        return number
    if number.low > high or number.high < low:
        raise ctx.error(f"{ctx.sql} does not fit {kind}", "Choose a larger type.")
    expr, bits = ctx.stage(number.expr), number.bits
    is_inside = pl.lit(True)
    if number.high > high:
        is_inside = expr <= pl.lit(high, dtype=int_dtype(bits))
    if number.low < low:
        is_inside = is_inside & (expr >= pl.lit(low, dtype=int_dtype(bits)))
    kept = ctx.require(is_inside, expr, f"does not fit {kind} in some rows.", "Choose a larger type.")
    return exact(kept, kind.scale, max(low, number.low), min(high, number.high), bits)


def _from_boolean(value: Value) -> Value:
    return make_whole(value.expr, 0, 1) if value.kind is Kind.BOOLEAN else value


def _as_boolean(ctx: Context, value: Value) -> Value:
    return condition(value.expr != 0) if value.is_number else _require_kind(ctx, value, Kind.BOOLEAN, "truth value")


def _as_timestamp(ctx: Context, value: Value, kind: Kind) -> Value:
    if value.kind is kind:
        return value
    if not value.is_date_or_timestamp:
        raise ctx.error(f"{ctx.sql} is a {value.name}, not a {kind}")
    if kind is Kind.DATE:
        return Value(value.expr.dt.date(), Kind.DATE)
    naive = value.expr.dt.replace_time_zone(None) if value.kind in TIMESTAMPS else value.expr.cast(pl.Datetime("us"))
    return Value(naive if kind is Kind.TIMESTAMP else naive.dt.replace_time_zone("UTC"), kind)


def _as_time(ctx: Context, value: Value) -> Value:
    if value.kind in TIMESTAMPS:
        return Value(value.expr.dt.time(), Kind.TIME)
    return _require_kind(ctx, value, Kind.TIME, "time")


def _as_uuid(ctx: Context, value: Value) -> Value:
    checked = ctx.stage(_require_kind(ctx, value, Kind.TEXT, "UUID").expr)
    return text(ctx.require(checked.str.contains(_UUID), checked, "is not a UUID in some rows."))


def _as_json(ctx: Context, value: Value) -> Value:
    checked = ctx.stage(value.expr)
    is_json = checked.str.json_path_match("$").is_not_null() | (checked.str.strip_chars() == "null")
    fault, hint = "is not JSON in some rows.", """JSON text needs double quotes: '"' || x || '"'."""
    return text(ctx.require(is_json, checked, fault, hint))


def _require_kind(ctx: Context, value: Value, kind: Kind, name: str) -> Value:
    if value.kind is not kind:
        raise ctx.error(f"{ctx.sql} is a {value.name}, not a {name}")
    return value
