"""Counts, numbers, sizes, durations and times as text for people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

_LONG_NUMBER = re.compile(r"(-?\d{5,})(\.\d+)?")


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return the number with its noun: `1 row`, `12,000 rows`, `2 queries`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def significant(number: float | None) -> str:
    """Return a number with six digits: `5,000.5`, `0.000123`; an unknown one is empty."""
    if number is None:
        return ""
    if number == 0 or 1e-4 <= abs(number) < 1e15:
        whole_digits = len(f"{abs(int(number))}") if abs(number) >= 1 else 0
        text = f"{number:,.{max(0, 6 - whole_digits)}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return f"{number:.6g}"


def exact(number: float | None) -> str:
    """Return a number with as many digits as tell it from its neighbours: `5,000.5`, `0.12345678901`; None is empty."""
    return "" if number is None else f"{number:,}".removesuffix(".0")


def with_thousands(text: str | None) -> str | None:
    """Return a number in digits with thousands separators, if it has more digits than a year: `1,000,000.00`."""
    found = None if text is None else _LONG_NUMBER.fullmatch(text)
    return text if found is None else f"{int(found[1]):,}{found[2] or ''}"


def approximate(number: int, *, is_exact: bool) -> str:
    """Return a count, marked when it is an estimate: `1,384`, `≈ 15,126,195`."""
    return f"{number:,}" if is_exact else f"≈ {number:,}"


def percent(share: float) -> str:
    """Return a share with at most one decimal: `23%`, `4.9%`, `<0.1%`."""
    if 0 < share < 0.001:
        return "<0.1%"
    text = f"{share * 100:.1f}"
    return f"{text.removesuffix('.0')}%"


def listed(names: Sequence[str]) -> str:
    """Return names as a list in a sentence: `a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def size(size_bytes: float) -> str:
    """Return a size in decimal units, as disks show them: `812 B`, `3.4 MB`."""
    number = float(size_bytes)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "B" or number >= 100 else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:,.1f} PB"


def duration(seconds: float | None) -> str:
    """Return a duration: `40 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`; an unknown one is a dash."""
    if seconds is None:
        return "–"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def ago(when: datetime, now: datetime | None = None) -> str:
    """Return how long ago `when` was, in one unit: `just now`, `5 min ago`, `2 days ago`."""
    seconds = ((now or datetime.now(UTC)) - when).total_seconds()
    if seconds < 10:
        return "just now"
    for limit, unit_seconds, unit in ((60, 1, "s"), (3600, 60, "min"), (86400, 3600, "h")):
        if seconds < limit:
            return f"{seconds // unit_seconds:.0f} {unit} ago"
    return f"{counted(int(seconds // 86400), 'day')} ago"


def timestamp(when: datetime) -> str:
    """Return a time to the second, in UTC."""
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
