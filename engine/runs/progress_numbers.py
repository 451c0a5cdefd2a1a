"""The numbers beside a progress bar: rows of the phase, their rate and the time left."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.store.records import RunProgress, TableProgress


def numbers(progress: RunProgress) -> tuple[int, float, float | None]:
    """Return the rows of the phase, their rate, and the seconds left of the whole run."""
    phase = progress.current
    left = progress.seconds_left if progress.fraction < 1 else None
    if phase is None:
        return progress.rows_done, progress.rows_per_second, left
    return phase.rows_done, phase.rows_per_second, left


def numbers_of_table(table: TableProgress, progress: RunProgress) -> tuple[int, float, float | None]:
    """Return the rows of a table in the phase; its rate and seconds left are measured while it is generated."""
    if progress.phase == "loading":
        return table.rows_loaded, 0.0, None
    left = table.seconds_left if table.rows_done < table.rows_total else None
    return table.rows_done, table.rows_per_second, left


def speed_text(rows_per_second: float, seconds_left: float | None) -> str:
    """Return the rate and the time left in words, without what is not known."""
    words = [f"{rows_per_second:,.0f} rows/s"] if rows_per_second else []
    if seconds_left is not None:
        words.append(f"{timedelta(seconds=round(seconds_left))} left")
    return ", ".join(words)
