import json

import pytest
from fastapi.testclient import TestClient

import engine
from tests.app.api.conftest import SHOP

JSON = {"content-type": "application/json"}


def test_a_key_twice_is_named_with_its_place(client: TestClient):
    text = json.dumps(SHOP).replace('"name": "city"', '"name": "city", "data_type": "DATE"')

    answer = client.post("/experiments", content=text, headers=JSON)

    assert answer.status_code == 422
    assert answer.json()["problems"] == [
        {
            "where": "customers.city",
            "message": 'The key "data_type" appears twice in one object.',
            "hint": "Keep one of the two.",
        }
    ]


def test_a_body_is_not_taken_for_a_path(client: TestClient):
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
def test_what_cannot_be_stored_or_computed_with_is_bad_input(
    client: TestClient, shop: engine.Experiment, method: str, path: str, body: str
):
    answer = client.request(method, path, content=body, headers=JSON)

    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]


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
def test_a_key_twice_is_refused_in_every_body(
    client: TestClient, shop: engine.Experiment, method: str, path: str, body: str
):
    answer = client.request(method, path, content=body, headers=JSON)

    assert answer.status_code == 422, answer.text
    assert "appears twice in one object" in answer.json()["error"]


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
def test_a_name_that_cannot_be_is_not_found_or_bad_input(
    client: TestClient, shop: engine.Experiment, path: str, name: str
):
    assert client.get(path.format(name)).status_code < 500
