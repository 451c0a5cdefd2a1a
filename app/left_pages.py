"""A click on a page's link is never undone by the page that it leaves.

A live part of a page asks for itself every second or so. When it asks right after a click on a link, before the browser
knows the new page, Streamlit merges both requests, keeps the page of the later one, and the click is lost. Such a
request has no use any more: it is not passed on.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

_ARRIVES_WITHIN_SECONDS = 30.0


class LeftPages:
    """Pass messages of browsers on, without what a page asks for by itself after a link has left it."""

    def __init__(self, app: ASGIApp, clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the connection on; each has pages of its own."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        pages = _Pages(self._clock)

        async def receive_wanted() -> Message:
            while True:
                message = await receive()
                if not pages.is_left(message):
                    return message

        await self.app(scope, receive_wanted, send)


class _Pages:
    """The page that a browser has asked for, and the one that it left for it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._asked = ""
        self._left = ""
        self._left_at = 0.0

    def is_left(self, message: Message) -> bool:
        """Return whether a message is a request that a page makes by itself after it has been left."""
        data = message.get("bytes")
        if message["type"] != "websocket.receive" or not data:
            return False
        try:
            sent = BackMsg.FromString(data)
        except DecodeError:
            return False  # Streamlit says what is wrong
        if sent.WhichOneof("type") != "rerun_script":
            return False
        page, is_automatic = sent.rerun_script.page_script_hash, sent.rerun_script.is_auto_rerun
        if is_automatic and page == self._left and self._clock() - self._left_at < _ARRIVES_WITHIN_SECONDS:
            return True
        if page == self._asked:
            self._left = ""  # the browser has arrived
        elif not is_automatic:
            self._left, self._left_at = self._asked, self._clock()
        self._asked = page
        return False
