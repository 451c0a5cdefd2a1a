"""The routes of versions, renaming, describing and copying."""

import copy

import pytest
from fastapi.testclient import TestClient

import engine
from tests.app.api.conftest import SHOP

CHANGED = copy.deepcopy(SHOP)
CHANGED["tables"][1]["columns"].append({"name": "fee", "data_type": "INT"})


def test_a_schema_is_saved_as_a_version_and_listed(client: TestClient, shop: engine.Experiment):
    response = client.put("/experiments/shop", params={"based_on": 1, "note": "Fees."}, json=CHANGED)

    assert response.status_code == 200
    body = response.json()
    assert (body["version"], body["is_new"], body["message"]) == (
        2,
        True,
        "Saved version 2 of shop: orders.fee: added (INT).",
    )
    (change,) = body["diff"]["changes"]
    assert (change["kind"], change["table"], change["column"], change["new"]["data_type"]) == (
        "added",
        "orders",
        "fee",
        "INT",
    )
    listed = client.get("/experiments/shop/versions").json()["versions"]
    assert [(each["number"], each["note"], each["is_current"]) for each in listed] == [
        (2, "Fees.", True),
        (1, "", False),
    ]
    first = client.get("/experiments/shop/versions/1").json()
    assert len(first["schema"]["tables"][1]["columns"]) == 3
    shown = client.get("/experiments/shop").json()
    assert (shown["version"], shown["loaded_version"]) == (2, 2)


def test_the_later_of_two_changes_is_a_conflict_that_names_the_current_version(client, shop):
    client.put("/experiments/shop", params={"based_on": 1}, json=CHANGED)
    other = copy.deepcopy(SHOP)
    other["tables"][0]["target_rows"] = 9

    response = client.put("/experiments/shop", params={"based_on": 1}, json=other)

    assert response.status_code == 409
    assert response.json()["current_version"] == 2
    assert "Nothing was saved" in response.json()["error"]
    assert len(client.get("/experiments/shop/versions").json()["versions"]) == 2
    again = client.put("/experiments/shop", params={"based_on": 1}, json=CHANGED)
    assert (again.status_code, again.json()["is_new"]) == (200, False)


@pytest.mark.parametrize(
    ("query", "body", "status"),
    [
        ({}, CHANGED, 422),
        ({"based_on": 0}, CHANGED, 422),
        ({"based_on": 7}, CHANGED, 404),
        ({"based_on": 1}, {"name": "shop", "tables": []}, 422),
        ({"based_on": 1}, [], 422),
    ],
)
def test_a_bad_update_changes_nothing(client, shop, query, body, status):
    response = client.put("/experiments/shop", params=query, json=body)

    assert response.status_code == status
    assert "error" in response.json()
    assert shop.version == 1


def test_versions_are_compared_and_reverted(client, shop):
    client.put("/experiments/shop", params={"based_on": 1}, json=CHANGED)

    found = client.get("/experiments/shop/versions/2/diff/1").json()
    assert [each["text"] for each in found["changes"]] == ["- orders.fee: removed (INT)"]
    reverted = client.post("/experiments/shop/versions/1/revert", params={"based_on": 2}).json()
    assert (reverted["version"], reverted["is_new"]) == (3, True)
    assert client.get("/experiments/shop/versions/9").status_code == 404


def test_a_run_names_its_version(client, filled):
    assert client.get("/experiments/shop/runs/1").json()["schema_version"] == 1
    client.put("/experiments/shop", params={"based_on": 1}, json=CHANGED)
    shown = client.get("/experiments/shop").json()
    assert (shown["version"], shown["loaded_run_id"], shown["loaded_version"]) == (2, 1, 1)


def test_an_experiment_is_renamed_described_and_copied(client, filled):
    response = client.patch("/experiments/shop", json={"name": "store", "description": "New."})

    assert response.status_code == 200
    assert (response.json()["name"], response.json()["description"], response.json()["version"]) == ("store", "New.", 1)
    assert client.get("/experiments/shop").status_code == 404
    count = client.post("/query/execute", json={"sql": "select count(*) from store__orders"}).json()
    assert count["rows"] == [[50]]
    copied = client.post("/experiments/store/copy", json={"name": "store_2"})
    assert (copied.status_code, copied.json()["loaded_run_id"]) == (201, None)
    assert client.post("/experiments/store/copy", json={"name": "Store_2"}).status_code == 409
    assert client.patch("/experiments/store", json={"name": "select"}).status_code == 422
    assert client.patch("/experiments/store", json={"title": "x"}).status_code == 422


def test_a_rename_during_a_run_is_a_conflict(client, busy):
    assert client.patch("/experiments/shop", json={"name": "store"}).status_code == 409
