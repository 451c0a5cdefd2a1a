"""What the routes give, as the OpenAPI description shows it.

Most of them are read off the engine's records by attribute (`model_validate`); a value of the engine never leaves
unless its name is listed here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from engine import Experiment, ExperimentSchema, Run, RunProgress, RunStatus


class Answer(BaseModel):
    """What every answer is: read off a record by attribute, with each field's docstring as its description."""

    model_config = ConfigDict(from_attributes=True, use_attribute_docstrings=True)


class TableAnswer(Answer):
    """A table of an experiment."""

    name: str
    """What rows are asked for by: `schema.table`, or `table` without a schema."""
    columns: int
    rows: int
    """The rows that queries see now."""
    target_rows: int | None
    """The rows the schema asks for; null when it leaves them to the workbench."""


class ExperimentAnswer(Answer):
    """An experiment in a list."""

    name: str
    description: str
    created_at: datetime
    tables: list[TableAnswer]
    warnings: list[str]
    loaded_run_id: int | None

    @classmethod
    def of(cls, experiment: Experiment, **more: Any) -> ExperimentAnswer:
        """Describe an experiment."""
        counts = experiment.row_counts()
        tables = [
            TableAnswer(
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


class ExperimentDetail(ExperimentAnswer):
    """An experiment with its schema."""

    size_bytes: int
    definition: ExperimentSchema = Field(alias="schema")

    @classmethod
    def of(cls, experiment: Experiment, **more: Any) -> ExperimentDetail:
        """Describe an experiment in full."""
        detail = super().of(experiment, size_bytes=experiment.size_bytes(), schema=experiment.schema, **more)
        assert isinstance(detail, cls)
        return detail


class DamagedAnswer(Answer):
    """An experiment whose record in the catalog cannot be read; it can only be deleted."""

    name: str
    error: str
    hint: str


class ExperimentList(Answer):
    """All experiments, by name."""

    experiments: list[ExperimentAnswer]
    damaged: list[DamagedAnswer]
    notes: list[str]
    """What was found in the home folder, as the server started, that the workbench did not make and leaves alone."""


class DeleteAnswer(Answer):
    """An experiment that is gone."""

    name: str


class ResetAnswer(Answer):
    """An experiment whose tables are empty now."""

    name: str
    reset_tables: list[str]


class LoadAnswer(Answer):
    """What a load put into the tables."""

    experiment: str
    run_id: int | None
    loaded_tables: list[str]
    row_counts: dict[str, int]


class RunAnswer(Answer):
    """A generation run."""

    id: int
    experiment: str
    status: RunStatus
    seed: int
    row_counts: dict[str, int]
    """Asked for while RUNNING, written when ended."""
    started_at: datetime
    finished_at: datetime | None
    seconds: float | None
    error: str | None
    notes: list[str]
    is_loaded: bool
    """Whether queries see this run's data now."""


class RunList(Answer):
    """The runs of an experiment, newest first."""

    runs: list[RunAnswer]


class TableProgressAnswer(Answer):
    """How far a run is with one table."""

    table: str
    rows_done: int
    rows_total: int
    rows_per_second: float
    seconds_left: float | None


class ProgressAnswer(Answer):
    """How far a run is."""

    phase: str
    fraction: float
    """0 to 1."""
    rows_done: int
    rows_total: int
    rows_per_second: float
    seconds_left: float | None
    tables: list[TableProgressAnswer]


class RunDetail(RunAnswer):
    """A run with its progress."""

    progress: ProgressAnswer | None = None
    size_bytes: dict[str, int] = {}
    """The size of each table's files."""

    @classmethod
    def of(cls, run: Run, progress: RunProgress | None, size_bytes: dict[str, int]) -> RunDetail:
        """Describe a run, how far it is and how large."""
        detail = cls.model_validate(run)
        detail.progress = None if progress is None else ProgressAnswer.model_validate(progress)
        detail.size_bytes = size_bytes
        return detail


class EstimateAnswer(Answer):
    """What a run would need."""

    rows: int
    seconds: float
    """About how long it takes on this machine."""
    bytes: int
    """What it adds to the disk."""
    free_bytes: int
    """What is free there."""
    fits: bool


class FindingAnswer(Answer):
    """What one check of an audit found."""

    check: str
    table: str
    column: str
    """Empty for a promise of the whole table."""
    expected: str
    found: str
    passed: bool
    failing_sql: str
    """A query for rows that break the promise; empty where no single row does."""


class AuditAnswer(Answer):
    """The proof of every promise of a schema on the loaded data."""

    experiment: str
    run_id: int | None
    """The run whose data is loaded; null when the tables are empty."""
    passed: bool
    findings: list[FindingAnswer]


class ColumnAnswer(Answer):
    """A column of a result."""

    name: str
    type: str


class PreviewAnswer(Answer):
    """Rows that a run would make; nothing is written."""

    table: str
    columns: list[ColumnAnswer]
    rows: list[list[Any]]
    """Dates, times and decimals that no double holds exactly are text."""


class QueryAnswer(Answer):
    """The result of a query."""

    columns: list[ColumnAnswer]
    rows: list[list[Any]]
    """Dates, times and decimals that no double holds exactly are text."""
    row_count: int
    truncated: bool
    """True when the query has more rows than the limit."""
    seconds: float
    sql: str
    """What ran."""
    notes: list[str]


class ColumnProfileAnswer(Answer):
    """What a column holds."""

    name: str
    type: str
    rows: int
    nulls: int
    distinct: int
    is_exact: bool
    """False when `distinct` is an estimate, as for columns of some millions of values."""
    min_value: str | None
    max_value: str | None
    mean: float | None
    bars: list[tuple[str, int]]
    """Bins from the smallest to the largest value, or the most common values, with their counts."""
    edges: list[float]
    """The bounds of the bins, one more than there are: numbers, or seconds since 1970; empty for values."""


class ProfileAnswer(Answer):
    """What a table holds."""

    table: str
    rows: int
    columns: list[ColumnProfileAnswer]


class ComparisonAnswer(Answer):
    """Two runs beside each other."""

    tables: list[dict[str, Any]]
    """The rows and bytes of each table."""
    records: list[dict[str, Any]]
    """The statistics of each column of each table; `differs` is true where any of them does."""


class RecordList(Answer):
    """Rows of a table of statistics."""

    records: list[dict[str, Any]]


class SavedQueryAnswer(Answer):
    """A query that is kept under a name."""

    name: str
    sql: str
    dialect: str
    saved_at: datetime


class SavedQueryList(Answer):
    """The saved queries of an experiment."""

    queries: list[SavedQueryAnswer]


class PastQueryAnswer(Answer):
    """A query that was asked; `error` is empty when it was answered."""

    sql: str
    dialect: str
    asked_at: datetime
    seconds: float
    row_count: int
    error: str


class QueryHistory(Answer):
    """The queries that were asked, newest first."""

    queries: list[PastQueryAnswer]
