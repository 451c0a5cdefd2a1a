from fastapi.testclient import TestClient

import engine
from engine.workload.trials import FitProgress

QUERIES = {"paris.sql": "select * from customers where city = 'Paris'", "rich.sql": "select * from orders\nwhere 1 = 0"}


def test_a_fit_runs_in_the_background_and_shows_its_result(
    client: TestClient, shop: engine.Experiment, workbench: engine.Workbench
):
    response = client.post("/experiments/shop/fit", json={"queries": QUERIES, "rows": 40})
    assert response.status_code == 202
    started = response.json()
    assert (started["id"], started["experiment"], started["result"]) == (1, "shop", None)
    workbench._services.fits.wait(shop.fit_job(1))

    body = client.get("/experiments/shop/fit/1").json()

    assert (body["status"], body["error"]) == ("COMPLETED", None)
    result = body["result"]
    assert [each["place"] for each in result["kept"]] == ["customers.city"]
    assert result["kept"][0]["serves"] == [["paris.sql", 1]]
    assert [each["state"] for each in result["before"]] == ["empty", "empty"]
    assert [each["state"] for each in result["after"]] == ["finds rows", "empty"]
    assert (result["audit_failures"], result["lost"], result["schema_version"]) == (0, [], 2)
    assert [(each["statement"], each["line"]) for each in result["starving"]] == [("rich.sql", 2)]
    assert client.post("/experiments/shop/fit/1/cancel").json()["status"] == "COMPLETED"


def test_a_fit_is_cancelled(client: TestClient, shop: engine.Experiment, workbench: engine.Workbench):
    def cancel(progress: FitProgress) -> None:
        client.post("/experiments/shop/fit/1/cancel")

    fits = workbench._services.fits
    fits.wait(fits.start("shop", lambda handle, _: shop.fit(QUERIES, handle=handle, progress=cancel)))

    body = client.get("/experiments/shop/fit/1").json()
    assert (body["status"], body["result"], shop.version) == ("ABORTED", None, 1)
    assert body["error"] == "The fit was cancelled. The schema is unchanged."


def test_bad_fits_are_refused(client: TestClient, shop: engine.Experiment):
    assert client.post("/experiments/nope/fit", json={"queries": {}}).status_code == 404
    assert client.get("/experiments/shop/fit/9").status_code == 404
    assert client.post("/experiments/shop/fit/9/cancel").status_code == 404
    for wrong in ({}, {"queries": {}, "rows": "x"}, {"queries": {}, "rows": {"x": 1}}, {"queries": {}, "rounds": -1}):
        assert client.post("/experiments/shop/fit", json=wrong).status_code == 422, wrong


def test_accepted_changes_of_a_dry_run_are_saved(
    client: TestClient, shop: engine.Experiment, workbench: engine.Workbench
):
    queries = QUERIES | {"dear.sql": "select * from orders where amount > 500"}
    client.post("/experiments/shop/fit", json={"queries": queries, "dry_run": True, "verify": False})
    workbench._services.fits.wait(shop.fit_job(1))
    kept = client.get("/experiments/shop/fit/1").json()["result"]["kept"]
    assert {each["place"] for each in kept} == {"customers.city", "orders.amount"}
    accept = "/experiments/shop/fit/1/accept"
    city = [number for number, each in enumerate(kept) if each["place"] == "customers.city"]

    for wrong in ({"accepted": [9]}, {"accepted": [-1]}, {"accepted": "all"}):
        assert client.post(accept, json=wrong).status_code in (409, 422), wrong
    assert client.post(accept, json={"accepted": []}).json() == {"kept": [], "dropped": [], "schema_version": None}
    body = client.post(accept, json={"accepted": city}).json()

    assert ([each["place"] for each in body["kept"]], body["dropped"], body["schema_version"]) == (
        ["customers.city"], [], 2,
    )  # fmt: skip
    assert shop.schema.table("orders").column("amount").max_value == 99
    conflict = client.post(accept, json={})
    assert (conflict.status_code, conflict.json()["error"][:10]) == (409, "Version 2 ")
