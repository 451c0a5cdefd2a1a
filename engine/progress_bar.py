"""The progress bar that a run shows by itself: on a terminal and in a notebook, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from engine.store.records import RunProgress


@contextmanager
def shown_progress(
    listener: Callable[[RunProgress], None] | None,
) -> Iterator[Callable[[RunProgress], None] | None]:
    """Yield the caller's listener; without one, a listener that draws a bar for each table where one can be seen."""
    console = Console(stderr=True)
    if listener is not None or not (console.is_terminal or console.is_jupyter):
        yield listener
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=not console.is_jupyter) as bars:
        yield _Bars(bars)


class _Bars:
    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, progress: RunProgress) -> None:
        for table in progress.tables:
            if table.table not in self._tasks:
                self._tasks[table.table] = self._bars.add_task(table.table, total=table.rows_total, speed="")
            speed = f"{table.rows_per_second:,.0f} rows/s" if table.rows_per_second else ""
            self._bars.update(self._tasks[table.table], completed=table.rows_done, speed=speed)
        self._bars.refresh()
