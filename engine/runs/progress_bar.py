"""Live progress bars of a run, on a terminal and in a notebook: one per table, and one for the run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any

from engine.runs.progress_numbers import numbers, numbers_of_table, speed_text

if TYPE_CHECKING:
    from engine.store.records import RunProgress, TableProgress


@contextmanager
def show_progress(
    listener: Callable[[RunProgress], None] | None,
) -> Iterator[Callable[[RunProgress], None] | None]:
    """Yield the caller's listener; without one, progress bars on a terminal or in a notebook."""
    if listener is not None or not (sys.stderr.isatty() or "IPython" in sys.modules):
        yield listener
        return
    from rich.console import Console

    console = Console(stderr=True)
    if console.is_jupyter:
        yield NotebookBars().show
    elif console.is_terminal:
        from engine.runs.terminal_bars import TerminalBars

        with TerminalBars(console) as bars:
            yield bars.show
    else:
        yield None


class NotebookBars:
    """Bars in the output of a notebook cell.

    They are plain HTML: rich would need ipywidgets, whose widgets need scripts of the notebook.
    """

    def __init__(self) -> None:
        # Notebooks provide IPython; the engine does not depend on it otherwise. It has no types.
        self._ipython: Any = import_module("IPython.display")
        self._output = self._ipython.display(self._ipython.HTML(""), display_id=True)

    def show(self, progress: RunProgress) -> None:
        """Draw the bars for `progress`."""
        self._output.update(self._ipython.HTML(bars_html(progress)))


def bars_html(progress: RunProgress) -> str:
    """Return the progress as an HTML table: a row for each table, and one for the whole run."""
    rows = [_row_html(table.table, table, *numbers_of_table(table, progress)) for table in progress.tables]
    return f"<table>{''.join(rows)}{_row_html(progress.phase, progress, *numbers(progress))}</table>"


def _row_html(name: str, progress: TableProgress | RunProgress, rows: int, rate: float, left: float | None) -> str:
    done = round(progress.fraction * progress.rows_total)
    bar = f'<progress max="{max(progress.rows_total, 1)}" value="{done}"></progress>'
    counted = f"{rows:,} / {progress.rows_total:,} rows"
    cells = "".join(f"<td>{cell}</td>" for cell in (bar, counted, speed_text(rate, left)))
    return f'<tr><td style="text-align: left">{escape(name)}</td>{cells}</tr>'
