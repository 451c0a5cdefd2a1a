import re

import pytest
from fastapi.testclient import TestClient

SCRIPTS = ["page.js", "route.js", "schemas.js", "elements.js"]
PARTS = [("/docs", "text/html"), ("/docs/page.css", "text/css")] + [
    (f"/docs/{script}", "text/javascript") for script in SCRIPTS
]


@pytest.mark.parametrize(("path", "kind"), PARTS)
def test_the_page_is_complete_and_requests_no_other_host(client: TestClient, path: str, kind: str):
    response = client.get(path)

    assert response.status_code == 200
    assert response.headers["content-type"].startswith(kind)
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert re.findall(r"(?:https?:)?//[a-z]", response.text.replace("// ", "")) == []


def test_only_the_files_of_the_page_are_served(client: TestClient):
    page = client.get("/docs").text

    assert re.findall(r'(?:src|href)="([^"]+)"', page) == [
        "data:,",
        "docs/page.css",
        "docs/page.js",
        "/",
        "openapi.json",
        "openapi.json",
    ]
    imported = [re.findall(r'from "\./([^"]+)"', client.get(f"/docs/{script}").text) for script in SCRIPTS]
    assert {name for names in imported for name in names} == {*SCRIPTS} - {"page.js"}
    assert client.get("/docs/__init__.py").status_code == 404
    assert client.get("/docs/__init__.py").json()["error"].startswith("No route")


def test_the_page_is_not_in_openapi(client: TestClient):
    assert [path for path in client.get("/openapi.json").json()["paths"] if path.startswith("/docs")] == []


def test_every_route_has_a_title_a_description_and_a_described_group(client: TestClient):
    description = client.get("/openapi.json").json()
    groups = {group["name"] for group in description["tags"] if group["description"]}
    operations = [operation for path in description["paths"].values() for operation in path.values()]

    assert all(re.fullmatch(r"[A-Z][a-z]+( [a-z]+)+", operation["summary"]) for operation in operations)
    assert all(operation["description"].endswith(".") for operation in operations)
    assert {group for operation in operations for group in operation["tags"]} == groups
    assert len({operation["operationId"] for operation in operations}) == len(operations)
