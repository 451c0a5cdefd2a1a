"""Requests as browsers send them: a person's, and those that a live part of a page repeats."""

import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from app.left_pages import LeftPages, _chosen_page

BROKEN = b"\xff\xff"  # no message of Streamlit's


class Server:
    """A server that lists the requests it gets, and starts the pages that a test asks for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.requests: list[ClientState] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] != "websocket.disconnect":
            data = message.get("bytes")
            if not data:
                text = message["text"]
                if text.startswith("begin "):
                    await send({"type": "websocket.send", "bytes": begins(text.removeprefix("begin "))})
                self.asked.append(text)
                continue
            if data == BROKEN:
                continue
            request = BackMsg.FromString(data).rerun_script
            self.requests.append(request)
            self.asked.append(f"{request.page_script_hash} {request.fragment_id}".strip())


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def server() -> Server:
    return Server()


def asks(page: str, part: str = "", *, is_automatic: bool = False, query: str = "", input_: str = "") -> bytes:
    """Return a request for a page or a part of it; a live part asks for itself."""
    message = BackMsg()
    request = message.rerun_script
    request.page_script_hash, request.fragment_id, request.is_auto_rerun = page, part, is_automatic
    request.query_string = query
    if input_:
        widget = request.widget_states.widgets.add()
        widget.id, widget.string_value = "draft", input_
    return message.SerializeToString()


def begins(page: str) -> bytes:
    message = ForwardMsg()
    message.navigation.page_script_hash = page
    return message.SerializeToString()


def test_what_a_left_page_asks_for_by_itself_is_not_passed_on(server: Server):
    with TestClient(LeftPages(server)).websocket_connect("/") as socket:
        for page, part in (
            ("runs", ""),
            ("runs", "live"),
            ("query", ""),  # a link
            ("runs", "live"),  # too late
            ("query", "live"),  # the browser has arrived
            ("query", ""),
            ("runs", ""),  # back again
            ("runs", "live"),
        ):
            socket.send_bytes(asks(page, part, is_automatic=bool(part)))
    assert server.asked == ["runs", "runs live", "query", "query live", "query", "runs", "runs live"]


def test_what_a_person_has_typed_on_the_left_page_is_told_to_the_new_one(server: Server):
    with TestClient(LeftPages(server)).websocket_connect("/") as socket:
        socket.send_bytes(asks("query", query="experiment=shop"))
        socket.send_bytes(asks("query", "editor", query="experiment=shop&sql=1", input_="select 1"))
        socket.send_bytes(asks("runs", query="experiment=shop"))
        socket.send_bytes(asks("query", "editor", query="experiment=shop&sql=1", input_="select 12"))
        socket.send_bytes(asks("runs", "filter", query="experiment=shop", input_="late"))
    assert server.asked == ["query", "query editor", "runs", "runs", "runs filter"]
    late = server.requests[3]
    assert (late.query_string, late.is_auto_rerun, late.widget_states.widgets[0].string_value) == (
        "experiment=shop",
        False,
        "select 12",
    )


def test_a_page_that_the_server_opens_is_left_by_the_one_before(server: Server):
    with TestClient(LeftPages(server)).websocket_connect("/") as socket:
        socket.send_bytes(asks("new", query="experiment=shop"))
        for page in ("new", "generate"):  # a button of the first page opens the second
            socket.send_text(f"begin {page}")
            socket.receive_bytes()
        socket.send_bytes(asks("new", "live", is_automatic=True))
        socket.send_bytes(asks("new", "editor", query="experiment=shop", input_="a name"))
        socket.send_bytes(asks("generate", "live", is_automatic=True))
        socket.send_bytes(asks("new", ""))
    assert server.asked == ["new", "begin new", "begin generate", "generate", "generate live", "new"]
    assert server.requests[1].query_string == "experiment=shop"


def test_a_page_that_begins_late_is_not_taken_for_the_one_of_the_link(server: Server):
    with TestClient(LeftPages(server)).websocket_connect("/") as socket:
        socket.send_bytes(asks("runs"))
        socket.send_bytes(asks("query"))
        socket.send_text("begin runs")
        socket.receive_bytes()
        socket.send_bytes(asks("runs", "live", is_automatic=True))
        socket.send_bytes(asks("query", "live", is_automatic=True))
    assert server.asked == ["runs", "query", "begin runs", "query live"]


def test_the_first_page_is_the_one_that_the_server_chooses(server: Server):
    with TestClient(LeftPages(server)).websocket_connect("/") as socket:
        socket.send_bytes(asks("chosen", "live", is_automatic=True))  # a connection of before, made anew
        socket.send_bytes(asks(""))
        socket.send_text("begin chosen")
        socket.receive_bytes()
        socket.send_bytes(asks("chosen", "live", is_automatic=True))
    assert server.asked == ["chosen live", "", "begin chosen", "chosen live"]


def test_a_page_that_never_begins_gives_way(server: Server):
    clock = Clock()
    with TestClient(LeftPages(server, clock)).websocket_connect("/") as socket:
        socket.send_bytes(asks("runs"))
        socket.send_bytes(asks("query"))
        socket.send_bytes(asks("runs", "live", is_automatic=True))
        socket.send_text("no message of Streamlit's")
        while len(server.asked) < 3:
            pass
        clock.now = 60
        socket.send_bytes(asks("runs", "live", is_automatic=True))
        socket.send_bytes(BROKEN)
    assert server.asked[:4] == ["runs", "query", "no message of Streamlit's", "runs live"]


def test_only_the_navigation_tells_the_page():
    started = ForwardMsg()
    started.new_session.page_script_hash = "frame"  # the script of all pages
    assert _chosen_page({"type": "websocket.send", "bytes": begins("query")}) == "query"
    assert _chosen_page({"type": "websocket.send", "bytes": started.SerializeToString()}) == ""
    assert _chosen_page({"type": "websocket.send", "bytes": BROKEN}) == ""
    assert _chosen_page({"type": "websocket.send", "text": "query"}) == ""
