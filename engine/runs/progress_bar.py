"""Live progress bars of a run, on a terminal and in a notebook: one per table, and one for the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import escape
from importlib import import_module
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
)
from rich.table import Column
from rich.text import Text

if TYPE_CHECKING:
    from engine.store.records import RunProgress, TableProgress

_MARGIN_LINES = 4


@contextmanager
def show_progress(
    listener: Callable[[RunProgress], None] | None,
) -> Iterator[Callable[[RunProgress], None] | None]:
    """Yield the caller's listener; without one, progress bars on a terminal or in a notebook."""
    console = Console(stderr=True)
    if listener is None and console.is_jupyter:
        yield NotebookBars().show
    elif listener is None and console.is_terminal:
        with ProgressBars(console) as bars:
            yield bars.show
    else:
        yield listener


class _Rows(ProgressColumn):
    """Rows done in the phase and rows in total."""

    def render(self, task: Task) -> Text:
        """Return the cell."""
        return Text(f"{task.fields.get('rows', 0):,} / {int(task.total or 0):,} rows")


class _Speed(ProgressColumn):
    """Rows per second and the time left, as measured by the engine."""

    def render(self, task: Task) -> Text:
        """Return the cell."""
        speed = task.fields.get("rows_per_second") or 0.0
        left = task.fields.get("seconds_left") if task.completed < (task.total or 0) else None
        return Text(_speed(speed, left), style="dim")


class ProgressBars:
    """Bars on a console; `show` may be called from any thread.

    When there are more tables than lines on the screen, only unfinished ones are shown.
    """

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            _Rows(table_column=Column(justify="right")),
            _Speed(),
            console=console,
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show(self, progress: RunProgress) -> None:
        """Draw the bars for `progress`."""
        is_crowded = len(progress.tables) > self._progress.console.height - _MARGIN_LINES
        for table in progress.tables:
            rows, rate, left = _numbers_of_table(table, progress)
            self._draw(table.table, table, rows, rate, left, is_visible=not is_crowded or 0 < rows < table.rows_total)
        self._draw("", progress, *_numbers(progress), is_visible=True)
        self._progress.update(self._tasks[""], description=progress.phase)

    def _draw(
        self,
        name: str,
        progress: TableProgress | RunProgress,
        rows: int,
        rate: float,
        left: float | None,
        *,
        is_visible: bool,
    ) -> None:
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(name, total=progress.rows_total, visible=is_visible)
        self._progress.update(
            self._tasks[name],
            completed=progress.fraction * progress.rows_total,
            total=progress.rows_total,
            visible=is_visible,
            rows=rows,
            rows_per_second=rate,
            seconds_left=left,
        )


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
    rows = [_row_html(table.table, table, *_numbers_of_table(table, progress)) for table in progress.tables]
    return f"<table>{''.join(rows)}{_row_html(progress.phase, progress, *_numbers(progress))}</table>"


def _numbers(progress: RunProgress) -> tuple[int, float, float | None]:
    """Return the rows of the phase, their rate, and the seconds left of the whole run."""
    phase = progress.current
    left = progress.seconds_left if progress.fraction < 1 else None
    if phase is None:
        return progress.rows_done, progress.rows_per_second, left
    return phase.rows_done, phase.rows_per_second, left


def _numbers_of_table(table: TableProgress, progress: RunProgress) -> tuple[int, float, float | None]:
    """Return the rows of a table in the phase; its rate and seconds left are measured while it is generated."""
    if progress.phase == "loading":
        return table.rows_loaded, 0.0, None
    left = table.seconds_left if table.rows_done < table.rows_total else None
    return table.rows_done, table.rows_per_second, left


def _row_html(name: str, progress: TableProgress | RunProgress, rows: int, rate: float, left: float | None) -> str:
    done = round(progress.fraction * progress.rows_total)
    bar = f'<progress max="{max(progress.rows_total, 1)}" value="{done}"></progress>'
    counted = f"{rows:,} / {progress.rows_total:,} rows"
    cells = "".join(f"<td>{cell}</td>" for cell in (bar, counted, _speed(rate, left)))
    return f'<tr><td style="text-align: left">{escape(name)}</td>{cells}</tr>'


def _speed(rows_per_second: float, seconds_left: float | None) -> str:
    words = [f"{rows_per_second:,.0f} rows/s"] if rows_per_second else []
    if seconds_left is not None:
        words.append(f"{timedelta(seconds=round(seconds_left))} left")
    return ", ".join(words)
