import re

import pytest
from fastapi.testclient import TestClient


def test_the_page_takes_all_from_this_server(client: TestClient):
    page = client.get("/docs")

    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'self';")
    assert re.findall(r'(?:src|href)="([^"]+)"', page.text) == [
        "data:,",
        "docs/page.css",
        "docs/page.js",
        "openapi.json",
        "/",
    ]


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/docs/page.js", "text/javascript; charset=utf-8"), ("/docs/page.css", "text/css; charset=utf-8")],
)
def test_its_script_and_look_name_no_other_host(client: TestClient, path: str, kind: str):
    file = client.get(path)

    assert (file.status_code, file.headers["content-type"]) == (200, kind)
    assert "://" not in file.text


def test_no_other_file_is_served(client: TestClient):
    assert client.get("/docs/page.html").status_code == 404
    assert client.get("/docs/..%2fdocs.py").status_code == 404


def test_the_description_does_not_list_the_page(client: TestClient):
    assert not [path for path in client.get("/openapi.json").json()["paths"] if "docs" in path]
