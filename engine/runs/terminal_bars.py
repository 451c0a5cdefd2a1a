"""Live progress bars of a run on a terminal: one per table, and one for the run.

They are drawn by rich, which takes 0.1 seconds to import: only where there is a terminal.
"""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.table import Column
from rich.text import Text

from engine.runs.progress_numbers import numbers, numbers_of_table, speed_text

if TYPE_CHECKING:
    from engine.store.records import RunProgress, TableProgress

_MARGIN_LINES = 4


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
        return Text(speed_text(speed, left), style="dim")


class TerminalBars:
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
            rows, rate, left = numbers_of_table(table, progress)
            self._draw(table.table, table, rows, rate, left, is_visible=not is_crowded or 0 < rows < table.rows_total)
        self._draw("", progress, *numbers(progress), is_visible=True)
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
