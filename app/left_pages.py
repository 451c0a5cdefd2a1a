"""A page is never drawn over, undone or emptied by the page that a person has just left.

Until the browser knows its new page, a live part of the old page still asks for itself, and an editor still tells what
was typed last. Streamlit takes such a request as one for the old page: merged with the click on a link, the click is
lost; run after it, the browser empties the new page. A request that a page makes by itself is not passed on here; one
that carries a person's input becomes a request for the new page, so that the input is kept as well.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

_BEGINS_WITHIN_SECONDS = 30.0
_LARGEST_NAVIGATION_BYTES = 1 << 16


class LeftPages:
    """Pass messages of browsers on, without what asks for a part of a page that has been left."""

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
                request = _request(message)
                if request is None:
                    return message
                if not pages.is_of_left_page(request.rerun_script):
                    return message
                if not request.rerun_script.is_auto_rerun:
                    pages.ask_for_new_page(request.rerun_script)
                    return {**message, "bytes": request.SerializeToString()}

        async def send_noted(message: Message) -> None:
            page = _chosen_page(message)
            if page:
                pages.begin(page)
            await send(message)

        await self.app(scope, receive_wanted, send_noted)


class _Pages:
    """The page that a browser is on, or on its way to."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._page = ""
        self._asked = ClientState()
        self._asked_at: float | None = None  # none once the page that was asked for has begun

    def is_of_left_page(self, request: ClientState) -> bool:
        """Return whether a request is for a part of another page than this one; a request for a page changes it."""
        if not request.fragment_id:
            self._page = request.page_script_hash
            self._asked = request
            self._asked_at = self._clock()
            return False
        return self._page not in {"", request.page_script_hash} and not self._is_lost()

    def ask_for_new_page(self, request: ClientState) -> None:
        """Turn a request of the left page into one for the page of now, with all that it tells of a person's input."""
        if self._asked.page_script_hash == self._page:  # otherwise the server has chosen the page
            request.query_string = self._asked.query_string
        request.page_script_hash = self._page
        request.page_name = ""
        request.fragment_id = ""

    def begin(self, page: str) -> None:
        """Note the page that the server has chosen; the first run of a browser asks for none."""
        if self._asked_at is None or self._page in {"", page} or self._is_lost():
            self._page = page
            self._asked_at = None

    def _is_lost(self) -> bool:
        return self._asked_at is not None and self._clock() - self._asked_at > _BEGINS_WITHIN_SECONDS


def _request(message: Message) -> BackMsg | None:
    """Return what a browser asks for, if it asks for a page or a part of one."""
    data = message.get("bytes")
    if message["type"] != "websocket.receive" or not data:
        return None
    try:
        sent = BackMsg.FromString(data)
    except DecodeError:
        return None  # Streamlit says what is wrong
    return sent if sent.WhichOneof("type") == "rerun_script" else None


def _chosen_page(message: Message) -> str:
    """Return the page that a message tells the browser to be on; nothing for all other messages."""
    data = message.get("bytes")
    if message["type"] != "websocket.send" or not data or len(data) > _LARGEST_NAVIGATION_BYTES:
        return ""
    try:
        sent = ForwardMsg.FromString(data)
    except DecodeError:
        return ""
    return sent.navigation.page_script_hash if sent.WhichOneof("type") == "navigation" else ""
