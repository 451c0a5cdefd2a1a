from fastapi.testclient import TestClient

import engine


def test_the_audit_of_loaded_data(client: TestClient, filled: engine.Experiment):
    response = client.get("/experiments/shop/audit")
    assert response.status_code == 200
    body = response.json()
    assert (body["experiment"], body["run_id"], body["passed"]) == ("shop", 1, True)
    checks = {finding["check"] for finding in body["findings"]}
    assert {"row_count", "type", "not_null", "unique", "foreign_key", "min_value", "weights"} <= checks
    assert body["findings"][0] == {
        "check": "row_count", "table": "customers", "column": "", "expected": "20", "found": "20", "passed": True,
        "failing_sql": "",
    }  # fmt: skip


def test_the_audit_of_empty_tables(client: TestClient, shop: engine.Experiment):
    body = client.get("/experiments/shop/audit").json()
    assert (body["run_id"], body["passed"]) == (None, True)


def test_the_audit_of_an_unknown_experiment(client: TestClient):
    assert client.get("/experiments/nope/audit").status_code == 404
