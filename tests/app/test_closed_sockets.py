import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.closed_sockets import ClosedSockets


async def _close_twice(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()
    await socket.close()


async def _fail(socket: WebSocket) -> None:
    await socket.accept()
    raise RuntimeError("another error")


@pytest.fixture
def client() -> TestClient:
    routes = [WebSocketRoute("/twice", _close_twice), WebSocketRoute("/fails", _fail)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(ClosedSockets)]))


def test_a_connection_that_is_closed_twice_ends_quietly(client: TestClient):
    with client.websocket_connect("/twice") as socket, pytest.raises(WebSocketDisconnect):
        socket.receive_text()


def test_other_errors_are_raised(client: TestClient):
    with pytest.raises(RuntimeError, match="another error"), client.websocket_connect("/fails") as socket:
        socket.receive_text()
