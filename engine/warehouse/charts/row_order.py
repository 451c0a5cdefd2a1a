"""Whether a query orders its rows, so that a chart keeps their order."""

from __future__ import annotations

import re

_SKIPPED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/|\$\$.*?\$\$", re.DOTALL)
_ORDER = re.compile(r"\border\s+by\b", re.IGNORECASE)


def is_ordered(sql: str) -> bool:
    """Return whether the query itself has an ORDER BY, and not only a subquery, a window or an aggregate in it."""
    outside, depth = [], 0
    for character in _SKIPPED.sub(" ", sql):
        depth += (character == "(") - (character == ")")
        outside.append(" " if depth else character)
    return bool(_ORDER.search("".join(outside)))
