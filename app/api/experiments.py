"""Routes of experiments: create, import, list, show, preview, load, reset, delete."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import PlainTextResponse
from pydantic import StringConstraints

import engine
from app.api.errors import error_responses
from app.api.experiment_responses import (
    AuditResponse,
    DamagedResponse,
    DeleteResponse,
    ExperimentDetail,
    ExperimentList,
    ExperimentResponse,
    LoadResponse,
    ResetResponse,
)
from app.api.requests import (
    MAX_INTEGER,
    MAX_PREVIEW_BYTES,
    MAX_PREVIEW_CELLS,
    MAX_PREVIEW_ROWS,
    ImportRequest,
    LoadRequest,
)
from app.api.result_responses import ColumnResponse, PreviewResponse
from app.api.script_responses import ImportedExperiment, ReviewedScript
from engine.display.json_values import json_rows
from engine.errors import WorkbenchError

router = APIRouter(prefix="/experiments", tags=["experiments"])


def shared_workbench(request: Request) -> engine.Workbench:
    """Return the workbench of the API."""
    opened: Callable[[], engine.Workbench] = request.app.state.workbench
    return opened()


async def schema_text(request: Request) -> str:
    """Return the body as the text of a JSON object, which the engine parses in its own thread.

    Python's JSON parser would drop duplicate keys. The engine would take text that starts otherwise for a path.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise WorkbenchError("The body is not JSON.", hint="Send it with Content-Type: application/json.")
    try:
        text = (await request.body()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WorkbenchError(f"The body is not JSON text in UTF-8 (byte {error.start + 1}).") from error
    if not text.lstrip(" \t\r\n").startswith("{"):
        raise WorkbenchError("The body is not a JSON object.", hint='A schema starts with {"name": "...".')
    return text


SharedWorkbench = Annotated[engine.Workbench, Depends(shared_workbench)]
TableCount = Annotated[str, StringConstraints(pattern=r"^.+=\d{1,15}$")]
Integer = Annotated[int, Query(ge=-MAX_INTEGER, le=MAX_INTEGER)]

# The body is read as plain JSON, so that the engine reports every problem of a schema itself.
SCHEMA_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/ExperimentSchema"},
                "example": {
                    "name": "tickets",
                    "tables": [
                        {
                            "name": "sales",
                            "target_rows": 1000,
                            "columns": [
                                {"name": "id", "data_type": "INT", "is_unique": True},
                                {"name": "city", "data_type": "VARCHAR(40)", "faker_rule": "city"},
                            ],
                        }
                    ],
                },
            }
        },
    }
}

_TEXT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "The text"}
}


@router.get("")
def list_experiments(workbench: SharedWorkbench) -> ExperimentList:
    """List every experiment with its tables, rows and warnings."""
    damaged = [
        DamagedResponse(name=each.name, error=each.error.message, hint=each.error.hint)
        for each in workbench.damaged_experiments()
    ]
    home = f"{workbench.settings.home}{os.sep}"  # a client need not know the path of the home folder
    return ExperimentList(
        experiments=[ExperimentResponse.of(each) for each in workbench.experiments()],
        damaged=damaged,
        notes=[note.replace(home, "") for note in workbench.notes],
    )


@router.post("", status_code=201, responses=error_responses(409, 422), openapi_extra=SCHEMA_BODY)
def create_experiment(workbench: SharedWorkbench, schema: Annotated[str, Depends(schema_text)]) -> ExperimentDetail:
    """Create an experiment from a schema."""
    return ExperimentDetail.of(workbench.create(schema))


@router.post("/import-sql", status_code=201, responses=error_responses(409, 422))
def import_experiment(workbench: SharedWorkbench, request: ImportRequest) -> ImportedExperiment:
    """Create an experiment from a CREATE TABLE script; `notes` list what was changed or ignored."""
    draft = _import(request)
    return ImportedExperiment.of_draft(workbench.create(draft), draft)


@router.post("/review-sql", responses=error_responses(422))
def review_script(workbench: SharedWorkbench, request: ImportRequest) -> ReviewedScript:
    """Import a script without saving it, with sample values."""
    draft = _import(request)
    review = workbench.review(draft)
    return ReviewedScript.of_draft(draft, {table: review.samples(table) for table in review.tables})


@router.get("/{name}", responses=error_responses(404))
def show_experiment(workbench: SharedWorkbench, name: str) -> ExperimentDetail:
    """Show an experiment with its schema."""
    return ExperimentDetail.of(workbench[name])


@router.get("/{name}/ddl", response_model=None, responses=error_responses(404, 422) | _TEXT)
def export_script(
    workbench: SharedWorkbench,
    name: str,
    dialect: Annotated[str, Query(description="redshift, snowflake or duckdb")] = "duckdb",
) -> PlainTextResponse:
    """Return the schema as a CREATE TABLE script."""
    return PlainTextResponse(workbench[name].to_ddl(dialect))


@router.get("/{name}/diagram", response_model=None, responses=error_responses(404) | _TEXT)
def draw_diagram(
    workbench: SharedWorkbench,
    name: str,
    around: Annotated[str | None, Query(description="Show only this table and its neighbours")] = None,
) -> PlainTextResponse:
    """Return the tables and their keys as a Mermaid diagram."""
    experiment = workbench[name]
    return PlainTextResponse(experiment.diagram(experiment.table(around).key if around else None))


@router.delete("/{name}", responses=error_responses(404, 409))
def delete_experiment(workbench: SharedWorkbench, name: str) -> DeleteResponse:
    """Delete an experiment with all its runs and data."""
    found = workbench.name_of(name)
    workbench.delete(found)
    return DeleteResponse(name=found)


def _check_preview_size(size: int, limit: int, unit: str) -> None:
    """Raise `WorkbenchError` for a preview too large to serialize without delaying other requests."""
    if size > limit:
        raise WorkbenchError(f"The preview has {size:,} {unit}; the limit is {limit:,}.", hint="Request fewer rows.")


@router.get("/{name}/preview", responses=error_responses(404, 422))
def preview_table(
    workbench: SharedWorkbench,
    name: str,
    table: str,
    rows: Annotated[int, Query(ge=0, le=MAX_PREVIEW_ROWS)] = 10,
    offset: Annotated[int, Query(ge=0, le=MAX_INTEGER, description="The first row number, from 0")] = 0,
    seed: Integer = 0,
    counts: Annotated[list[TableCount] | None, Query(description="Rows per table, such as customers=5000")] = None,
) -> PreviewResponse:
    """Show rows that a run with this seed and these row counts would generate; nothing is written."""
    requested = {key: int(number) for key, _, number in (count.rpartition("=") for count in counts or ())}
    experiment = workbench[name]
    _check_preview_size(rows * len(experiment.table(table).columns), MAX_PREVIEW_CELLS, "values")
    frame = experiment.preview(table, rows, offset=offset, seed=seed, counts=requested)
    texts = frame.select(pl.col(pl.String).str.len_bytes().sum())  # estimated_size counts a shared text once
    _check_preview_size(sum(map(int, texts.row(0))) if texts.width else 0, MAX_PREVIEW_BYTES, "bytes")
    columns = [
        ColumnResponse(name=column.name, type=str(column.type))
        for column in experiment.table(table).columns
        if not column.hidden
    ]
    return PreviewResponse(table=table, columns=columns, rows=json_rows(frame.iter_rows()))


@router.post("/{name}/load", responses=error_responses(404, 409, 422, 500))
def load_run(workbench: SharedWorkbench, name: str, request: LoadRequest | None = None) -> LoadResponse:
    """Replace the loaded data with the data of a completed run."""
    result = workbench[name].load(request.run_id if request else None)
    return LoadResponse.model_validate(result)


@router.post("/{name}/reset", responses=error_responses(404, 409, 500))
def reset_experiment(workbench: SharedWorkbench, name: str) -> ResetResponse:
    """Delete the rows of every table; the schema with its versions and the runs stay."""
    result = workbench[name].reset()
    return ResetResponse(name=result.experiment, reset_tables=list(result.loaded_tables))


@router.get("/{name}/audit", responses=error_responses(404, 422))
def audit_experiment(workbench: SharedWorkbench, name: str) -> AuditResponse:
    """Check the loaded data against every rule of the schema."""
    return AuditResponse.model_validate(workbench[name].audit())


def _import(request: ImportRequest) -> engine.Draft:
    return engine.import_sql(request.sql, name=request.name, dialect=request.dialect, popularity=not request.even_keys)
