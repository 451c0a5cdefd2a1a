"""A table whose rows have a reason: on a terminal under the row, so that nothing is cut, in a pipe the last column."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from textwrap import wrap
from typing import Any

from engine.cli.output import console, format_value, is_terminal, print_line, print_table

_NARROWEST = 26
"""The fewest characters of a last column beside the others; in less room it stands under its row."""
_GAP = "  "


def print_annotated(headers: Sequence[str], rows: Sequence[Sequence[Any]], reasons: Sequence[str]) -> None:
    """Print a table and the reason of each row, if any has one."""
    if is_terminal():
        _print_for_people(headers, rows, reasons)
    elif any(reasons):
        print_table([*headers, "why"], [[*row, reason or "-"] for row, reason in zip(rows, reasons, strict=True)])
    else:
        print_table(headers, rows)


def _print_for_people(headers: Sequence[str], rows: Sequence[Sequence[Any]], reasons: Sequence[str]) -> None:
    width = console().width
    texts = [[format_value(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(headers, *texts, strict=True)]
    is_number = [all(isinstance(value, int) for value in column) for column in zip(*rows, strict=True)]
    room = width - sum(widths[:-1]) - len(_GAP) * (len(widths) - 1)
    is_beside = room >= min(_NARROWEST, widths[-1])
    shown = len(widths) if is_beside else len(widths) - 1
    widths[-1] = min(widths[-1], max(room, 1))

    def line(cells: Sequence[str]) -> str:
        padded = [
            cell.rjust(size) if right else cell.ljust(size)
            for cell, size, right in zip(cells[:shown], widths, is_number, strict=False)
        ]
        return _GAP.join(padded).rstrip()

    print_line(line(headers), style="bold")
    print_line("─" * min(width, sum(widths[:shown]) + len(_GAP) * (shown - 1)))
    for row, reason in zip(texts, reasons, strict=True):
        last = wrap(row[-1], widths[-1]) if is_beside else []
        for cells in zip_longest(*([cell] for cell in row[:-1]), last or [""], fillvalue=""):
            print_line(line(cells))
        if not is_beside and row[-1] != "-":
            _print_under(f"{headers[-1]}: {row[-1]}", width)
        if reason:
            _print_under(reason, width)


def _print_under(text: str, width: int) -> None:
    for part in wrap(text, max(width - 4, 20), break_long_words=False):
        print_line(f"    {part}", style="dim")
