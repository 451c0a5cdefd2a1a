"""Routes of data profiles, run comparisons, saved queries and the query history."""

from __future__ import annotations

from fastapi import APIRouter, Path

from app.api.errors import error_responses
from app.api.experiments import SharedWorkbench
from app.api.exploring_responses import (
    ColumnProfileResponse,
    ComparisonResponse,
    PastQueryResponse,
    ProfileResponse,
    QueryHistory,
    RecordList,
    SavedQueryList,
    SavedQueryResponse,
)
from app.api.requests import MAX_INTEGER, SaveQueryRequest

router = APIRouter(prefix="/experiments/{name}", tags=["exploring"])


@router.get("/tables/{table}/profile", responses=error_responses(404, 422))
def profile_table(workbench: SharedWorkbench, name: str, table: str) -> ProfileResponse:
    """Return a profile of each column of a loaded table."""
    profile = workbench[name].profile(table)
    return ProfileResponse(
        table=table,
        rows=profile.rows,
        columns=[ColumnProfileResponse.model_validate(column) for column in profile.columns],
    )


@router.get("/keys", responses=error_responses(404, 422))
def key_coverage(workbench: SharedWorkbench, name: str) -> RecordList:
    """Return for each foreign key the share of parents with children, and the children per parent."""
    return RecordList(records=workbench[name].key_coverage().to_dicts())


@router.get("/runs/{first}/compare/{second}", responses=error_responses(404, 409, 422))
def compare_runs(
    workbench: SharedWorkbench,
    name: str,
    first: int = Path(ge=1, le=MAX_INTEGER),
    second: int = Path(ge=1, le=MAX_INTEGER),
) -> ComparisonResponse:
    """Compare two completed runs: statistics of each table and of each column."""
    experiment = workbench[name]
    return ComparisonResponse(
        tables=experiment.compare_tables(first, second).to_dicts(),
        records=experiment.compare(first, second).to_dicts(),
    )


@router.delete("/runs/{run_id}", status_code=204, responses=error_responses(404, 409, 422))
def delete_run(workbench: SharedWorkbench, name: str, run_id: int = Path(ge=1, le=MAX_INTEGER)) -> None:
    """Delete a run with its files."""
    workbench[name].delete_run(run_id)


@router.get("/queries", responses=error_responses(404))
def list_queries(workbench: SharedWorkbench, name: str) -> SavedQueryList:
    """List the saved queries by name."""
    saved = workbench[name].queries.saved()
    return SavedQueryList(queries=[SavedQueryResponse.model_validate(query) for query in saved])


@router.put("/queries/{title}", responses=error_responses(404, 422))
def save_query(workbench: SharedWorkbench, name: str, title: str, request: SaveQueryRequest) -> SavedQueryResponse:
    """Save a query under a name; an existing one is replaced."""
    chart = {str(part): setting for part, setting in request.chart.items()}
    saved = workbench[name].queries.save(title, request.sql, request.dialect, view=request.view, chart=chart)
    return SavedQueryResponse.model_validate(saved)


@router.delete("/queries/{title}", status_code=204, responses=error_responses(404))
def remove_query(workbench: SharedWorkbench, name: str, title: str) -> None:
    """Delete a saved query."""
    workbench[name].queries.remove(title)


@router.get("/history", responses=error_responses(404))
def query_history(workbench: SharedWorkbench, name: str) -> QueryHistory:
    """List the queries run in the app, newest first."""
    return QueryHistory(
        queries=[PastQueryResponse.model_validate(query) for query in workbench[name].queries.history()]
    )
