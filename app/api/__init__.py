"""The REST API over one workbench; the app mounts it at /api."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute

from app.api import (
    attaching,
    board,
    coverage,
    current_runs,
    docs,
    experiments,
    exploring,
    exports,
    fits,
    query,
    runs,
    versions,
)
from app.api.duplicate_keys import check_keys
from app.api.errors import add_error_handlers
from app.api.guard import BodyGuard, OriginGuard
from engine import Workbench

__all__ = ["create_api"]

_GROUPS = [
    {"name": "experiments", "description": "Schemas and their tables: create, inspect, load and reset."},
    {"name": "versions", "description": "Change a schema: save versions, compare and revert them; rename and copy."},
    {"name": "runs", "description": "Data generation in the background: start, watch, cancel and resume."},
    {"name": "exports", "description": "Rows as files for other systems, in the background; downloaded as a zip."},
    {"name": "exploring", "description": "Profiles of the loaded data, saved queries and the query history."},
    {"name": "query", "description": "Run a SELECT over all tables; the result is JSON, CSV or Parquet."},
]


def create_api(workbench: Workbench | Callable[[], Workbench]) -> FastAPI:
    """Return the API as an ASGI application; /openapi.json describes it, and /docs shows that description.

    A function is called for the workbench at each request; if it raises, the error is the response.

    FastAPI's own documentation pages are off, because they load scripts from other hosts; ours is in `docs`.
    """
    api = FastAPI(
        title="DW Simulator",
        summary="Synthetic warehouse data: experiments, runs and queries.",
        version="1",
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
        openapi_tags=_GROUPS,
        generate_unique_id_function=lambda route: route.name,
    )
    api.state.workbench = (lambda: workbench) if isinstance(workbench, Workbench) else workbench
    for part in (
        attaching,
        experiments,
        versions,
        runs,
        current_runs,
        exploring,
        coverage,
        fits,
        exports,
        board,
        query,
    ):
        api.include_router(_set_titles(part.router), dependencies=[Depends(check_keys)])
    api.include_router(docs.router)
    api.add_middleware(BodyGuard)
    api.add_middleware(OriginGuard)
    add_error_handlers(api)
    return api


def _set_titles(router: APIRouter) -> APIRouter:
    """Set the title of each route to the name of its function, as words."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            route.summary = route.name.replace("_", " ").capitalize()
    return router
