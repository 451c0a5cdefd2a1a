from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import engine
from app.api import create_api
from tests.app.api.conftest import SCRIPT, SHOP


def test_create_returns_the_experiment_with_its_schema(client: TestClient):
    response = client.post("/experiments", json=SHOP)

    assert response.status_code == 201
    body = response.json()
    assert body["name"] == "shop"
    assert body["tables"][1] == {"name": "orders", "columns": 3, "rows": 0, "target_rows": 50}
    assert body["warnings"] == []
    assert body["schema"]["tables"][0]["columns"][1]["values"] == ["Oslo", "Bergen"]


def test_creating_a_taken_name_is_a_conflict(client: TestClient, shop: engine.Experiment):
    response = client.post("/experiments", json=SHOP | {"name": "SHOP"})

    assert response.status_code == 409
    assert set(response.json()) == {"error", "hint"}
    assert "shop" in response.json()["error"].lower()


def test_all_problems_of_a_schema_are_returned(client: TestClient, workbench: engine.Workbench):
    columns = [{"name": "a", "data_type": "INTT"}, {"name": "b", "data_type": "VARCHAR", "varchar_length": 0}]
    response = client.post("/experiments", json={"name": "x", "tables": [{"name": "t", "columns": columns}]})

    assert response.status_code == 422
    body = response.json()
    assert {"error", "hint", "problems"} == set(body)
    assert len(body["problems"]) == 2
    assert "INTT" in body["error"]
    assert workbench.experiments() == []


@pytest.mark.parametrize("body", ["[1]", '"text"', "{", ""])
def test_a_schema_that_is_not_an_object_is_bad_input(client: TestClient, body: str):
    response = client.post("/experiments", content=body, headers={"content-type": "application/json"})

    assert response.status_code == 422
    assert set(response.json()) - {"problems"} == {"error", "hint"}


def test_an_import_returns_warnings_notes_and_counts(client: TestClient):
    response = client.post("/experiments/import-sql", json={"sql": SCRIPT, "name": "tpch", "dialect": "redshift"})

    assert response.status_code == 201
    body = response.json()
    assert body["name"] == "tpch"
    assert len(body["warnings"]) == 1 and "lineitem" in body["warnings"][0]
    assert body["statements"] == 2
    assert body["imported"] + body["imported_with_notes"] + body["skipped"] == 2
    assert {note["line"] for note in body["notes"] if note["level"] == "skipped"} == {8}
    assert body["schema"]["tables"][0]["columns"][0]["name"] == "_row_id"


def test_importing_a_taken_name_is_a_conflict(client: TestClient, shop: engine.Experiment):
    response = client.post("/experiments/import-sql", json={"sql": SCRIPT, "name": "shop", "dialect": "redshift"})

    assert response.status_code == 409


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"sql": ""}, "CREATE TABLE"),
        ({"dialect": "oracle"}, "oracle"),
        ({"name": "select"}, "select"),
        ({"sq": 1}, "sq"),
    ],
)
def test_an_import_of_bad_input_has_a_reason(client: TestClient, change: dict[str, object], word: str):
    request = {"sql": SCRIPT, "name": "tpch", "dialect": "redshift"} | change
    response = client.post("/experiments/import-sql", json=request)

    assert response.status_code == 422
    assert word in f"{response.json()['error']} {response.json()['hint']}"


def test_the_list_carries_rows_and_warnings(client: TestClient, filled: engine.Experiment):
    client.post("/experiments/import-sql", json={"sql": SCRIPT, "name": "tpch", "dialect": "redshift"})

    response = client.get("/experiments")

    assert response.status_code == 200
    shop, tpch = response.json()["experiments"]
    assert [table["rows"] for table in shop["tables"]] == [20, 50]
    assert shop["warnings"] == [] and shop["loaded_run_id"] == 1
    assert len(tpch["warnings"]) == 1


def test_an_empty_home_has_an_empty_list(client: TestClient):
    assert client.get("/experiments").json() == {"experiments": [], "damaged": [], "notes": []}


def test_unknown_files_are_listed_without_the_path_of_the_home_folder(
    workbench: engine.Workbench, filled: engine.Experiment, home: Path
):
    (home / "experiments" / "stranger").mkdir()
    (home / "experiments" / "stranger" / "notes.txt").write_text("mine")
    workbench.close()

    with engine.Workbench(home) as reopened, TestClient(create_api(reopened)) as client:
        notes = client.get("/experiments").json()["notes"]

    assert notes == [f"{Path('experiments/stranger')}: Not a workbench file; it is ignored."]


def test_a_reset_right_after_a_run_is_not_a_conflict(client: TestClient, shop: engine.Experiment):
    for run_id in range(1, 9):
        assert client.post("/experiments/shop/generate", json={"seed": run_id}).status_code == 202
        while client.get(f"/experiments/shop/runs/{run_id}").json()["status"] == "RUNNING":
            pass
        assert client.post("/experiments/shop/reset").status_code == 200


def test_experiment_names_are_case_insensitive(client: TestClient, shop: engine.Experiment):
    response = client.get("/experiments/SHOP")

    assert response.status_code == 200
    assert response.json()["name"] == "shop"
    assert response.json()["size_bytes"] >= 0


def test_the_schema_of_a_response_creates_the_same_experiment(client: TestClient, shop: engine.Experiment):
    schema = client.get("/experiments/shop").json()["schema"]

    response = client.post("/experiments", json=schema | {"name": "again"})

    assert response.status_code == 201
    assert response.json()["schema"] == schema | {"name": "again"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("DELETE", ""),
        ("GET", "/preview?table=t"),
        ("POST", "/generate"),
        ("POST", "/load"),
        ("POST", "/reset"),
        ("GET", "/runs"),
        ("GET", "/runs/1"),
        ("POST", "/runs/1/cancel"),
    ],
)
def test_an_unknown_experiment_is_not_found(client: TestClient, shop: engine.Experiment, method: str, path: str):
    response = client.request(method, f"/experiments/shpo{path}")

    assert response.status_code == 404
    assert "shpo" in response.json()["error"]
    assert "shop" in response.json()["hint"]


def test_delete_removes_the_experiment(client: TestClient, filled: engine.Experiment, home: Path):
    response = client.delete("/experiments/Shop")

    assert response.status_code == 200
    assert response.json() == {"name": "shop"}
    assert client.get("/experiments/shop").status_code == 404
    assert not list(home.rglob("*.parquet"))


def test_delete_during_a_run_is_a_conflict(client: TestClient, busy: engine.Experiment):
    assert client.delete("/experiments/shop").status_code == 409
    assert client.get("/experiments/shop").status_code == 200


def test_a_preview_shows_the_rows_of_the_run_with_the_same_seed(client: TestClient, filled: engine.Experiment):
    response = client.get("/experiments/shop/preview", params={"table": "orders", "rows": 3, "offset": 2, "seed": 7})

    types = {column["name"]: column["type"] for column in response.json()["columns"]}
    assert types == {"order_id": "INT", "customer_id": "INT", "amount": "DECIMAL(8,2)"}

    assert response.status_code == 200
    body = response.json()
    assert [column["name"] for column in body["columns"]] == ["order_id", "customer_id", "amount"]
    stored = client.post("/query/execute", json={"sql": "select * from shop__orders"}).json()["rows"]
    assert len(body["rows"]) == 3
    assert all(row in stored for row in body["rows"])


@pytest.mark.parametrize("query", ["table=orders&rows=-1", "table=orders&rows=x", "rows=3", "table=orders&offset=-1"])
def test_a_preview_with_bad_input_is_rejected(client: TestClient, shop: engine.Experiment, query: str):
    response = client.get(f"/experiments/shop/preview?{query}")

    assert response.status_code == 422
    assert set(response.json()) == {"error", "hint"}


def test_a_preview_of_an_unknown_table_is_not_found(client: TestClient, shop: engine.Experiment):
    response = client.get("/experiments/shop/preview?table=order")

    assert response.status_code == 404
    assert "orders" in f"{response.json()['error']} {response.json()['hint']}"


def test_reset_empties_the_tables(client: TestClient, filled: engine.Experiment):
    response = client.post("/experiments/shop/reset")

    assert response.status_code == 200
    assert response.json() == {"name": "shop", "reset_tables": ["customers", "orders"]}
    assert filled.row_counts() == {"customers": 0, "orders": 0}


def test_reset_during_a_run_is_a_conflict(client: TestClient, busy: engine.Experiment):
    response = client.post("/experiments/shop/reset")

    assert response.status_code == 409
    assert "since" in response.json()["error"]


def test_load_restores_a_run(client: TestClient, filled: engine.Experiment):
    filled.reset()

    response = client.post("/experiments/shop/load", json={"run_id": 1})

    assert response.status_code == 200
    assert response.json() == {
        "experiment": "shop",
        "run_id": 1,
        "loaded_tables": ["customers", "orders"],
        "row_counts": {"customers": 20, "orders": 50},
    }


@pytest.mark.parametrize("body", [None, {}, {"run_id": None}])
def test_load_takes_the_newest_run_by_default(client: TestClient, filled: engine.Experiment, body: object):
    assert client.post("/experiments/shop/load", json=body).json()["run_id"] == 1


def test_load_without_a_completed_run_is_a_conflict(client: TestClient, shop: engine.Experiment):
    assert client.post("/experiments/shop/load").status_code == 409


def test_load_of_an_unknown_run_is_not_found(client: TestClient, filled: engine.Experiment):
    assert client.post("/experiments/shop/load", json={"run_id": 9}).status_code == 404


@pytest.mark.parametrize("run_id", ["one", 0, 2**70, True, 1.5])
def test_load_of_an_invalid_run_id_is_bad_input(client: TestClient, filled: engine.Experiment, run_id: object):
    assert client.post("/experiments/shop/load", json={"run_id": run_id}).status_code == 422


def test_load_of_a_damaged_file_fails_with_its_reason(client: TestClient, filled: engine.Experiment, home: Path):
    for part in home.rglob("*.parquet"):
        part.write_bytes(b"not Parquet")

    response = client.post("/experiments/shop/load", json={"run_id": 1})

    assert response.status_code == 500
    assert "customers" in response.json()["error"]
    assert filled.row_counts() == {"customers": 20, "orders": 50}


def test_ddl_of_an_experiment(client: TestClient, shop: engine.Experiment):
    response = client.get("/experiments/shop/ddl", params={"dialect": "snowflake"})

    assert response.status_code == 200
    assert response.text == shop.to_ddl("snowflake")
    assert response.text.startswith("create table ")


def test_ddl_of_an_unknown_dialect_or_experiment(client: TestClient, shop: engine.Experiment):
    assert client.get("/experiments/shop/ddl", params={"dialect": "oracle"}).status_code == 422
    assert client.get("/experiments/shap/ddl").status_code == 404


def test_a_preview_uses_the_given_row_counts(client: TestClient, shop: engine.Experiment):
    path = "/experiments/shop/preview?table=orders&seed=4&counts=customers=1000000&counts=orders=60"

    rows = client.get(path).json()["rows"]

    wanted = shop.preview("orders", seed=4, counts={"customers": 1_000_000, "orders": 60})
    assert [row[1] for row in rows] == wanted["customer_id"].to_list()
    assert max(row[1] for row in rows) > 20
    assert client.get("/experiments/shop/preview?table=orders&counts=orders").status_code == 422
    assert client.get("/experiments/shop/preview?table=orders&counts=ordres=5").status_code == 422


def test_the_diagram_is_mermaid(client: TestClient, shop: engine.Experiment):
    whole = client.get("/experiments/shop/diagram")

    assert whole.headers["content-type"].startswith("text/plain")
    assert whole.text == shop.diagram()
    assert client.get("/experiments/shop/diagram?around=orders").text == shop.diagram("orders")
    assert client.get("/experiments/shop/diagram?around=ordres").status_code == 404


def test_a_script_is_reviewed_and_nothing_is_saved(client: TestClient):
    body = {"sql": SCRIPT, "name": "tpch", "dialect": "redshift"}

    reviewed = client.post("/experiments/review-sql", json=body).json()

    assert client.get("/experiments").json()["experiments"] == []
    imported = client.post("/experiments/import-sql", json=body).json()
    assert {key: imported[key] for key in reviewed if key != "samples"} == {
        key: value for key, value in reviewed.items() if key != "samples"
    }
    table = reviewed["schema"]["tables"][0]
    assert list(reviewed["samples"][table["name"]]) == [column["name"] for column in table["columns"]]
    assert client.post("/experiments/review-sql", json=body | {"sql": "select 1"}).status_code == 422
