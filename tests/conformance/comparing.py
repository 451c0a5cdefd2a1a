"""Comparing rows as text: numbers by value, booleans in any spelling, times without trailing zeros, JSON parsed."""

from __future__ import annotations

import json
import re
from decimal import Context, Decimal, InvalidOperation
from typing import Any

_NINTH, _WIDE = Decimal("0.000000001"), Context(prec=400)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(?:\.(\d+))?)?(?:\+00(?::00)?|Z)?")


def is_same_rows(found: list[tuple[Any, ...]], expected: list[list[str | None]]) -> bool:
    """Whether the rows are the expected ones, in their order."""
    if len(found) != len(expected):
        return False
    return all(
        len(one) == len(other) and all(map(is_same_value, one, other))
        for one, other in zip(found, expected, strict=True)
    )


def is_same_value(found: Any, expected: str | None) -> bool:
    """Whether a value equals the expected text; None (a JSON null) and the empty text mean no value."""
    expected = "" if expected is None else expected
    text = "" if found is None else str(found)
    if normalize(text) == normalize(expected):
        return True
    return _same_json(text, expected)


def normalize(text: str) -> str:
    """Return the normal form of a value's text."""
    text = text.strip()
    if text.lower() in ("true", "t"):
        return "true"
    if text.lower() in ("false", "f"):
        return "false"
    if text.lower() == "null":
        return ""
    try:
        number = Decimal(text)
    except InvalidOperation:
        pass
    else:
        return f"{number.quantize(_NINTH, context=_WIDE).normalize(_WIDE):f}" if number.is_finite() else text
    time = _TIME.fullmatch(text)
    if time is not None:
        clock = "" if time[2] in (None, "00:00:00") and not (time[3] or "").strip("0") else f" {time[2]}"
        fraction = (time[3] or "").rstrip("0")
        return f"{time[1]}{clock}{'.' + fraction if fraction else ''}"
    return text


def _same_json(text: str, expected: str) -> bool:
    if not text.startswith(("{", "[", '"')):
        return False
    try:
        return bool(json.loads(text) == json.loads(expected))
    except ValueError:
        return False
