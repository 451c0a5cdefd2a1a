from fastapi.testclient import TestClient

import engine

QUERIES = {
    "a.sql": "select * from orders where amount > :least; select * from orders where amount < 0",
    "b.sql": "hello",
}


def test_a_workload_is_run(client: TestClient, filled: engine.Experiment):
    body = client.post("/experiments/shop/coverage", json={"queries": QUERIES, "values": {"least": 0}}).json()

    assert body["counts"] == {"finds rows": 1, "empty": 1, "not understood": 1}
    first, _, last = body["statements"]
    assert (first["statement"], first["rows"], first["share"], first["largest_table"]) == (
        "a.sql #1",
        50,
        1.0,
        "orders",
    )
    assert last["reason"] == "No statement begins with hello."


def test_the_saved_queries_are_run(client: TestClient, filled: engine.Experiment):
    client.put("/experiments/shop/queries/all", json={"sql": "select * from orders"})

    assert client.get("/experiments/shop/coverage").json()["counts"] == {"finds rows": 1}


def test_bad_bodies_are_refused(client: TestClient, filled: engine.Experiment):
    for body in ({}, {"queries": ["select 1"]}, {"queries": {}, "limit": 0}, {"queries": {}, "dialect": "oracle"}):
        assert client.post("/experiments/shop/coverage", json=body).status_code == 422
    assert client.post("/experiments/nope/coverage", json={"queries": {}}).status_code == 404


def test_a_workload_runs_in_the_background(client: TestClient, filled: engine.Experiment, workbench: engine.Workbench):
    jobs, checks = "/experiments/shop/coverage/jobs", workbench._services.checks
    started = client.post(jobs, json={"queries": QUERIES, "values": {"least": 0}})
    assert (started.status_code, started.json()["id"]) == (202, 1)
    checks.wait(filled.coverage_job(1))

    body = client.get(f"{jobs}/1").json()
    assert (body["status"], body["done"], body["total"]) == ("COMPLETED", 3, 3)
    assert body["result"]["counts"] == {"finds rows": 1, "empty": 1, "not understood": 1}

    def cancelled(handle, listener):
        client.post(f"{jobs}/2/cancel")
        return filled.coverage(QUERIES, handle=handle)

    checks.wait(checks.start("shop", cancelled))
    body = client.get(f"{jobs}/2").json()
    assert (body["status"], body["result"], body["error"]) == ("ABORTED", None, "The query was cancelled.")
    assert client.get(f"{jobs}/3").status_code == 404
    assert client.post(jobs, json={}).status_code == 422
