"""Response models of the routes, as OpenAPI describes them.

Most are read from the engine's records by attribute (`model_validate`); only the attributes listed here are exposed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

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
    loaded_run_id: int | None

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
            loaded_run_id=experiment.loaded_run_id,
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


class ProgressResponse(ResponseModel):
    """Progress of a run."""

    phase: str
    fraction: float
    """From 0 to 1."""
    rows_done: int
    rows_total: int
    rows_per_second: float
    seconds_left: float | None
    tables: list[TableProgressResponse]


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
