"""Output of the commands: tables and colour on a terminal, plain tab-separated text in a pipe.

A pipe gets one header line and one line per row, without escape codes or thousands separators. Messages about the
work (progress, errors, truncation) go to stderr and never mix with data.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

from engine.cli.text import cell, cut, visible

if TYPE_CHECKING:
    from rich.console import Console

MAX_CELL_WIDTH = 48


def is_terminal(stream: TextIO | None = None) -> bool:
    """Return whether stdout (or `stream`) is a terminal."""
    return (stream or sys.stdout).isatty()


def console(*, stderr: bool = False) -> Console:
    """Return a rich console; rich is imported late, because pipes do not need it."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


def print_line(text: str = "", *, style: str = "") -> None:
    """Print a line to stdout; `style` is a rich style, used on a terminal only."""
    _write(sys.stdout, text, style)


def print_status(text: str, *, style: str = "") -> None:
    """Print a message about the work to stderr."""
    _write(sys.stderr, text, style)


def print_warnings(warnings: Iterable[str]) -> None:
    """Print each warning to stdout, because warnings are part of the result."""
    for warning in warnings:
        print_line(f"Warning: {warning}", style="yellow")


def print_fields(fields: Mapping[str, str]) -> None:
    """Print one field per line: name, then value."""
    width = max(map(len, fields), default=0) if is_terminal() else 0
    for name, value in fields.items():
        print_line(f"{name.ljust(width)}  {value}" if width else f"{name}\t{visible(value)}")


def print_table(headers: Sequence[str], rows: Iterable[Sequence[Any]], *, is_data: bool = False) -> None:
    """Print a table.

    On a terminal, user data (`is_data`) is printed unchanged, one value per line where the screen is too narrow; in
    other tables integers have thousands separators and long texts are truncated.
    """
    if not is_terminal():
        print("\t".join(map(visible, headers)))
        for row in rows:
            print("\t".join(map(cell, row)))
        return
    listed = [list(row) for row in rows]
    cells = [[cell(value) if is_data else format_value(value) for value in row] for row in listed]
    if is_data and _grid_width(headers, cells) > console().width:
        _print_records(headers, cells)
    else:
        _print_grid(headers, listed, cells)


def _write(stream: TextIO, text: str, style: str) -> None:
    if style and is_terminal(stream):
        console(stderr=stream is sys.stderr).print(text, style=style, markup=False, soft_wrap=True)
    else:
        print(text, file=stream)


def format_value(value: Any) -> str:
    """Return a value for people: integers have thousands separators."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return cell(value)


def _grid_width(headers: Sequence[str], cells: Sequence[Sequence[str]]) -> int:
    """Return the width of the grid after truncation."""
    columns = zip(headers, *cells, strict=True)
    return sum(min(max(map(len, column)), max(MAX_CELL_WIDTH, len(column[0]))) + 2 for column in columns) - 2


def _print_grid(headers: Sequence[str], rows: Sequence[Sequence[Any]], cells: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, collapse_padding=True, header_style="bold")
    for index, header in enumerate(headers):
        justify = "right" if _is_numeric([row[index] for row in rows]) else "left"
        grid.add_column(Text(visible(header)), justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for row, texts in zip(rows, cells, strict=True):
        styles = ["dim" if value is None else "" for value in row]
        grid.add_row(*(Text(text, style=style) for text, style in zip(texts, styles, strict=True)))
    console().print(grid)


def _is_numeric(values: Iterable[Any]) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and all(
        isinstance(value, int | float | Decimal) and not isinstance(value, bool) for value in known
    )


def _print_records(headers: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    names = [visible(header) for header in headers]
    width = max(map(len, names), default=0)
    value_width = max(console().width - width - 2, MAX_CELL_WIDTH)
    for number, texts in enumerate(cells, 1):
        print_line(f"─── row {number:,} ───", style="dim")
        for name, text in zip(names, texts, strict=True):
            print_line(f"{name.ljust(width)}  {cut(text, value_width)}")
