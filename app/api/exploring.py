"""Routes about what the tables hold, and about queries that are kept: profiles, keys, saved queries, history."""

from __future__ import annotations

from fastapi import APIRouter, Path

from app.api.answers import (
    ColumnProfileAnswer,
    ComparisonAnswer,
    PastQueryAnswer,
    ProfileAnswer,
    QueryHistory,
    RecordList,
    SavedQueryAnswer,
    SavedQueryList,
)
from app.api.errors import error_responses
from app.api.experiments import SharedWorkbench
from app.api.requests import GREATEST_INTEGER, SaveQueryRequest

router = APIRouter(prefix="/experiments/{name}", tags=["exploring"])


@router.get("/tables/{table}/profile", responses=error_responses(404, 422))
def profile_table(workbench: SharedWorkbench, name: str, table: str) -> ProfileAnswer:
    """Tell what each column of a loaded table holds."""
    profile = workbench[name].profile(table)
    return ProfileAnswer(
        table=table,
        rows=profile.rows,
        columns=[ColumnProfileAnswer.model_validate(column) for column in profile.columns],
    )


@router.get("/keys", responses=error_responses(404, 422))
def key_coverage(workbench: SharedWorkbench, name: str) -> RecordList:
    """Tell for each foreign key how many parents have children, and how many each."""
    return RecordList(records=workbench[name].key_coverage().to_dicts())


@router.get("/runs/{first}/compare/{second}", responses=error_responses(404, 409, 422))
def compare_runs(
    workbench: SharedWorkbench,
    name: str,
    first: int = Path(ge=1, le=GREATEST_INTEGER),
    second: int = Path(ge=1, le=GREATEST_INTEGER),
) -> ComparisonAnswer:
    """Compare the statistics of two completed runs, by table and by column."""
    experiment = workbench[name]
    return ComparisonAnswer(
        tables=experiment.compare_tables(first, second).to_dicts(),
        records=experiment.compare(first, second).to_dicts(),
    )


@router.delete("/runs/{run_id}", status_code=204, responses=error_responses(404, 409, 422))
def delete_run(workbench: SharedWorkbench, name: str, run_id: int = Path(ge=1, le=GREATEST_INTEGER)) -> None:
    """Delete a run with its files."""
    workbench[name].delete_run(run_id)


@router.get("/queries", responses=error_responses(404))
def list_queries(workbench: SharedWorkbench, name: str) -> SavedQueryList:
    """List the saved queries by name."""
    saved = workbench[name].queries.saved()
    return SavedQueryList(queries=[SavedQueryAnswer.model_validate(query) for query in saved])


@router.put("/queries/{title}", responses=error_responses(404, 422))
def save_query(workbench: SharedWorkbench, name: str, title: str, request: SaveQueryRequest) -> SavedQueryAnswer:
    """Keep a query under a name, in place of one of that name."""
    saved = workbench[name].queries.save(title, request.sql, request.dialect)
    return SavedQueryAnswer.model_validate(saved)


@router.delete("/queries/{title}", status_code=204, responses=error_responses(404))
def remove_query(workbench: SharedWorkbench, name: str, title: str) -> None:
    """Forget a saved query."""
    workbench[name].queries.remove(title)


@router.get("/history", responses=error_responses(404))
def query_history(workbench: SharedWorkbench, name: str) -> QueryHistory:
    """List the queries that were asked in the app, the newest first."""
    return QueryHistory(queries=[PastQueryAnswer.model_validate(query) for query in workbench[name].queries.history()])
