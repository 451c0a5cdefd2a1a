"""The server: the Streamlit pages at / and the REST API at /api in one process, over one workbench."""

from __future__ import annotations

import sys
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
from app.browser_cookie import BrowserCookie
from app.closed_sockets import ClosedSockets
from app.left_pages import LeftPages
from app.page_head import PageHead
from app.response_headers import ResponseHeaders
from app.shared_workbench import workbench
from app.tickets import tickets
from app.unsent_messages import keep_unsent_messages
from engine.errors import CatalogLostError

FRAME = Path(__file__).with_name("frame.py")
_CONFIG_FILE = Path(__file__).parent / ".streamlit" / "config.toml"

# Options that must hold in any working directory; the file adds the theme.
_FIXED_OPTIONS: Mapping[str, Any] = {
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "logger.hideWelcomeMessage": True,  # it requests the machine's public address from an outside service
    "runner.magicEnabled": False,
    "server.fileWatcherType": "none",
    "server.headless": True,
}


def create_app(host: str, on_ready: Callable[[], None] = lambda: None) -> st.App:
    """Return the application for a server that listens on `host`; `on_ready` is called when it is ready."""
    return st.App(FRAME, **server_parts(host, on_ready))


def server_parts(host: str, on_ready: Callable[[], None]) -> dict[str, Any]:
    """Return the arguments of `st.App` that add API, guards, headers and lifespan to the pages.

    A home folder whose catalog is lost is served too: the pages offer to recover it, the API returns the error.
    """
    keep_page_folder_in_path()
    keep_unsent_messages()
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
        Middleware(ClosedSockets),
        Middleware(LeftPages),
        Middleware(ResponseHeaders),
        Middleware(BrowserCookie),
        Middleware(HostGuard, host=host),
        Middleware(OriginGuard),
        Middleware(PageHead),
    ]
    return {"routes": [Mount("/api", app=create_api(workbench))], "middleware": middleware, "lifespan": lifespan}


def keep_page_folder_in_path() -> None:
    """Put the folder of the pages at the end of `sys.path`, if it is not there.

    Streamlit puts it first for each run of a page and takes it out again, unless it is there; meanwhile an import in
    another thread can miss a module, as the places in the path move.
    """
    folder = str(FRAME.parent)
    if sys.path[-1] != folder:
        sys.path.append(folder)


def options(host: str, port: int) -> dict[str, Any]:
    """Return Streamlit's options from the project's own file, independent of the working directory."""
    from_file = dict(_flatten(tomllib.loads(_CONFIG_FILE.read_text("utf-8")))) if _CONFIG_FILE.is_file() else {}
    address = {"server.address": host, "server.port": port, "server.allowedHosts": []}  # `HostGuard` checks the host
    return from_file | dict(_FIXED_OPTIONS) | address


def _flatten(section: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in section.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
