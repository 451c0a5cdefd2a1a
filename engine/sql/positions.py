"""Positions in the text of a query, as lines and columns from 1."""

from __future__ import annotations

_MAX_WIDTH = 160


def locate(sql: str, offset: int) -> tuple[int, int, str]:
    """Return line and column (from 1) of a character offset, and that line with a caret under the column."""
    offset = max(0, min(offset, len(sql)))
    start = sql.rfind("\n", 0, offset) + 1
    end = sql.find("\n", offset)
    text = sql[start : len(sql) if end < 0 else end].rstrip("\r")
    column = offset - start
    cut = max(0, column - _MAX_WIDTH // 2)
    shown, before = text[cut : cut + _MAX_WIDTH], text[cut:column]
    blank = "".join("\t" if character == "\t" else " " for character in before)
    return sql.count("\n", 0, start) + 1, column + 1, f"{shown}\n{blank}^"
