"""Response models of the routes of experiments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from app.api.response_model import ResponseModel
from engine import Experiment, ExperimentSchema


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
