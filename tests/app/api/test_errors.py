import asyncio
from typing import Any

import pytest
from fastapi.testclient import TestClient

import engine
from app.api import create_api
from app.api.errors import build_body, get_status
from app.api.guard import BodyGuard, HostGuard, allowed_hosts
from engine import errors


def test_an_unknown_route_has_an_error_body(client: TestClient):
    response = client.get("/experimnts")

    assert response.status_code == 404
    assert response.json() == {
        "error": "No route /experimnts.",
        "hint": "See GET /api/openapi.json for all routes.",
    }


def test_a_wrong_method_has_an_error_body(client: TestClient):
    response = client.put("/experiments")

    assert response.status_code == 405
    assert response.json()["error"] == "/experiments does not support PUT."
    assert "POST" in response.headers["allow"] or "GET" in response.headers["allow"]


def test_a_body_of_another_type_names_the_missing_header(client: TestClient):
    response = client.post("/query/execute", content='{"sql": "select 1"}', headers={"content-type": "text/plain"})

    assert response.status_code == 422
    assert response.json()["hint"] == "Send it with Content-Type: application/json."


def test_an_unexpected_failure_exposes_no_details(workbench: engine.Workbench):
    api = create_api(workbench)

    @api.get("/broken")
    def broken() -> None:
        open("/nowhere/at/all")  # noqa: PTH123, SIM115

    with TestClient(api, raise_server_exceptions=False) as client:
        response = client.get("/broken")

    assert response.status_code == 500
    assert set(response.json()) == {"error", "hint"}
    assert "/nowhere" not in response.text
    assert "Traceback" not in response.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotFoundError("x"), 404),
        (errors.ConflictError("x"), 409),
        (errors.BusyError("x"), 409),
        (errors.LoadError("x"), 500),
        (errors.SchemaError([]), 422),
        (errors.SqlImportError("x"), 422),
        (errors.QueryError("x"), 422),
        (errors.GenerationError("x"), 422),
        (errors.WorkbenchError("x"), 422),
    ],
)
def test_every_error_has_its_status(error: errors.WorkbenchError, status: int):
    assert get_status(error) == status


def test_an_error_message_starts_with_its_position():
    body = build_body(errors.RuleError("is wrong.", where="orders.id", hint="Fix it."))

    assert (body.error, body.hint) == ("orders.id: is wrong.", "Fix it.")


def test_openapi_describes_bodies_and_error_responses(client: TestClient):
    document = client.get("/openapi.json").json()

    create = document["paths"]["/experiments"]["post"]
    reference = "#/components/schemas/ExperimentSchema"
    assert create["requestBody"]["content"]["application/json"]["schema"]["$ref"] == reference
    assert "ExperimentSchema" in document["components"]["schemas"]
    assert set(create["responses"]) == {"201", "409", "422"}
    for status in ("409", "422"):
        schema = create["responses"][status]["content"]["application/json"]["schema"]
        assert schema["$ref"] == "#/components/schemas/ErrorBody"


def test_pages_with_external_scripts_are_off(client: TestClient):
    assert client.get("/redoc").status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"origin": "http://testserver"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://testserver:3000"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, 403),
    ],
)
def test_only_own_pages_and_programs_can_change_data(client: TestClient, headers: dict[str, str], status: int):
    response = client.post("/query/execute", json={"sql": "select 1"}, headers=headers)

    assert response.status_code == status
    if status == 403:
        assert set(response.json()) == {"error", "hint"}


def test_cross_site_reads_are_allowed(client: TestClient):
    assert client.get("/experiments", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_a_body_over_the_limit_is_rejected(client: TestClient):
    long = b'{"sql": "' + b"x" * (32 * 1024 * 1024) + b'"}'
    headers = {"content-type": "application/json"}

    for content in (long, iter([long])):  # the second one has no Content-Length
        response = client.post("/query/execute", content=content, headers=headers)
        assert response.status_code == 413
        assert set(response.json()) == {"error", "hint"}


def test_a_body_in_pieces_is_complete():
    pieces = [{"type": "http.request", "body": b"ab", "more_body": True}, {"type": "http.request", "body": b"cd"}]
    seen = b""

    async def receive() -> Any:
        return pieces.pop(0)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        nonlocal seen
        for _ in range(2):
            seen += (await receive())["body"]

    async def send(message: Any) -> None: ...

    asyncio.run(BodyGuard(application, max_bytes=4)({"type": "http", "headers": []}, receive, send))

    assert seen == b"abcd"


@pytest.mark.parametrize(
    ("listens_on", "host", "status"),
    [
        ("127.0.0.1", "127.0.0.1:8501", 200),
        ("127.0.0.1", "localhost", 200),
        ("127.0.0.1", "LOCALHOST.:80", 200),
        ("127.0.0.1", "[::1]:8501", 200),
        ("127.0.0.1", "evil.example", 400),
        ("127.0.0.1", "127.0.0.1.evil.example", 400),
        ("127.0.0.1", "192.168.1.5", 400),
        ("127.0.0.1", "", 400),
        ("box.example", "box.example:8501", 200),
        ("0.0.0.0", "192.168.1.5:8501", 200),
        ("0.0.0.0", "[fe80::1]", 200),
        ("0.0.0.0", "evil.example", 400),
    ],
)
def test_only_own_host_names_are_accepted(workbench: engine.Workbench, listens_on: str, host: str, status: int):
    with TestClient(HostGuard(create_api(workbench), host=listens_on)) as client:
        response = client.get("/experiments", headers={"host": host})

    assert response.status_code == status


def test_a_websocket_to_another_host_name_is_closed():
    sent: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        sent.append("reached")

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "websocket", "headers": [(b"host", b"evil.example")]}
    asyncio.run(HostGuard(application, host="127.0.0.1")(scope, None, send))  # type: ignore[arg-type]

    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_a_server_on_every_address_accepts_the_host_name_of_the_machine():
    import socket

    assert socket.gethostname().lower() in allowed_hosts("0.0.0.0")
    assert "localhost" in allowed_hosts("10.0.0.1")
