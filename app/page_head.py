"""What the head of each page needs beside Streamlit's own: the server's address, and styles without a theme option.

Each page has its own address (`/query`), and Streamlit's frontend looks for its server below it first: two failing
requests, each with an error in the browser's console. With the address in the page it goes there directly. Styles in an
element would come after the first elements of the page, which would jump when they come.
"""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_STYLE = Path(__file__).parent / "static" / "look.css"
_ADDRESS = b"<script>window.__streamlit={...window.__streamlit,BACKEND_BASE_URL:location.origin}</script>"
_CONDITIONS = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
_VALIDATORS = ("etag", "last-modified", "accept-ranges")  # of the page as it was


class PageHead:
    """Add to the head of each page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._head = b"<head>" + _ADDRESS + b"<style>\n" + _STYLE.read_bytes() + b"</style>"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add to its response if it is a page."""
        if not _asks_for_page(scope):
            await self.app(scope, receive, send)
            return
        plain_request = {**scope, "headers": [each for each in scope["headers"] if each[0] not in _CONDITIONS]}
        start: Message | None = None
        page = bytearray()

        async def send_with_head(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif message["type"] == "http.response.body" and start is not None:
                page.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    await self._send_page(start, bytes(page), send)
            else:
                await send(message)

        await self.app(plain_request, receive, send_with_head)

    async def _send_page(self, start: Message, page: bytes, send: Send) -> None:
        body = page.replace(b"<head>", self._head, 1)
        headers = MutableHeaders(scope=start)
        headers["content-length"] = str(len(body))
        for name in _VALIDATORS:
            del headers[name]
        await send(start)
        await send({"type": "http.response.body", "body": body})


def _asks_for_page(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and not scope["path"].startswith("/api")
        and "text/html" in Headers(scope=scope).get("accept", "")
    )


def _is_page(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return start["status"] == 200 and headers.get("content-type", "").startswith("text/html")
