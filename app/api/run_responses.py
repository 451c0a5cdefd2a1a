"""Response models of the routes of runs."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.api.response_model import ResponseModel
from engine import Run, RunProgress, RunStatus


class RunResponse(ResponseModel):
    """A generation run."""

    id: int
    experiment: str
    status: RunStatus
    seed: int
    row_counts: dict[str, int]
    """Rows requested while the run is RUNNING, rows written once it has ended."""
    started_at: datetime
    finished_at: datetime | None
    seconds: float | None
    error: str | None
    notes: list[str]
    is_loaded: bool
    """Whether this run's data is loaded."""
    schema_version: int
    """The version of the schema that makes its data."""
    batches: dict[str, list[int]]
    """The rows of each table after each earlier run that it adds to; empty for a run that made all rows anew."""


class RunList(ResponseModel):
    """The runs of an experiment, newest first."""

    runs: list[RunResponse]


class TableProgressResponse(ResponseModel):
    """Progress of one table of a run."""

    table: str
    rows_done: int
    rows_total: int
    rows_per_second: float
    seconds_left: float | None
    rows_loaded: int
    fraction: float
    """From 0 to 1: 1 when all rows are written and, in a run that loads, loaded."""


class PhaseResponse(ResponseModel):
    """Progress of one phase of a run: `waiting`, `generating` or `loading`."""

    name: str
    rows_done: int
    rows_total: int
    rows_per_second: float
    seconds: float | None
    seconds_left: float | None
    fraction: float


class ProgressResponse(ResponseModel):
    """Progress of a run."""

    phase: str
    """`waiting`, `generating`, `loading` or `done`."""
    fraction: float
    """From 0 to 1, over all phases."""
    rows_done: int
    rows_total: int
    rows_per_second: float
    seconds_left: float | None
    phases: list[PhaseResponse]
    tables: list[TableProgressResponse]


class CurrentRun(RunResponse):
    """A run that is RUNNING or has just ended, with its progress."""

    progress: ProgressResponse


class CurrentRunList(ResponseModel):
    """The runs of all experiments that are RUNNING, the oldest first, then those that have ended, the newest first."""

    runs: list[CurrentRun]

    @classmethod
    def of(cls, found: list[tuple[Run, RunProgress]]) -> CurrentRunList:
        """Return the response for runs with their progress."""
        return cls(
            runs=[
                CurrentRun.model_validate(vars(run) | {"seconds": run.seconds, "progress": now}) for run, now in found
            ]
        )


class RunDetail(RunResponse):
    """A run with its progress."""

    progress: ProgressResponse | None = None
    size_bytes: dict[str, int] = Field(default={})
    """The size of each table's files, in bytes."""

    @classmethod
    def of(cls, run: Run, progress: RunProgress | None, size_bytes: dict[str, int]) -> RunDetail:
        """Return the response for a run with its progress and sizes."""
        detail = cls.model_validate(run)
        detail.progress = None if progress is None else ProgressResponse.model_validate(progress)
        detail.size_bytes = size_bytes
        return detail


class EstimateResponse(ResponseModel):
    """The estimated time and disk space of a run."""

    rows: int
    seconds: float
    """Estimated duration on this machine."""
    source: str
    """Where it comes from: earlier runs, or a sample."""
    bytes: int
    """Estimated disk space of the run."""
    free_bytes: int
    """Free disk space."""
    fits: bool
