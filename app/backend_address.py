"""Middleware that adds the server's address to the pages.

Each page has its own address (`/query`), and Streamlit's frontend looks for its server below it first: two failing
requests, each with an error in the browser's console. With the address in the document it goes there directly.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEAD = b"<head><script>window.__streamlit={...window.__streamlit,BACKEND_BASE_URL:location.origin}</script>"


class BackendAddress:
    """Add the server's address to the HTML documents of the app."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and rewrite the response if it is a document of the app."""
        wants_document = scope["type"] == "http" and "text/html" in Headers(scope=scope).get("accept", "")
        if not wants_document or scope["path"].startswith("/api"):
            await self.app(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self.app({**scope, "headers": headers}, receive, _Rewriter(send))


class _Rewriter:
    """Buffers an HTML response until it is complete; passes on any other."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_document(message):
            self._start = message
        elif message["type"] == "http.response.body" and self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)
        else:
            await self._send(message)

    async def _finish(self, start: Message) -> None:
        body = self._body.replace(b"<head>", _HEAD, 1)
        MutableHeaders(raw=start["headers"])["content-length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _is_document(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return start["status"] == 200 and headers.get("content-type", "").startswith("text/html")
