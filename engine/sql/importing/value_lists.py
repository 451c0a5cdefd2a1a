"""Rows of a VALUES list, read from the text of a script.

The tokenizer creates no tokens for the rows of a long list; this scanner finds the cells of each row in one pass over
the text, and only a cell that is no plain literal is tokenized.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PIECE = re.compile(
    r"'(?:[^'\\]|''|\\.)*+'|\"(?:[^\"]|\"\")*+\"|\$\$.*?\$\$|--[^\n]*|/\*.*?\*/|[(),]", re.S
)  # fmt: skip
_PIECE_WITHOUT_ESCAPES = re.compile(
    r"[eE]'(?:[^'\\]|''|\\.)*+'|'(?:[^']|'')*+'|\"(?:[^\"]|\"\")*+\"|\$\$.*?\$\$|--[^\n]*|/\*.*?\*/|[(),]", re.S
)
_BLANK = re.compile(r"(?:\s|--[^\n]*|/\*.*?\*/)*+", re.S)
_COMMENT = re.compile(r"('(?:[^'\\]|''|\\.)*+')|--[^\n]*|/\*.*?\*/", re.S)
_PLAIN_ROW = re.compile(r"\(\s*+(?:'[^'\\]*+'|[-+]?+[\w.]++)\s*+(?:,\s*+(?:'[^'\\]*+'|[-+]?+[\w.]++)\s*+)*+\)")
_PLAIN_CELL = re.compile(r"'[^'\\]*+'|[-+]?+[\w.]++")


@dataclass(frozen=True)
class ValueRow:
    """One row of a list: the text of each cell, and its offset."""

    cells: list[str]
    start: int


def iterate_rows(text: str, position: int, dialect: str) -> Iterator[ValueRow]:
    """Yield the rows `(...), (...)` from `position` on, until something else follows."""
    piece = _PIECE_WITHOUT_ESCAPES if dialect == "duckdb" else _PIECE
    while True:
        position = _skip_blank(text, position)
        if text[position : position + 1] != "(":
            return
        start = position
        plain = _PLAIN_ROW.match(text, position)
        if plain is not None:
            position = plain.end()
            yield ValueRow(_PLAIN_CELL.findall(plain[0]), start)
        else:
            cells, end = _read_cells(text, position, piece)
            if end < 0:
                return
            position = end
            yield ValueRow(cells, start)
        position = _skip_blank(text, position)
        if text[position : position + 1] != ",":
            return
        position += 1


def _skip_blank(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return position if match is None else match.end()


def _read_cells(text: str, start: int, piece: re.Pattern[str]) -> tuple[list[str], int]:
    """Return the cells of the row at `start` and the offset after it; -1 when it is not closed."""
    cells: list[str] = []
    depth, cell_start, has_comment = 0, start + 1, False
    for match in piece.finditer(text, start):
        found = match[0]
        if found == "(":
            depth += 1
        elif found == ")":
            depth -= 1
            if depth == 0:
                cells.append(_clean(text[cell_start : match.start()], has_comment))
                return cells, match.end()
        elif found == "," and depth == 1:
            cells.append(_clean(text[cell_start : match.start()], has_comment))
            cell_start, has_comment = match.end(), False
        elif found[:2] in ("--", "/*"):
            has_comment = True
    return cells, -1


def _clean(cell: str, has_comment: bool) -> str:
    return (_COMMENT.sub(lambda match: match[1] or " ", cell) if has_comment else cell).strip()
