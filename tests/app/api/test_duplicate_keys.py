import json

import pytest
from fastapi.testclient import TestClient

import engine
from tests.app.api.conftest import SHOP

JSON = {"content-type": "application/json"}


def test_a_duplicate_key_is_reported_with_its_position(client: TestClient):
    text = json.dumps(SHOP).replace('"name": "city"', '"name": "city", "data_type": "DATE"')

    response = client.post("/experiments", content=text, headers=JSON)

    assert response.status_code == 422
    assert response.json()["problems"] == [
        {
            "where": "customers.city",
            "message": 'The key "data_type" appears twice in one object.',
            "hint": "Keep one of the two.",
        }
    ]


def test_a_body_is_not_read_as_a_path(client: TestClient):
    assert client.post("/experiments", content="/etc/passwd", headers=JSON).status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/experiments", '{"name": "a\\ud800", "tables": []}'),
        ("POST", "/query/execute", '{"sql": "select \'\\ud800\'"}'),
        ("POST", "/query/execute", '{"sql": "select 1", "experiment": "\\ud800"}'),
        ("POST", "/experiments/import-sql", '{"sql": "create table \\ud800", "name": "a", "dialect": "redshift"}'),
        (
            "POST",
            "/experiments/import-sql",
            '{"sql": "create table t", "name": "\\ud800", "dialect": "duckdb"}',
        ),
        ("POST", "/experiments/review-sql", '{"sql": "\\ud800", "name": "a", "dialect": "redshift"}'),
        ("PUT", "/experiments/shop/queries/a", '{"sql": "\\ud800"}'),
        ("POST", "/experiments/shop/generate", '{"rows": {"\\ud800": 1}}'),
        ("POST", "/experiments/shop/generate", f'{{"rows": {"9" * 10_000}}}'),
        ("POST", "/experiments/shop/generate", f'{{"seed": {"9" * 4_000}}}'),
        ("POST", "/experiments/shop/estimate", '{"rows": 1e99999999}'),
    ],
)
def test_unsupported_values_are_bad_input(
    client: TestClient, shop: engine.Experiment, method: str, path: str, body: str
):
    response = client.request(method, path, content=body, headers=JSON)

    assert response.status_code == 422, response.text
    assert response.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/query/execute", '{"sql": "select 1", "sql": "select 2"}'),
        ("PUT", "/experiments/shop/queries/a", '{"sql": "select 1", "sql": "select 2"}'),
        ("POST", "/experiments/import-sql", '{"sql": "a", "sql": "b", "name": "a", "dialect": "redshift"}'),
        ("POST", "/experiments/review-sql", '{"sql": "a", "name": "a", "name": "b", "dialect": "redshift"}'),
        ("POST", "/experiments/shop/generate", '{"rows": {"orders": 1, "orders": 2}}'),
        ("POST", "/experiments/shop/estimate", '{"rows": {"orders": 1, "orders": 2}}'),
        ("POST", "/experiments/shop/load", '{"run_id": 1, "run_id": 2}'),
    ],
)
def test_a_duplicate_key_is_rejected_in_every_body(
    client: TestClient, shop: engine.Experiment, method: str, path: str, body: str
):
    response = client.request(method, path, content=body, headers=JSON)

    assert response.status_code == 422, response.text
    assert "Duplicate key" in response.json()["error"]


@pytest.mark.parametrize("name", ["%00", "a%00b", "%ED%A0%80", "%FF", "n" * 10_000])
@pytest.mark.parametrize(
    "path",
    [
        "/experiments/{}",
        "/experiments/{}/runs",
        "/experiments/shop/tables/{}/preview",
        "/experiments/shop/runs/{}",
        "/experiments/shop?table={}",
        "/runs?experiment={}",
    ],
)
def test_an_invalid_name_is_not_found_or_bad_input(client: TestClient, shop: engine.Experiment, path: str, name: str):
    assert client.get(path.format(name)).status_code < 500


@pytest.mark.parametrize("items", ["[],", "{},", "1,1,1,"])
def test_a_body_with_too_many_items_is_rejected_before_parsing(client: TestClient, items: str):
    body = f'{{"sql": [{items * 2_000_000}1]}}'

    response = client.post("/query/execute", content=body, headers=JSON)

    assert response.status_code == 413
    assert "commas" in response.json()["error"]


def test_a_long_script_is_not_rejected_for_its_commas(client: TestClient):
    script = f"create table t (a int, b int); insert into t values {'(1, 2), ' * 100_000}(3, 4)"

    response = client.post("/experiments/review-sql", json={"sql": script, "name": "a", "dialect": "redshift"})

    assert response.status_code == 200, response.text


@pytest.mark.parametrize(("columns", "type_", "unit"), [(60, "INT", "values"), (1, "VARCHAR(60000)", "bytes")])
def test_a_preview_that_is_too_large_is_rejected(client: TestClient, columns: int, type_: str, unit: str):
    made = [{"name": f"c{number}", "data_type": type_, "pattern": None} for number in range(columns)]
    if unit == "bytes":
        made[0]["values"] = ["x" * 60_000]
    table = {"name": "t", "columns": [{key: value for key, value in column.items() if value} for column in made]}
    assert client.post("/experiments", json={"name": "wide", "tables": [table]}).status_code == 201

    response = client.get("/experiments/wide/preview?table=t&rows=10000")

    assert response.status_code == 422
    assert unit in response.json()["error"]
    assert client.get("/experiments/wide/preview?table=t&rows=100").status_code == 200
