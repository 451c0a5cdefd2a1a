"""Response models of the routes, as OpenAPI describes them.

Most are read from the engine's records by attribute (`model_validate`); only the attributes listed here are exposed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from engine import Experiment, ExperimentSchema, Run, RunProgress, RunStatus


class ResponseModel(BaseModel):
    """Base of the responses: read from a record by attribute, with field docstrings as descriptions."""

    model_config = ConfigDict(from_attributes=True, use_attribute_docstrings=True)


class TableResponse(ResponseModel):
    """A table of an experiment."""

    name: str
    """The key of the table in row counts: `schema.table`, or `table` without a schema."""
    columns: int
    rows: int
    """The number of rows loaded now."""
    target_rows: int | None
    """The number of rows set in the schema; null when it sets none."""


class ExperimentResponse(ResponseModel):
    """An experiment in a list."""

    name: str
    description: str
    created_at: datetime
    tables: list[TableResponse]
    warnings: list[str]
    version: int
    """The current version of the schema."""
    loaded_run_id: int | None
    loaded_version: int
    """The version of the schema that made the loaded tables."""

    @classmethod
    def of(cls, experiment: Experiment, **more: Any) -> ExperimentResponse:
        """Return the response for an experiment."""
        counts = experiment.row_counts()
        tables = [
            TableResponse(
                name=table.key,
                columns=len(table.columns),
                rows=counts.get(table.key, 0),
                target_rows=table.target_rows,
            )
            for table in experiment.schema.tables
        ]
        return cls(
            name=experiment.name,
            description=experiment.schema.description,
            created_at=experiment.created_at,
            tables=tables,
            warnings=experiment.warnings,
            version=experiment.version,
            loaded_run_id=experiment.loaded_run_id,
            loaded_version=experiment.loaded_version,
            **more,
        )


class ExperimentDetail(ExperimentResponse):
    """An experiment with its schema."""

    size_bytes: int
    definition: ExperimentSchema = Field(alias="schema")

    @classmethod
    def of(cls, experiment: Experiment, **more: Any) -> ExperimentDetail:
        """Return the response for an experiment with its schema."""
        detail = super().of(experiment, size_bytes=experiment.size_bytes(), schema=experiment.schema, **more)
        assert isinstance(detail, cls)
        return detail


class DamagedResponse(ResponseModel):
    """An experiment whose record in the catalog cannot be read; it can only be deleted."""

    name: str
    error: str
    hint: str


class ExperimentList(ResponseModel):
    """All experiments, by name."""

    experiments: list[ExperimentResponse]
    damaged: list[DamagedResponse]
    notes: list[str]
    """Unknown files that the server found in the home folder at startup; it does not touch them."""


class DeleteResponse(ResponseModel):
    """A deleted experiment."""

    name: str


class ResetResponse(ResponseModel):
    """An experiment whose tables were emptied."""

    name: str
    reset_tables: list[str]


class LoadResponse(ResponseModel):
    """The result of a load."""

    experiment: str
    run_id: int | None
    loaded_tables: list[str]
    row_counts: dict[str, int]


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
    size_bytes: dict[str, int] = {}
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


class FindingResponse(ResponseModel):
    """The result of one check of an audit."""

    check: str
    table: str
    column: str
    """Empty for a check of the whole table."""
    expected: str
    found: str
    passed: bool
    failing_sql: str
    """A query for the rows that fail; empty when the check is not about single rows."""


class AuditResponse(ResponseModel):
    """The checks of the loaded data against every rule of the schema."""

    experiment: str
    run_id: int | None
    """The run whose data is loaded; null when the tables are empty."""
    passed: bool
    findings: list[FindingResponse]


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


class ColumnResponse(ResponseModel):
    """A column of a result."""

    name: str
    type: str


class PreviewResponse(ResponseModel):
    """Rows that a run would generate; nothing is written."""

    table: str
    columns: list[ColumnResponse]
    rows: list[list[Any]]
    """Dates, times, and decimals that a double cannot represent exactly are strings."""


class QueryResponse(ResponseModel):
    """The result of a query."""

    columns: list[ColumnResponse]
    rows: list[list[Any]]
    """Dates, times, and decimals that a double cannot represent exactly are strings."""
    row_count: int
    truncated: bool
    """True when the query has more rows than the limit."""
    seconds: float
    sql: str
    """The SQL that ran in DuckDB."""
    notes: list[str]


class ColumnProfileResponse(ResponseModel):
    """The profile of a column."""

    name: str
    type: str
    rows: int
    nulls: int
    distinct: int
    is_exact: bool
    """False when `distinct` is an estimate, as for columns with millions of values."""
    min_value: str | None
    max_value: str | None
    mean: float | None
    bars: list[tuple[str, int]]
    """Bins from the min to the max value, or the most common values, with their counts."""
    edges: list[float]
    """The edges of the bins (one more than bins): numbers or seconds since 1970; empty for values."""


class ProfileResponse(ResponseModel):
    """The profiles of the columns of a table."""

    table: str
    rows: int
    columns: list[ColumnProfileResponse]


class ComparisonResponse(ResponseModel):
    """A comparison of two runs."""

    tables: list[dict[str, Any]]
    """Rows and bytes of each table."""
    records: list[dict[str, Any]]
    """Statistics of each column of each table; `differs` is true if any of them differs."""


class RecordList(ResponseModel):
    """Rows of a table, one object each."""

    records: list[dict[str, Any]]


class SavedQueryResponse(ResponseModel):
    """A saved query."""

    name: str
    sql: str
    dialect: str
    saved_at: datetime
    view: str
    chart: dict[str, str]


class BoardItemResponse(ResponseModel):
    """A saved query on the board, shown as a chart or a table."""

    query: str
    view: str
    width: int


class BoardResponse(ResponseModel):
    """The board of an experiment, in order."""

    items: list[BoardItemResponse]


class SavedQueryList(ResponseModel):
    """The saved queries of an experiment."""

    queries: list[SavedQueryResponse]


class PastQueryResponse(ResponseModel):
    """A query of the history; `error` is empty when it succeeded."""

    sql: str
    dialect: str
    asked_at: datetime
    seconds: float
    row_count: int
    error: str


class QueryHistory(ResponseModel):
    """The query history, newest first."""

    queries: list[PastQueryResponse]
