"""Conversion of values in a schema to their warehouse type, and the reasons for values that do not fit."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any
from uuid import UUID

from engine.schema.limits import number_fault, text_fault
from engine.schema.types import Kind, WarehouseType

OUTSIDE_UTC = "is outside the years 1 to 9999 in UTC"


def parse_value(value: object, kind: WarehouseType) -> Any:
    """Return `value` as a Python object of the type; raises `ValueError` with the reason if it does not fit."""
    if isinstance(value, str) and (fault := text_fault(value)):
        raise ValueError(f"{fault}.")
    if not isinstance(value, str) and (fault := number_fault(value)):
        raise ValueError(f"{fault}.")
    match kind.kind:
        case Kind.INTEGER | Kind.DECIMAL:
            return _parse_number(value, kind)
        case Kind.FLOAT:
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ValueError("is not a number.")
            return _parse_double(value)
        case Kind.BOOLEAN:
            if not isinstance(value, bool):
                raise ValueError("is not true or false.")
            return value
        case Kind.DATE | Kind.TIMESTAMP | Kind.TIMESTAMPTZ | Kind.TIME:
            return _parse_timestamp(value, kind.kind)
        case Kind.UUID:
            return _parse_uuid(value)
        case _:
            return _parse_text(value, kind)


def value_fault(value: object, kind: WarehouseType) -> str:
    """Return why `value` does not fit the type, or an empty string if it does."""
    try:
        parse_value(value, kind)
    except ValueError as error:
        return str(error)
    return ""


def _parse_double(value: float) -> float:
    try:
        number = float(value)
    except OverflowError as error:
        raise ValueError("does not fit a DOUBLE.") from error
    if not math.isfinite(number):
        raise ValueError("is not a number.")
    return number


def _parse_number(value: object, kind: WarehouseType) -> int | Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError("is not a number.")
    if fault := number_fault(value):
        raise ValueError(f"{fault}.")
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError("is not a number.") from error
    if fault := number_fault(number):
        raise ValueError(f"{fault}.")
    if not number.is_finite():
        raise ValueError("is not a number.")
    unscaled = Fraction(number) * 10**kind.scale
    if unscaled.denominator != 1:
        raise ValueError(f"has more than {kind.scale} decimal places." if kind.scale else "is not a whole number.")
    minimum, maximum = kind.integer_bounds
    if not minimum <= unscaled <= maximum:
        raise ValueError(f"does not fit {kind}.")
    return number if kind.kind is Kind.DECIMAL else int(number)


def _parse_timestamp(value: object, kind: Kind) -> date | datetime | time:
    if not isinstance(value, str):
        raise ValueError("is not a date or time in quotes.")
    try:
        if kind is Kind.DATE:
            return date.fromisoformat(value)
        if kind is Kind.TIME:
            return time.fromisoformat(value)
        timestamp = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"is not a {kind} in ISO form.") from error
    if timestamp.tzinfo is not None:
        try:
            timestamp = timestamp.astimezone(UTC)
        except OverflowError as error:
            raise ValueError(f"{OUTSIDE_UTC}.") from error
    return timestamp.replace(tzinfo=UTC if kind is Kind.TIMESTAMPTZ else None)


def _parse_uuid(value: object) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError as error:
        raise ValueError("is not a UUID.") from error


def _parse_text(value: object, kind: WarehouseType) -> str | bytes:
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    encoded = text.encode()
    size = len(encoded) if kind.kind is Kind.BINARY else len(text)
    if kind.length is not None and size > kind.length:
        raise ValueError(f"is longer than {kind.length}.")
    if kind.kind is Kind.JSON and not _is_json(text):
        raise ValueError("is not JSON; a JSON text needs its own double quotes.")
    return encoded if kind.kind is Kind.BINARY else text


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
