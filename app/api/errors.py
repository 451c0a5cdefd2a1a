"""What goes wrong, as an answer: a status code and `{"error", "hint"}`, whoever found the fault."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from engine import WorkbenchError
from engine.errors import ConflictError, LoadError, NotFoundError, QueryError, SchemaError, StorageError

_LOG = logging.getLogger(__name__)

# The first class that fits decides; everything else the engine refuses is bad input.
_STATUS: Sequence[tuple[type[WorkbenchError], int]] = (
    (NotFoundError, 404),
    (ConflictError, 409),
    (LoadError, 500),
    (StorageError, 500),
    (WorkbenchError, 422),
)
_ROUTES_HINT = "GET /api/openapi.json lists every route."


class ProblemBody(BaseModel):
    """One fault of a schema."""

    where: str
    message: str
    hint: str


class ErrorBody(BaseModel):
    """What went wrong and what to do next."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    error: str
    hint: str = ""
    problems: list[ProblemBody] | None = None
    """Every fault of a schema."""
    line: int | None = None
    """Where in the query, from 1."""
    column: int | None = None
    """Where in that line, from 1."""
    caret: str | None = None
    """That line with a caret under the place."""


def error_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the error answers of a route for OpenAPI."""
    return {status: {"model": ErrorBody, "description": _MEANINGS[status]} for status in statuses}


_MEANINGS = {
    404: "No such experiment, table or run",
    409: "The present state does not allow it",
    422: "Bad input",
    500: "The data could not be loaded, or the home folder cannot be used",
}


def add_error_handlers(api: FastAPI) -> None:
    """Make every failure of `api` answer with an `ErrorBody`."""
    api.add_exception_handler(WorkbenchError, _refused)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(HTTPException, _not_served)
    api.add_exception_handler(Exception, _unexpected)


def status_of(error: WorkbenchError) -> int:
    """Return the HTTP status of a refusal."""
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def body_of(error: WorkbenchError) -> ErrorBody:
    """Return a refusal as the body of an answer."""
    body = ErrorBody(
        error=f"{error.where}: {error.message}" if error.where else error.message,
        hint=error.hint,
    )
    if isinstance(error, SchemaError):
        body.problems = [
            ProblemBody(where=problem.where, message=problem.message, hint=problem.hint) for problem in error.problems
        ]
    if isinstance(error, QueryError):
        body.line, body.column, body.caret = error.line, error.column, error.caret or None
    return body


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, WorkbenchError)
    return _answer(status_of(error), body_of(error))


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    if isinstance(error.body, bytes):
        body = ErrorBody(error="The body is not JSON.", hint="Send it with Content-Type: application/json.")
    else:
        body = ErrorBody(error="\n".join(map(_fault, error.errors())), hint=_ROUTES_HINT)
    return _answer(422, body)


def _fault(fault: dict[str, Any]) -> str:
    if fault["type"] == "json_invalid":
        return f"The body is not JSON: {fault['ctx']['error']} at character {fault['loc'][-1] + 1}."
    place = ".".join(str(part) for part in fault["loc"])
    return f"{place}: {fault['msg'].removeprefix('Value error, ')}."


async def _not_served(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == 400:  # only the parsing of a body says so, and means the same as bad JSON
        return _answer(422, ErrorBody(error="The body is not JSON text in UTF-8.", hint=_ROUTES_HINT))
    path = request.scope.get("root_path", "") + request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    messages = {404: f"There is nothing at {path}.", 405: f"{path} does not take {request.method}."}
    body = ErrorBody(error=messages.get(error.status_code, str(error.detail)), hint=_ROUTES_HINT)
    return _answer(error.status_code, body, headers=dict(error.headers or {}))


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    body = ErrorBody(
        error=f"Something went wrong inside the workbench ({type(error).__name__}).",
        hint="The server's log has the details.",
    )
    return _answer(500, body)


def _answer(status: int, body: ErrorBody, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(body.model_dump(exclude_none=True), status_code=status, headers=headers)
