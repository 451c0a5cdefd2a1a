"""The REST API over one workbench; the app mounts it at /api."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute

from app.api import docs, experiments, exploring, query, runs
from app.api.bodies import check_keys
from app.api.errors import add_error_handlers
from app.api.guard import BodyGuard, OriginGuard
from engine import Workbench

__all__ = ["create_api"]

_GROUPS = [
    {"name": "experiments", "description": "A schema and its tables: bring it, look at it, load and empty it."},
    {"name": "runs", "description": "The making of rows, in the background."},
    {"name": "exploring", "description": "What the tables hold, and the queries that were asked or kept."},
    {"name": "query", "description": "One SELECT over all tables, as JSON, CSV or Parquet."},
]


def create_api(workbench: Workbench | Callable[[], Workbench]) -> FastAPI:
    """Return the API as an ASGI application; /openapi.json describes it, and /docs shows that description.

    A function is asked for the workbench at each request; when it raises, that is the answer.

    FastAPI's own documentation pages are off, because they load their scripts from other machines; ours is in `docs`.
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
    for part in (experiments, runs, exploring, query):
        api.include_router(_titled(part.router), dependencies=[Depends(check_keys)])
    api.include_router(docs.router)
    api.add_middleware(BodyGuard)
    api.add_middleware(OriginGuard)
    add_error_handlers(api)
    return api


def _titled(router: APIRouter) -> APIRouter:
    """Give each route the name of its function as its title, in the plain words of a sentence."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            route.summary = route.name.replace("_", " ").capitalize()
    return router
