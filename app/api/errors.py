"""Error responses: a status code and `{"error", "hint"}`, for every kind of failure."""

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
from engine.errors import (
    ConflictError,
    LoadError,
    NotFoundError,
    QueryError,
    SchemaError,
    StorageError,
    VersionConflictError,
)

_LOG = logging.getLogger(__name__)

# The first matching class decides; every other engine error is bad input.
_STATUS: Sequence[tuple[type[WorkbenchError], int]] = (
    (NotFoundError, 404),
    (ConflictError, 409),
    (LoadError, 500),
    (StorageError, 500),
    (WorkbenchError, 422),
)
_ROUTES_HINT = "See GET /api/openapi.json for all routes."


class ProblemBody(BaseModel):
    """One problem of a schema."""

    where: str
    message: str
    hint: str


class ErrorBody(BaseModel):
    """An error: what happened and what to do next."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    error: str
    hint: str = ""
    problems: list[ProblemBody] | None = None
    """Every problem of a schema."""
    current_version: int | None = None
    """The version of the schema that came first."""
    line: int | None = None
    """Line in the query, from 1."""
    column: int | None = None
    """Column in the line, from 1."""
    caret: str | None = None
    """The line with a caret under the position."""


def error_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI descriptions of the error responses of a route."""
    return {status: {"model": ErrorBody, "description": _MEANINGS[status]} for status in statuses}


_MEANINGS = {
    404: "Unknown experiment, table or run",
    409: "Conflict with the current state",
    413: "The body is too large",
    422: "Bad input",
    500: "Data cannot be loaded, or the home folder is unusable",
}


def add_error_handlers(api: FastAPI) -> None:
    """Make every failure of `api` return an `ErrorBody`."""
    api.add_exception_handler(WorkbenchError, _handle_workbench_error)
    api.add_exception_handler(RequestValidationError, _handle_validation_error)
    api.add_exception_handler(HTTPException, _handle_http_error)
    api.add_exception_handler(Exception, _handle_unexpected_error)


def get_status(error: WorkbenchError) -> int:
    """Return the HTTP status of an error."""
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def build_body(error: WorkbenchError) -> ErrorBody:
    """Return the response body of an error."""
    body = ErrorBody(
        error=f"{error.where}: {error.message}" if error.where else error.message,
        hint=error.hint,
    )
    if isinstance(error, SchemaError):
        body.problems = [
            ProblemBody(where=problem.where, message=problem.message, hint=problem.hint) for problem in error.problems
        ]
    if isinstance(error, VersionConflictError):
        body.current_version = error.current_version
    if isinstance(error, QueryError):
        body.line, body.column, body.caret = error.line, error.column, error.caret or None
    return body


async def _handle_workbench_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, WorkbenchError)
    return _respond(get_status(error), build_body(error))


async def _handle_validation_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    if isinstance(error.body, bytes):
        body = ErrorBody(error="The body is not JSON.", hint="Send it with Content-Type: application/json.")
    else:
        body = ErrorBody(error="\n".join(map(_describe_fault, error.errors())), hint=_ROUTES_HINT)
    return _respond(422, body)


def _describe_fault(fault: dict[str, Any]) -> str:
    if fault["type"] == "json_handle_validation_error":
        return f"The body is not JSON: {fault['ctx']['error']} at character {fault['loc'][-1] + 1}."
    path = ".".join(str(part) for part in fault["loc"])
    return f"{path}: {fault['msg'].removeprefix('Value error, ')}."


async def _handle_http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == 400:  # raised only when a body cannot be parsed: the same as bad JSON
        return _respond(422, ErrorBody(error="The body is not JSON text in UTF-8.", hint=_ROUTES_HINT))
    path = request.scope.get("root_path", "") + request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    messages = {404: f"No route {path}.", 405: f"{path} does not support {request.method}."}
    body = ErrorBody(error=messages.get(error.status_code, str(error.detail)), hint=_ROUTES_HINT)
    return _respond(error.status_code, body, headers=dict(error.headers or {}))


async def _handle_unexpected_error(request: Request, error: Exception) -> JSONResponse:
    _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    body = ErrorBody(
        error=f"Internal error ({type(error).__name__}).",
        hint="See the server log for details.",
    )
    return _respond(500, body)


def _respond(status: int, body: ErrorBody, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(body.model_dump(exclude_none=True), status_code=status, headers=headers)
