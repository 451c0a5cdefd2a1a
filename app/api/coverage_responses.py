"""Response models of the routes that check which statements find rows."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.api.response_model import ResponseModel


class StatementCoverageResponse(ResponseModel):
    """What one statement of a workload found."""

    statement: str
    """The file's name, with the statement's number if the file has several."""
    line: int
    state: Literal["finds rows", "only the empty-input row", "empty", "does not run", "not understood"]
    rows: int
    is_cut: bool
    """Whether the result has more rows than were counted."""
    share: float | None
    """The part of its largest table's rows that it selects; null if that could not be counted."""
    largest_table: str | None
    seconds: float
    reason: str | None
    """Why it does not run or is not understood."""


class CoverageResponse(ResponseModel):
    """Which statements of a workload find rows on the loaded data."""

    experiment: str
    run_id: int | None
    """The run whose data is loaded; null when the tables are empty."""
    counts: dict[str, int]
    """The number of statements by state."""
    statements: list[StatementCoverageResponse]


class CoverageJobResponse(ResponseModel):
    """A check of a workload in the background."""

    id: int
    experiment: str
    status: Literal["RUNNING", "COMPLETED", "FAILED", "ABORTED"]
    done: int
    total: int
    """The statements that ran, and all; 0 before the first."""
    started_at: datetime
    finished_at: datetime | None
    error: str | None
    result: CoverageResponse | None
    """Null until it is COMPLETED."""
