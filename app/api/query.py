"""Routes that run a query: JSON up to a limit, or a complete CSV or Parquet file as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from app.api.errors import error_responses
from app.api.experiments import SharedWorkbench
from app.api.requests import QueryRequest
from app.api.result_responses import QueryResponse
from app.api.streaming import close_when_done
from app.tickets import tickets
from engine.errors import NotFoundError

router = APIRouter(prefix="/query", tags=["query"])

FileKind = Literal["csv", "parquet"]
_MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
_RESPONSES = error_responses(404, 422) | {
    200: {
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/vnd.apache.parquet": {"schema": {"type": "string", "format": "binary"}},
        },
        "description": "The result",
    }
}


@router.post("/execute", response_model=QueryResponse, responses=_RESPONSES)
def execute_query(workbench: SharedWorkbench, request: QueryRequest) -> StreamingResponse:
    """Run a SELECT (or WITH, VALUES, DESCRIBE, SHOW, EXPLAIN, SUMMARIZE)."""
    if request.format != "json":
        # A query that fails raises here, while the response can still be an error.
        if request.format == "csv":
            pieces = workbench.stream_csv(
                request.sql,
                dialect=request.dialect,
                experiment=request.experiment,
                spreadsheet_safe=request.spreadsheet_safe,
                variables=request.variables,
            )
        else:
            pieces = workbench.stream_parquet(
                request.sql, dialect=request.dialect, experiment=request.experiment, variables=request.variables
            )
        return _stream_file(pieces, request.format, "result")
    pieces_of_json = workbench.query_json(
        request.sql,
        dialect=request.dialect,
        experiment=request.experiment,
        limit=request.limit,
        offset=request.offset,
        variables=request.variables,
    )
    return StreamingResponse(iter(pieces_of_json), media_type="application/json")


@router.get("/downloads/{secret}.{kind}", responses=error_responses(404, 422), include_in_schema=False)
def download(
    workbench: SharedWorkbench, secret: str, kind: FileKind, spreadsheet_safe: bool = False
) -> StreamingResponse:
    """Stream the result of a download ticket that a page created."""
    ticket = tickets.redeem(secret)
    if ticket is None:
        raise NotFoundError("The download has expired.", hint="Run the query again.")
    return _stream_file(ticket.pieces(workbench, kind, spreadsheet_safe=spreadsheet_safe), kind, ticket.experiment)


def _stream_file(pieces: Iterator[bytes], kind: FileKind, name: str) -> StreamingResponse:
    return StreamingResponse(
        close_when_done(pieces),
        media_type=_MEDIA_TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'},
    )
