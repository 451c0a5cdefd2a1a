"""One process for both faces: the Streamlit pages at / and the REST API at /api, over one workbench."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount

from app.api import create_api
from app.api.guard import HostGuard, OriginGuard
from app.backend_address import BackendAddress
from app.response_headers import ResponseHeaders
from app.shared_workbench import workbench
from app.tickets import tickets
from engine.errors import CatalogLostError

FRAME = Path(__file__).with_name("frame.py")
_CONFIG_FILE = Path(__file__).parent / ".streamlit" / "config.toml"

# What must hold wherever the server is started from; the file adds the looks.
_FIXED_OPTIONS: Mapping[str, Any] = {
    "browser.gatherUsageStats": False,
    "logger.hideWelcomeMessage": True,  # it asks an outside service for the machine's public address
    "runner.magicEnabled": False,
    "server.fileWatcherType": "none",
    "server.headless": True,
}


def create_app(host: str, on_ready: Callable[[], None] = lambda: None) -> st.App:
    """Return the application for a server that listens on `host`; `on_ready` is called when it serves."""
    return st.App(FRAME, **server_parts(host, on_ready))


def server_parts(host: str, on_ready: Callable[[], None]) -> dict[str, Any]:
    """Return what makes a `streamlit.App` of the frame the server: API, checks, headers, start and end.

    A home folder whose catalog is lost is served too: the pages offer to recover it, the API answers with the reason.
    """
    with suppress(CatalogLostError):
        workbench()

    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncIterator[None]:
        with suppress(CatalogLostError):
            workbench().warm()
        tickets.is_served = True
        on_ready()
        try:
            yield
        finally:
            if workbench.cache_info().currsize:
                workbench().close()

    middleware = [
        Middleware(ResponseHeaders),
        Middleware(HostGuard, host=host),
        Middleware(OriginGuard),
        Middleware(BackendAddress),
    ]
    return {"routes": [Mount("/api", app=create_api(workbench))], "middleware": middleware, "lifespan": lifespan}


def options(host: str, port: int) -> dict[str, Any]:
    """Return Streamlit's options: the project's own file, whatever folder the server is started in."""
    from_file = dict(_flat(tomllib.loads(_CONFIG_FILE.read_text("utf-8")))) if _CONFIG_FILE.is_file() else {}
    asked = {"server.address": host, "server.port": port, "server.allowedHosts": []}  # `HostGuard` checks the host
    return from_file | dict(_FIXED_OPTIONS) | asked


def _flat(section: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in section.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
