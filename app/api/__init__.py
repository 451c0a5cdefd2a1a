"""The REST API over one workbench; the app mounts it at /api."""

from __future__ import annotations

from fastapi import FastAPI

from app.api import docs, experiments, exploring, query, runs
from app.api.errors import add_error_handlers
from app.api.guard import BodyGuard, OriginGuard
from engine import Workbench

__all__ = ["create_api"]


def create_api(workbench: Workbench) -> FastAPI:
    """Return the API as an ASGI application; /openapi.json describes it, and /docs shows that to people.

    FastAPI's own documentation pages are off: they load their scripts from other machines.
    """
    api = FastAPI(
        title="DW Simulator",
        summary="Synthetic warehouse data: experiments, runs and queries.",
        version="1",
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    api.state.workbench = workbench
    api.include_router(experiments.router)
    api.include_router(runs.router)
    api.include_router(exploring.router)
    api.include_router(query.router)
    api.include_router(docs.router)
    api.add_middleware(BodyGuard)
    api.add_middleware(OriginGuard)
    add_error_handlers(api)
    return api
