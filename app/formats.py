"""How numbers, sizes, times and names are written for people."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$~:^=])")


def plain(text: str) -> str:
    """Return `text` as Markdown that shows it letter by letter."""
    return _MARKDOWN.sub(r"\\\1", text)


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return the number with its noun: `1 row`, `12,000 rows`, `2 queries`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def size(size_bytes: int) -> str:
    """Return a size in the unit that keeps it short: `812 B`, `3.4 MB`."""
    number = float(size_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "B" or number >= 100 else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"


def duration(seconds: float | None) -> str:
    """Return a span of time: `40 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`; an unknown one is a dash."""
    if seconds is None:
        return "–"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def ago(moment: datetime, now: datetime | None = None) -> str:
    """Return how long ago `moment` was, in one unit: `just now`, `5 min ago`, `2 days ago`."""
    seconds = ((now or datetime.now(UTC)) - moment).total_seconds()
    if seconds < 10:
        return "just now"
    for limit, unit_seconds, unit in ((60, 1, "s"), (3600, 60, "min"), (86400, 3600, "h")):
        if seconds < limit:
            return f"{seconds // unit_seconds:.0f} {unit} ago"
    return f"{counted(int(seconds // 86400), 'day')} ago"


def moment_text(moment: datetime) -> str:
    """Return a moment to the second, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
