"""Parsing of texts as other kinds: literals at compile time, columns row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

import polars as pl

from engine.rules.derived.context import Context
from engine.rules.derived.exact import MAX_SCALE
from engine.rules.derived.values import MAX_UNSCALED, NULL, Value, condition, exact, timestamp_literal, whole, with_expr
from engine.schema.types import Kind, WarehouseType
from engine.schema.values import parse_value

_TRUTHS = {
    **dict.fromkeys(("true", "t", "yes", "y", "1", "on"), True),
    **dict.fromkeys(("false", "f", "no", "n", "0", "off"), False),
}


def parse_literal(ctx: Context, value: Value, kind: Kind) -> Value:
    """Parse a text literal as another kind at compile time."""
    assert isinstance(value.constant, str)
    try:
        if kind is Kind.DECIMAL:
            return parse_number(value.constant.strip())
        if kind is Kind.FLOAT:
            return Value(pl.lit(float(value.constant)), Kind.FLOAT)
        if kind is Kind.BOOLEAN:
            return condition(pl.lit(_TRUTHS[value.constant.strip().casefold()]))
        read: date | datetime | time = parse_value(value.constant.strip(), WarehouseType(str(kind), kind))
        return timestamp_literal(read, kind)
    except (ValueError, InvalidOperation, KeyError) as error:
        raise ctx.error(f"'{value.constant}' is not a {replace(NULL, kind=kind).name}") from error


def parse_number(text: str) -> Value:
    """Parse a number as SQL does: with an exponent a double, else exact. Raises `ValueError`."""
    if "e" in text.casefold():
        return Value(pl.lit(float(text)), Kind.FLOAT)
    number = Decimal(text)
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or -exponent > MAX_SCALE or len(digits) > MAX_SCALE:
        raise ValueError(text)
    unscaled = int("".join(map(str, digits))) * 10 ** max(exponent, 0)
    return whole(-unscaled if sign else unscaled, max(-exponent, 0))


def read(ctx: Context, value: Value, kind: WarehouseType, *, is_try: bool) -> Value:
    """Parse a text column as another kind; a number as exactly as the kind allows."""
    goal = Kind.DECIMAL if kind.kind is Kind.INTEGER else kind.kind
    if isinstance(value.constant, str) and not is_try:
        return parse_literal(ctx, value, goal)
    written = ctx.stage(value.expr.str.strip_chars(" "))
    result = with_expr(_unread(kind), _parse(written, kind, goal))
    if is_try:
        ctx.trace.may_be_null = True
        return result
    read = ctx.stage(result.expr)
    is_read = read.is_not_null() | written.is_null()
    fault = f"is not a {result.name} in some rows."
    return replace(result, expr=ctx.require(is_read, read, fault, "Use TRY_CAST(x AS type) to get NULL instead."))


def _unread(kind: WarehouseType) -> Value:
    if kind.kind in (Kind.INTEGER, Kind.DECIMAL):
        return exact(pl.lit(0), kind.scale, -MAX_UNSCALED, MAX_UNSCALED, 128)
    return Value(pl.lit(None), kind.kind)


def _parse(written: pl.Expr, kind: WarehouseType, goal: Kind) -> pl.Expr:
    match goal:
        case Kind.DECIMAL:
            return written.cast(pl.Decimal(38, kind.scale), strict=False).reinterpret(dtype=pl.Int128)
        case Kind.FLOAT:
            return written.cast(pl.Float64, strict=False)
        case Kind.BOOLEAN:
            return written.str.to_lowercase().replace_strict(_TRUTHS, default=None, return_dtype=pl.Boolean)
        case Kind.DATE:
            day, timestamp = written.str.to_date("%Y-%m-%d", strict=False), _parse(written, kind, Kind.TIMESTAMP)
            return pl.coalesce(day, timestamp.dt.date())
        case Kind.TIME:
            return written.str.to_time("%H:%M:%S%.f", strict=False)
    spaced = written.str.replace("T", " ", literal=True)
    full = spaced.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", strict=False, time_unit="us")
    day = spaced.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))
    naive = pl.coalesce(full, day)
    return naive if goal is Kind.TIMESTAMP else naive.dt.replace_time_zone("UTC")
