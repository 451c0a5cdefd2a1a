"""A cookie that tells browsers apart: the query tabs of one are not shown in another.

It holds a random name and opens nothing: whoever reaches the server sees its experiments without it.
"""

from __future__ import annotations

import secrets
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BROWSER_COOKIE = "dw_simulator_browser"
_SECONDS = 400 * 24 * 3600  # browsers allow no more


class BrowserCookie:
    """Set the cookie with each page that is requested without it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and set the cookie with its response if it is a page."""
        if scope["type"] != "http" or scope["method"] != "GET" or _has_cookie(scope):
            await self.app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    name = secrets.token_hex(12)
                    headers.append(
                        "set-cookie",
                        f"{BROWSER_COOKIE}={name}; Path=/; Max-Age={_SECONDS}; HttpOnly; SameSite=Strict",
                    )
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def _has_cookie(scope: Scope) -> bool:
    try:
        return BROWSER_COOKIE in SimpleCookie(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return False
