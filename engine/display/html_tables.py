"""Small HTML tables for notebooks: every text is escaped, and the style is the notebook's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def html_table(caption: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table with a caption; numbers and their column headers are right-aligned."""
    lines = list(rows)
    sides = map(_alignment, lines[0]) if lines else ["left"] * len(headers)
    head = "".join(
        f'<th style="text-align: {side}">{escape(header)}</th>' for header, side in zip(headers, sides, strict=True)
    )
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in lines)
    return f"<div><b>{escape(caption)}</b><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _alignment(value: object) -> str:
    return "right" if isinstance(value, int) else "left"


def _cell(value: object) -> str:
    text = f"{value:,}" if isinstance(value, int) else "" if value is None else str(value)
    return f'<td style="text-align: {_alignment(value)}">{escape(text)}</td>'
