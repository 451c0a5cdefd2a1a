"""The head of each page: the server's address, and the styles before the first element is drawn."""

from http import HTTPStatus

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app.page_head import PageHead

PAGE = "<!DOCTYPE html><html><head><title>ü</title></head></html>"
AS_BROWSER = {"Accept": "text/html,*/*", "Accept-Encoding": "gzip"}


@pytest.fixture
def client(tmp_path) -> TestClient:
    (tmp_path / "index.html").write_text(PAGE, "utf-8")
    routes = [
        Route("/query", lambda _request: HTMLResponse(PAGE)),
        Route("/file", lambda _request: FileResponse(tmp_path / "index.html")),
        Route("/parts", lambda _request: StreamingResponse(iter([PAGE[:20], PAGE[20:]]), media_type="text/html")),
        Route("/api/html", lambda _request: HTMLResponse(PAGE)),
        Route("/json", lambda _request: JSONResponse({"a": "<head>"})),
        Route("/missing", lambda _request: PlainTextResponse("<head>", 404)),
    ]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(PageHead)]))


@pytest.mark.parametrize("path", ["/query", "/file", "/parts"])
def test_a_page_has_the_address_of_the_server_and_the_styles(client: TestClient, path: str):
    response = client.get(path, headers=AS_BROWSER)

    start, end = PAGE.split("<title>")
    added = response.text.removeprefix(start).removesuffix(f"<title>{end}")
    assert response.text == f"{start}{added}<title>{end}"
    assert "BACKEND_BASE_URL:location.origin}</script><style>" in added
    assert ".st-key-run_chip" in added
    assert int(response.headers["content-length"]) == len(response.content)


def test_a_page_that_the_browser_has_is_sent_again_as_its_styles_may_have_changed(client: TestClient):
    etag = client.get("/file").headers["etag"]

    response = client.get("/file", headers=AS_BROWSER | {"If-None-Match": etag})

    assert response.status_code == HTTPStatus.OK
    assert "etag" not in response.headers


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/query", {"Accept": "*/*"}), ("/api/html", AS_BROWSER), ("/json", AS_BROWSER), ("/missing", AS_BROWSER)],
)
def test_other_responses_pass_unchanged(client: TestClient, path: str, headers: dict[str, str]):
    assert "BACKEND_BASE_URL" not in client.get(path, headers=headers).text
    assert client.head(path, headers=headers).headers["content-length"] == str(len(client.get(path).content))
