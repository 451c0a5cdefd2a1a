"""What commands print: tables and colour on a terminal, plain tab-separated text in a pipe.

A program that reads the pipe gets one header line and one line per row, no escape codes, no thousands separators.
Messages about the work (progress, refusals, truncation) go to stderr and never mix with data.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

from engine.cli.text import cell, cut, visible

if TYPE_CHECKING:
    from rich.console import Console

GREATEST_CELL_WIDTH = 48


def is_terminal(stream: TextIO | None = None) -> bool:
    """Return whether stdout (or `stream`) is a terminal somebody looks at."""
    return (stream or sys.stdout).isatty()


def console(*, stderr: bool = False) -> Console:
    """Return a rich console; imported late, since pipes need none."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


def say(text: str = "", *, style: str = "") -> None:
    """Print a line; `style` is rich's and shows on a terminal only."""
    _write(sys.stdout, text, style)


def tell(text: str, *, style: str = "") -> None:
    """Print a line about the work to stderr."""
    _write(sys.stderr, text, style)


def say_warnings(warnings: Iterable[str]) -> None:
    """Print each warning, labelled, to stdout: they belong to the result."""
    for warning in warnings:
        say(f"Warning: {warning}", style="yellow")


def say_facts(facts: Mapping[str, str]) -> None:
    """Print one fact a line: its name, then its value."""
    width = max(map(len, facts), default=0) if is_terminal() else 0
    for name, value in facts.items():
        say(f"{name.ljust(width)}  {value}" if width else f"{name}\t{visible(value)}")


def say_table(headers: Sequence[str], rows: Iterable[Sequence[Any]], *, is_data: bool = False) -> None:
    """Print rows under their headers.

    On a terminal, what is data of the user is shown as it is, one value a line where the screen is too narrow; in a
    table of the workbench's own, integers have thousands separators and long texts are cut.
    """
    if not is_terminal():
        print("\t".join(map(visible, headers)))
        for row in rows:
            print("\t".join(map(cell, row)))
        return
    listed = [list(row) for row in rows]
    cells = [[cell(value) if is_data else _shown(value) for value in row] for row in listed]
    if is_data and _width(headers, cells) > console().width:
        _print_records(headers, cells)
    else:
        _print_grid(headers, listed, cells)


def _write(stream: TextIO, text: str, style: str) -> None:
    if style and is_terminal(stream):
        console(stderr=stream is sys.stderr).print(text, style=style, markup=False, soft_wrap=True)
    else:
        print(text, file=stream)


def _shown(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return cell(value)


def _width(headers: Sequence[str], cells: Sequence[Sequence[str]]) -> int:
    """Return the width of a grid whose longest cells are cut."""
    columns = zip(headers, *cells, strict=True)
    return sum(min(max(map(len, column)), max(GREATEST_CELL_WIDTH, len(column[0]))) + 2 for column in columns) - 2


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
    room = max(console().width - width - 2, GREATEST_CELL_WIDTH)
    for number, texts in enumerate(cells, 1):
        say(f"─── row {number:,} ───", style="dim")
        for name, text in zip(names, texts, strict=True):
            say(f"{name.ljust(width)}  {cut(text, room)}")
