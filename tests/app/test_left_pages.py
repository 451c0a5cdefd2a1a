"""Requests as browsers send them: a person's, and those that a live part of a page repeats."""

import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from app.left_pages import LeftPages


class Server:
    """A server that lists the pages it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] != "websocket.disconnect":
            data = message.get("bytes")
            self.asked.append(BackMsg.FromString(data).rerun_script.page_script_hash if data else message["text"])


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def server() -> Server:
    return Server()


def asks(page: str, *, is_automatic: bool = False) -> bytes:
    message = BackMsg()
    message.rerun_script.page_script_hash = page
    message.rerun_script.is_auto_rerun = is_automatic
    return message.SerializeToString()


def test_what_a_left_page_asks_for_is_not_passed_on(server: Server):
    with TestClient(LeftPages(server)).websocket_connect("/") as socket:
        for page, is_automatic in (
            ("runs", False),
            ("runs", True),
            ("query", False),  # a link
            ("runs", True),  # too late
            ("query", True),  # the browser has arrived
            ("query", False),
            ("runs", False),  # back again
            ("runs", True),
        ):
            socket.send_bytes(asks(page, is_automatic=is_automatic))
    assert server.asked == ["runs", "runs", "query", "query", "query", "runs", "runs"]


def test_a_page_that_the_server_opens_is_no_left_one(server: Server):
    with TestClient(LeftPages(server)).websocket_connect("/") as socket:
        for page, is_automatic in (("new", False), ("generate", True), ("generate", True), ("runs", False)):
            socket.send_bytes(asks(page, is_automatic=is_automatic))
        socket.send_bytes(asks("generate", is_automatic=True))
    assert server.asked == ["new", "generate", "generate", "runs"]


def test_a_page_that_never_arrives_gives_way(server: Server):
    clock = Clock()
    with TestClient(LeftPages(server, clock)).websocket_connect("/") as socket:
        socket.send_bytes(asks("runs"))
        socket.send_bytes(asks("query"))
        socket.send_bytes(asks("runs", is_automatic=True))
        socket.send_text("no message of Streamlit's")
        while len(server.asked) < 3:
            pass
        clock.now = 60
        socket.send_bytes(asks("runs", is_automatic=True))
    assert server.asked == ["runs", "query", "no message of Streamlit's", "runs"]
