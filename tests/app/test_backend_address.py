import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app.backend_address import BackendAddress

PAGE = "<!DOCTYPE html><html><head><title>ü</title></head></html>"
DOCUMENT = {"Accept": "text/html,*/*"}


@pytest.fixture
def client():
    routes = [
        Route("/query", lambda _request: HTMLResponse(PAGE)),
        Route("/api/html", lambda _request: HTMLResponse(PAGE)),
        Route("/json", lambda _request: JSONResponse({"a": "<head>"})),
        Route("/missing", lambda _request: PlainTextResponse("<head>", 404)),
    ]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(BackendAddress)]))


def test_a_document_has_the_address_of_the_server(client: TestClient):
    response = client.get("/query", headers=DOCUMENT)

    assert "BACKEND_BASE_URL:location.origin}</script><title>ü</title>" in response.text
    assert int(response.headers["content-length"]) == len(response.content)


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/query", {"Accept": "*/*"}), ("/api/html", DOCUMENT), ("/json", DOCUMENT), ("/missing", DOCUMENT)],
)
def test_other_responses_pass_unchanged(client: TestClient, path: str, headers: dict[str, str]):
    assert "BACKEND_BASE_URL" not in client.get(path, headers=headers).text
