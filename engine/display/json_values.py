"""The values of a result as JSON, without loss and without errors.

A decimal is a number if a double represents it exactly, else text; dates and times are ISO 8601; bytes are hex; NaN and
the infinities, which JSON does not have, are text.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any


def json_rows(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Return rows of Python values as rows of JSON values."""
    return [[json_value(value) for value in row] for row in rows]


def json_value(value: Any) -> Any:
    """Return a Python value as a value that `json.dumps` supports."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case Decimal():
            return _decimal_value(value)
        case date() | datetime() | time():
            return value.isoformat()
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex()
        case Mapping():
            return {str(key): json_value(inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [json_value(inner) for inner in value]
        case _:
            return str(value)


def _decimal_value(value: Decimal) -> int | float | str:
    if not value.is_finite():
        return str(value)
    if value == value.to_integral_value():
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else str(value)
