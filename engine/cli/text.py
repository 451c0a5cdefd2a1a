"""Values as text for a screen or a pipe."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NAMED_CONTROLS = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def cell(value: Any) -> str:
    """Return a value as one line of text without control characters."""
    match value:
        case None:
            return "NULL"
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(sep=" ")
        case Decimal():
            return f"{value:f}"
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex()
        case dict() | list():
            return visible(json.dumps(value, default=cell, ensure_ascii=False))
        case _:
            return visible(str(value))


def visible(text: str, *, kept: str = "") -> str:
    """Return `text` with its control characters, except those `kept`, escaped: data must not control a terminal."""

    def spelled(match: re.Match[str]) -> str:
        character = match[0]
        if character in kept:
            return character
        return _NAMED_CONTROLS.get(character, f"\\x{ord(character):02x}")

    return _CONTROL.sub(spelled, text)


def cut(text: str, width: int) -> str:
    """Return `text`, cut with an ellipsis when it is longer than `width`."""
    return text if len(text) <= width else f"{text[: max(width - 1, 0)]}…"


def timestamp(when: datetime, *, is_local: bool) -> str:
    """Return a time to the second: local for people, otherwise UTC with its offset."""
    if is_local:
        return when.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    return when.astimezone(UTC).isoformat(sep=" ", timespec="seconds")
