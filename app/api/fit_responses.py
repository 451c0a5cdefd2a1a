"""Response models of the routes of fits."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from app.api.coverage_responses import StatementCoverageResponse
from app.api.response_model import ResponseModel


class FitProgressResponse(ResponseModel):
    """What a fit does now."""

    step: str
    round: int
    """The round of repairs; 0 before the first."""
    done: int
    total: int
    """The queries or rows of the step that are done, and all; 0 where that is not known."""
    found: int | None
    """The number of queries that find rows so far."""


class FitChangeResponse(ResponseModel):
    """A change of a fit, or one that was not made."""

    place: str
    """The table, or `table.column`."""
    key: str
    old: dict[str, Any]
    new: dict[str, Any]
    serves: list[tuple[str, int]]
    """The statements, with their lines, that ask for it."""
    reason: str
    unit: str | None = None
    """Changes of one unit are made together or not at all, such as the scenarios of one query."""
    dropped: str | None = None
    """Why it was not made, or was taken back."""


class AcceptedResponse(ResponseModel):
    """The changes of a fit that were saved, and those that fell away."""

    kept: list[FitChangeResponse]
    dropped: list[FitChangeResponse]
    schema_version: int | None
    """The new version of the schema; null when nothing changed."""


class FitRoundResponse(ResponseModel):
    """One round of a fit; round 0 makes the first changes, those after it repair."""

    number: int
    seconds: float
    found: int
    kept: int
    taken_back: int
    failures: int


class StarvingResponse(ResponseModel):
    """The first condition of a statement that leaves no row."""

    statement: str
    text: str
    line: int
    is_join: bool
    is_alone: bool
    """Whether no row meets it by itself; otherwise none meets it together with those before it."""


class CardinalityResponse(ResponseModel):
    """The rows that a statement should return, and those that it returns with the fitted schema."""

    statement: str
    line: int
    wanted: int
    found: int


class FitResultResponse(ResponseModel):
    """What a fit changed, and what the statements found before and after."""

    based_on: int
    """The version of the schema that was fitted."""

    kept: list[FitChangeResponse]
    dropped: list[FitChangeResponse]
    before: list[StatementCoverageResponse]
    after: list[StatementCoverageResponse]
    lost: list[str]
    audit_failures: int | None
    rounds: list[FitRoundResponse]
    starving: list[StarvingResponse]
    too_large: dict[str, float]
    """The statements with conditions that select more than half of their largest table, with the part of it."""
    cardinalities: list[CardinalityResponse]
    """Of the statements for which a comment or the history wants rows."""
    schema_version: int | None
    """The new version of the schema; null when nothing was saved."""


class FitResponse(ResponseModel):
    """A fit in the background."""

    id: int
    experiment: str
    status: Literal["RUNNING", "COMPLETED", "FAILED", "ABORTED"]
    progress: FitProgressResponse
    started_at: datetime
    finished_at: datetime | None
    error: str | None
    result: FitResultResponse | None
    """Null until it is COMPLETED."""
