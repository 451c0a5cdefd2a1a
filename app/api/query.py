"""The route that answers a query, as JSON up to a limit or as a complete CSV or Parquet file in a stream."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Literal

from anyio import CancelScope
from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool

from app.api.answers import QueryAnswer
from app.api.errors import error_responses
from app.api.experiments import SharedWorkbench
from app.api.requests import QueryRequest
from app.tickets import tickets
from engine.errors import NotFoundError

router = APIRouter(prefix="/query", tags=["query"])

FileKind = Literal["csv", "parquet"]
_MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
_ANSWERS = error_responses(404, 422) | {
    200: {
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/vnd.apache.parquet": {"schema": {"type": "string", "format": "binary"}},
        },
        "description": "The result",
    }
}


@router.post("/execute", response_model=QueryAnswer, responses=_ANSWERS)
def execute_query(workbench: SharedWorkbench, request: QueryRequest) -> StreamingResponse:
    """Run one SELECT (or WITH, VALUES, DESCRIBE, SHOW, EXPLAIN, SUMMARIZE)."""
    if request.format != "json":
        # A query that fails does so here, while the answer can still be an error.
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
        return _file(pieces, request.format, "result")
    answer = workbench.query_json(
        request.sql,
        dialect=request.dialect,
        experiment=request.experiment,
        limit=request.limit,
        offset=request.offset,
        variables=request.variables,
    )
    return StreamingResponse(iter(answer), media_type="application/json")


@router.get("/downloads/{secret}.{kind}", responses=error_responses(404, 422), include_in_schema=False)
def download(
    workbench: SharedWorkbench, secret: str, kind: FileKind, spreadsheet_safe: bool = False
) -> StreamingResponse:
    """Stream the result that a page has handed out a ticket for."""
    ticket = tickets.redeem(secret)
    if ticket is None:
        raise NotFoundError("This download is no longer here.", hint="Run the query again.")
    return _file(ticket.pieces(workbench, kind, spreadsheet_safe=spreadsheet_safe), kind, ticket.experiment)


def _file(pieces: Iterator[bytes], kind: FileKind, name: str) -> StreamingResponse:
    return StreamingResponse(
        _closing(pieces),
        media_type=_MEDIA_TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'},
    )


async def _closing(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the chunks and end the query when the client has gone."""
    try:
        async for chunk in iterate_in_threadpool(chunks):
            yield chunk
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            with CancelScope(shield=True):
                await run_in_threadpool(close)
