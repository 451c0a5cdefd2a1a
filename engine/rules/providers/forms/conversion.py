"""Conversion of a single value of a library's method to a column's type."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from engine.schema.limits import MAX_PRECISION
from engine.schema.types import Kind, WarehouseType
from engine.schema.values import value_fault

_EXACT = Context(prec=2 * MAX_PRECISION)  # digits before and after the point of any DECIMAL


def convert_value(value: Any, kind: WarehouseType) -> Any:
    """Return the value in the type, text cut to its length; None when it does not fit."""
    match kind.kind:
        case Kind.TEXT:
            return as_text(value)[: kind.length]
        case Kind.JSON:
            return value if isinstance(value, str) and _is_json(value) else json.dumps(_to_plain(value), default=str)
        case Kind.BINARY:
            return (value if isinstance(value, bytes) else as_text(value).encode())[: kind.length]
        case Kind.BOOLEAN:
            return value if isinstance(value, bool) else None
        case Kind.FLOAT | Kind.INTEGER | Kind.DECIMAL:
            return _as_number(value, kind)
        case Kind.UUID:
            text = str(value)
            return None if value_fault(text, kind) else text
        case _:
            return _as_timestamp(value, kind.kind)


def as_text(value: Any) -> str:
    """Return a value as text: structures as JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, default=str) if isinstance(value, Mapping | list | tuple | set) else str(value)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _to_plain(value: Any) -> Any:
    """Return bytes as text, anything else unchanged."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _as_number(value: Any, kind: WarehouseType) -> Any:
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    if isinstance(value, bool) or not number.is_finite():
        return None
    if kind.kind is Kind.FLOAT:
        return float(number)
    if number.adjusted() >= MAX_PRECISION:
        return None
    rounded = number.quantize(Decimal(1).scaleb(-kind.scale), ROUND_HALF_EVEN, _EXACT)
    if value_fault(rounded, kind):
        return None
    return int(rounded) if kind.kind is Kind.INTEGER else rounded


def _as_timestamp(value: Any, kind: Kind) -> date | datetime | time | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if kind is not Kind.TIME else time.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        timestamp = value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
        if kind is Kind.DATE:
            return timestamp.date()
        if kind is Kind.TIME:
            return timestamp.time()
        return timestamp.replace(tzinfo=UTC) if kind is Kind.TIMESTAMPTZ else timestamp
    if isinstance(value, time):
        return value if kind is Kind.TIME else None
    if isinstance(value, date) and kind is not Kind.TIME:
        return value if kind is Kind.DATE else _as_timestamp(datetime(value.year, value.month, value.day), kind)
    return None
