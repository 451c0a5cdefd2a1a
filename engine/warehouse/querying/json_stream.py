"""The JSON text of one result, in pieces; it is built where the query runs, so a server only forwards bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from engine.display.json_values import json_rows
from engine.errors import QueryError
from engine.warehouse.querying.execution import run_query
from engine.warehouse.querying.page import Page
from engine.warehouse.querying.request import Question
from engine.warehouse.querying.result import QueryResult
from engine.warehouse.querying.session import Session

MAX_CELLS = 3_000_000
"""The maximum number of values, rows times columns, in a JSON result."""

MAX_JSON_BYTES = 256 * 1024 * 1024
"""The maximum size of a JSON result: a server holds it until its client has read it."""

_PIECE_CELLS = 10_000


def json_answer(session: Session, question: Question, page: Page) -> Iterator[bytes]:
    """Run a query and yield its result as JSON; raises `QueryError` as `run_query`, and for a result too large."""
    result = run_query(session, question, page=page)
    cells = result.row_count * len(result.columns)
    if cells > MAX_CELLS:
        raise QueryError(
            f"The result has {cells:,} values; the JSON limit is {MAX_CELLS:,}.",
            hint="Request fewer rows or columns, or use csv or parquet, which have no size limit.",
        )
    size = 0
    for piece in json_chunks(result):
        size += len(piece)
        if size > MAX_JSON_BYTES:
            raise QueryError(
                f"The result exceeds {MAX_JSON_BYTES // 1024**2} MB, the JSON limit.",
                hint="Request fewer rows or columns, or use csv or parquet, which have no size limit.",
            )
        yield piece


def json_chunks(result: QueryResult) -> Iterator[bytes]:
    """Yield a result as a JSON object: `columns`, `rows`, `row_count`, `truncated`, `seconds`, `sql` and `notes`."""
    columns = [{"name": column.name, "type": column.type} for column in result.columns]
    yield f'{{"columns":{_text(columns)},"rows":['.encode()
    frame, step = result.frame, max(1, _PIECE_CELLS // max(1, len(columns)))
    for first in range(0, len(frame), step):
        rows = _text(json_rows(frame.slice(first, step).rows()))[1:-1]
        yield f"{',' if first else ''}{rows}".encode()
    tail = {
        "row_count": result.row_count,
        "truncated": result.truncated,
        "seconds": result.seconds,
        "sql": result.sql,
        "notes": list(result.notes),
    }
    yield f"],{_text(tail)[1:]}".encode()


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
