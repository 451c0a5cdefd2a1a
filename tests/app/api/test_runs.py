import pytest
from fastapi.testclient import TestClient

import engine
from tests.app.api.conftest import wait_until_ended
from tests.engine.conftest import ENDLESS, until


def test_generate_returns_immediately_and_the_run_continues(client: TestClient, shop: engine.Experiment):
    response = client.post("/experiments/shop/generate", json={"rows": {"orders": 80}, "seed": 3})

    assert response.status_code == 202
    assert response.json()["id"] == 1
    assert response.json()["seed"] == 3
    wait_until_ended(shop)
    run = client.get("/experiments/shop/runs/1").json()
    assert run["status"] == "COMPLETED"
    assert run["row_counts"] == {"customers": 20, "orders": 80}
    assert run["is_loaded"] is True


@pytest.mark.parametrize("body", [None, {}, {"rows": 5, "load": False}])
def test_every_field_of_generate_is_optional(client: TestClient, shop: engine.Experiment, body: object):
    response = client.post("/experiments/shop/generate", json=body)

    assert response.status_code == 202
    assert wait_until_ended(shop).status == "COMPLETED"


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"rows": {"orders": -1}}, "-1"),
        ({"rows": -5}, "-5"),
        ({"rows": {"ordres": 1}}, "orders"),
        ({"rows": {"orders": "5"}}, "whole number"),
        ({"rows": True}, "whole number"),
        ({"rows": 1.5}, "whole number"),
        ({"seed": "x"}, "seed"),
        ({"tables": 3}, "tables"),
    ],
)
def test_bad_numbers_start_no_run(client: TestClient, shop: engine.Experiment, body: object, word: str):
    response = client.post("/experiments/shop/generate", json=body)

    assert response.status_code == 422
    assert word in f"{response.json()['error']} {response.json()['hint']}"
    assert shop.runs() == []


def test_a_second_run_is_rejected_while_one_is_active(client: TestClient, busy: engine.Experiment):
    response = client.post("/experiments/shop/generate")

    assert response.status_code == 409
    assert "since" in response.json()["error"]


def test_load_is_rejected_while_a_run_is_active(client: TestClient, busy: engine.Experiment):
    assert client.post("/experiments/shop/load").status_code == 409


def test_runs_are_listed_newest_first(client: TestClient, filled: engine.Experiment):
    filled.generate(rows=1, seed=8)

    response = client.get("/experiments/shop/runs")

    assert response.status_code == 200
    runs = response.json()["runs"]
    assert [(run["id"], run["seed"], run["is_loaded"]) for run in runs] == [(2, 8, True), (1, 7, False)]


def test_an_experiment_without_runs_has_an_empty_list(client: TestClient, shop: engine.Experiment):
    assert client.get("/experiments/shop/runs").json() == {"runs": []}


def test_an_active_run_has_its_progress(client: TestClient, busy: engine.Experiment):
    run = client.get("/experiments/shop/runs/1").json()

    assert run["status"] == "RUNNING"
    assert run["finished_at"] is None
    assert run["progress"]["rows_total"] == ENDLESS + 10
    assert 0 <= run["progress"]["fraction"] < 1
    assert {table["table"] for table in run["progress"]["tables"]} == {"customers", "orders"}


@pytest.mark.parametrize(("run_id", "status"), [("9", 404), ("x", 422), ("0", 422), (str(2**70), 422)])
def test_an_unknown_run(client: TestClient, filled: engine.Experiment, run_id: str, status: int):
    assert client.get(f"/experiments/shop/runs/{run_id}").status_code == status
    assert client.post(f"/experiments/shop/runs/{run_id}/cancel").status_code == status


def test_cancel_ends_the_run_as_aborted(client: TestClient, busy: engine.Experiment):
    response = client.post("/experiments/shop/runs/1/cancel")

    assert response.status_code == 200
    assert response.json()["id"] == 1
    assert wait_until_ended(busy).status == "ABORTED"
    assert client.post("/experiments/shop/runs/1/cancel").status_code in (200, 409)


def test_an_aborted_run_is_resumed(client: TestClient, shop: engine.Experiment):
    shop.start({"customers": 10, "orders": 20_000_000}, seed=1, load=False)
    client.post("/experiments/shop/runs/1/cancel")
    assert wait_until_ended(shop).status == "ABORTED"
    response = client.post("/experiments/shop/runs/1/resume")
    assert response.status_code == 202
    assert (response.json()["id"], response.json()["status"], response.json()["seed"]) == (1, "RUNNING", 1)
    assert response.json()["notes"][0].startswith("Resumed after it was ABORTED")
    client.post("/experiments/shop/runs/1/cancel")
    assert wait_until_ended(shop).status == "ABORTED"


def test_runs_that_cannot_be_resumed(client: TestClient, filled: engine.Experiment):
    response = client.post("/experiments/shop/runs/1/resume")
    assert response.status_code == 409
    assert "nothing to resume" in response.json()["error"]
    assert client.post("/experiments/shop/runs/9/resume").status_code == 404
    assert client.post("/experiments/shop/runs/0/resume").status_code == 422


def test_the_running_runs_of_all_experiments_are_listed(client: TestClient, busy: engine.Experiment):
    (run,) = client.get("/runs").json()["runs"]
    assert (run["experiment"], run["id"], run["status"]) == (busy.name, 1, "RUNNING")
    assert [phase["name"] for phase in run["progress"]["phases"]] == ["waiting", "generating"]

    client.post(f"/experiments/{busy.name}/runs/1/cancel")
    until(lambda: client.get("/runs").json()["runs"] == [])
    (ended,) = client.get("/runs", params={"ended_after": run["started_at"]}).json()["runs"]
    assert (ended["status"], ended["error"]) == ("ABORTED", "The run was cancelled.")
    assert client.get("/runs", params={"ended_after": "0001-01-01T00:00:00+14:00"}).status_code == 200
    assert client.get("/runs", params={"ended_after": "yesterday"}).status_code == 422


def test_a_run_is_estimated_before_it_starts(client: TestClient, shop: engine.Experiment):
    response = client.post("/experiments/shop/estimate", json={"rows": {"customers": 10, "orders": 90}}).json()

    assert response["rows"] == 100
    assert response["fits"] is True
    assert response["free_bytes"] > response["bytes"] > 0
    assert shop.runs() == []
    assert client.post("/experiments/shop/estimate").json()["rows"] == 70
    assert client.post("/experiments/shop/estimate", json={"rows": {"ordres": 1}}).status_code == 422


def test_a_total_is_spread_over_the_tables(client: TestClient, shop: engine.Experiment):
    response = client.post("/experiments/shop/estimate", json={"rows": {"customers": 30}, "total_rows": 7000})

    assert response.json()["rows"] == 7000
    refused = client.post("/experiments/shop/generate", json={"rows": 10, "total_rows": 7000})
    assert refused.status_code == 422
    assert "contradict" in refused.text


def test_a_run_has_its_size_by_table(client: TestClient, filled: engine.Experiment):
    sizes = client.get("/experiments/shop/runs/1").json()["size_bytes"]

    assert sizes == filled.run_sizes(1)
    assert all(sizes.values())


def test_a_run_that_adds_to_another_shows_its_batches(client: TestClient, workbench: engine.Workbench):
    column = {"name": "id", "data_type": "INT", "is_unique": True}
    made = workbench.create(
        {"name": "growing", "tables": [{"name": "t", "target_rows": 50, "grows": True, "columns": [column]}]}
    )
    for rows, batches in ((50, {}), (60, {"t": [50]}), (70, {"t": [50, 60]}), (60, {})):
        started = client.post("/experiments/growing/generate", json={"rows": rows, "seed": 1}).json()
        assert started["batches"] == batches
        wait_until_ended(made, started["id"])
    repeated = client.post("/experiments/growing/generate", json={"rows": 60, "seed": 1, "batches": {"t": [50]}}).json()
    assert repeated["batches"] == {"t": [50]}
    wait_until_ended(made, repeated["id"])
