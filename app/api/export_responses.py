"""Response models of the routes of exports, and of what is read from one."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.api.response_model import ResponseModel


class ExportedTableResponse(ResponseModel):
    """A table of an export."""

    table: str
    format: str
    rows: int
    files: int | None
    """Null for the formats that have all tables in one file, as `bytes`."""
    bytes: int | None
    note: str
    """Why it is not in the format that was asked for."""


class ExportResultResponse(ResponseModel):
    """What an export made."""

    url: str | None
    """Where it is; null when it is kept to be downloaded."""
    rows: int
    bytes: int
    tables: list[ExportedTableResponse]
    files: list[str]
    """The names of all other files, such as ddl.sql."""


class ExportProgressResponse(ResponseModel):
    """How far an export is: the table in work, and all tables."""

    table: str
    table_rows_done: int
    rows_done: int
    rows_total: int
    files: int
    bytes: int


class ExportResponse(ResponseModel):
    """An export in the background."""

    id: int
    experiment: str
    run: int | None
    """The exported run; null for rows of a seed."""
    status: Literal["RUNNING", "COMPLETED", "FAILED", "ABORTED"]
    format: str
    target: str
    seed: int
    progress: ExportProgressResponse | None
    """Null until the first file is there."""
    started_at: datetime
    finished_at: datetime | None
    error: str | None
    is_downloadable: bool
    result: ExportResultResponse | None
    """Null until it is COMPLETED."""


class ExportList(ResponseModel):
    """The exports of an experiment, newest first."""

    exports: list[ExportResponse]


class EstimatedTableResponse(ResponseModel):
    """A table of an estimated export."""

    table: str
    rows: int
    files: int
    bytes: int
    seconds: float
    """The seconds of one processor."""


class ExportEstimateResponse(ResponseModel):
    """What an export would make, from a sample of its rows."""

    format: str
    rows: int
    files: int
    bytes: int
    seconds: float
    """The seconds of one processor."""
    workers: int | None
    elapsed_seconds: float | None
    """The seconds that the workers take after their start; null without a number of workers."""
    tables: list[EstimatedTableResponse]
    scripts: dict[str, str]
    """`ddl.sql` and `load.sql`, for the formats that have them."""


class AttachResponse(ResponseModel):
    """An exported run that has been read and loaded."""

    experiment: str
    run_id: int
    seed: int
    row_counts: dict[str, int]
    """The rows that were read, by table."""
    exported_rows: dict[str, int]
    """The rows of the export, by table."""
    notes: list[str]
