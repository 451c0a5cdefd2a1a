"""Connections that their browser has closed: Streamlit may close one once more, which is no error worth a traceback."""

from __future__ import annotations

from contextlib import suppress

from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnected


class ClosedSockets:
    """End the handling of a connection quietly when it is found to be closed already."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        with suppress(WebSocketDisconnected):
            await self.app(scope, receive, send)
