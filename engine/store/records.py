"""The records of the catalog: experiments, runs, and their progress."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from engine.display.html_tables import html_table
from engine.errors import DamagedError
from engine.schema.models import ExperimentSchema


class RunStatus(StrEnum):
    """The status of a run: FAILED has a traceback, ABORTED was cancelled or interrupted."""

    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    ABORTED = "ABORTED"


@dataclass(frozen=True)
class ExperimentRecord:
    """An experiment in the catalog.

    `load_id` identifies its current warehouse file and is None before the first one; `row_counts` are
    the rows in it by table key. `loaded_run_id` is the run they come from, None when the tables are empty.
    """

    name: str
    schema: ExperimentSchema
    created_at: datetime
    load_id: int | None
    loaded_run_id: int | None
    row_counts: dict[str, int]


@dataclass(frozen=True)
class DamagedExperiment:
    """An experiment whose record in the catalog cannot be read: its name and the error."""

    name: str
    error: DamagedError


@dataclass(frozen=True)
class Run:
    """A generation run; `id` counts 1, 2, 3, ... within its experiment.

    `row_counts` are the rows requested while the run is RUNNING and the rows written once it has ended;
    `requested_rows` are always those requested. `error` is one line for people and `traceback` the details of a
    failure. Times are in UTC; resuming resets the start time, and `notes` record the earlier ends. A run whose record
    in the catalog cannot be read in full is FAILED and `is_damaged`: it can only be deleted.
    """

    id: int
    experiment: str
    status: RunStatus
    seed: int
    row_counts: dict[str, int]
    started_at: datetime
    finished_at: datetime | None = None
    error: str | None = None
    traceback: str | None = None
    is_loaded: bool = False
    output_dir: str | None = None
    notes: tuple[str, ...] = ()
    requested_rows: dict[str, int] = field(default_factory=dict)
    is_to_be_loaded: bool = True
    is_damaged: bool = False

    @property
    def seconds(self) -> float | None:
        """The duration of the run; None while it is RUNNING."""
        return None if self.finished_at is None else (self.finished_at - self.started_at).total_seconds()

    def _repr_html_(self) -> str:
        took = "" if self.seconds is None else f" in {self.seconds:.1f} s"
        loaded = ", loaded" if self.is_loaded else ""
        caption = f"Run {self.id} of {self.experiment}: {self.status}{took}, seed {self.seed}{loaded}"
        if self.error:
            caption += f". {self.error}"
        return html_table(caption, ["table", "rows"], self.row_counts.items())


@dataclass(frozen=True)
class TableProgress:
    """The progress of one table of a run."""

    table: str
    rows_done: int
    rows_total: int
    rows_per_second: float
    seconds_left: float | None


@dataclass(frozen=True)
class RunProgress:
    """The progress of a run; `phase` is "generating", "loading" or "done", `fraction` runs from 0 to 1."""

    run_id: int
    status: RunStatus
    phase: str
    tables: tuple[TableProgress, ...]
    rows_done: int
    rows_total: int
    rows_per_second: float
    seconds_left: float | None
    fraction: float


def run_progress(
    run: Run, phase: str, tables: Mapping[str, tuple[int, int, float]], elapsed_seconds: float
) -> RunProgress:
    """Return the progress of a run from the rows done, total rows and elapsed seconds of its tables."""
    of_tables = tuple(_table_progress(key, *numbers) for key, numbers in tables.items())
    done = sum(table.rows_done for table in of_tables)
    total = sum(table.rows_total for table in of_tables)
    rate, seconds_left = _rate(done, total, elapsed_seconds)
    is_whole = run.status is RunStatus.COMPLETED or total == 0
    return RunProgress(
        run.id, run.status, phase, of_tables, done, total, rate, seconds_left, 1.0 if is_whole else done / total
    )


def _table_progress(key: str, done: int, total: int, seconds: float) -> TableProgress:
    return TableProgress(key, done, total, *_rate(done, total, seconds))


def _rate(done: int, total: int, seconds: float) -> tuple[float, float | None]:
    """Return rows per second and the seconds left, None while the rate is unknown."""
    rate = done / seconds if seconds > 0 else 0.0
    if done >= total:
        return rate, 0.0
    return rate, (total - done) / rate if rate > 0 else None
