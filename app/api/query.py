"""The route that answers a query, as JSON up to a limit or as a complete CSV file in a stream."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from anyio import CancelScope
from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool

from app.api.answers import ColumnAnswer, QueryAnswer
from app.api.errors import error_responses
from app.api.experiments import SharedWorkbench
from app.api.requests import QueryRequest
from app.api.values import json_rows
from engine import QueryResult

router = APIRouter(prefix="/query", tags=["query"])

_ANSWERS = error_responses(404, 422) | {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "The result"}
}


@router.post("/execute", response_model=QueryAnswer, responses=_ANSWERS)
def execute_query(workbench: SharedWorkbench, request: QueryRequest) -> QueryAnswer | StreamingResponse:
    """Run one SELECT (or WITH, VALUES, DESCRIBE, SHOW, EXPLAIN, SUMMARIZE)."""
    if request.format == "csv":
        # A query that fails does so here, while the answer can still be an error.
        chunks = workbench.stream_csv(request.sql, dialect=request.dialect, experiment=request.experiment)
        return StreamingResponse(
            _closing(chunks),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="result.csv"'},
        )
    result = workbench.query(request.sql, dialect=request.dialect, experiment=request.experiment, limit=request.limit)
    return _answer(result)


def _answer(result: QueryResult) -> QueryAnswer:
    return QueryAnswer(
        columns=[ColumnAnswer.model_validate(column) for column in result.columns],
        rows=json_rows(result.records()),
        row_count=result.row_count,
        truncated=result.truncated,
        seconds=result.seconds,
        sql=result.sql,
        notes=list(result.notes),
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
