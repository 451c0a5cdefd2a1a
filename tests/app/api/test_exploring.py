from fastapi.testclient import TestClient

import engine


def test_a_table_has_a_profile(client: TestClient, filled: engine.Experiment):
    body = client.get("/experiments/shop/tables/orders/profile").json()

    assert (body["table"], body["rows"]) == ("orders", 50)
    assert [column["name"] for column in body["columns"]] == ["order_id", "customer_id", "amount"]
    assert sum(count for _, count in body["columns"][0]["bars"]) == 50
    assert (body["columns"][0]["distinct"], body["columns"][0]["is_exact"]) == (50, True)
    assert len(body["columns"][0]["edges"]) == len(body["columns"][0]["bars"]) + 1


def test_the_foreign_keys_have_a_coverage(client: TestClient, filled: engine.Experiment):
    (record,) = client.get("/experiments/shop/keys").json()["records"]

    assert (record["references"], record["parents"], record["orphans"]) == ("customers.customer_id", 20, 0)


def test_runs_are_compared_and_deleted(client: TestClient, filled: engine.Experiment):
    filled.generate({"orders": 3}, seed=1)

    compared = client.get("/experiments/shop/runs/1/compare/2").json()
    (last,) = compared["records"][-1:]
    assert (last["rows_first"], last["rows_second"], last["differs"]) == (50, 3, True)
    assert [table["rows_difference"] for table in compared["tables"]] == [0, -47]
    assert compared["tables"][1]["bytes_first"] == filled.run_sizes(1)["orders"]
    assert client.delete("/experiments/shop/runs/2").status_code == 409
    assert client.delete("/experiments/shop/runs/1").status_code == 204
    assert client.get("/experiments/shop/runs/1").status_code == 404


def test_a_board_is_pinned_listed_exported_and_unpinned(client: TestClient, shop: engine.Experiment):
    body = {"sql": "select 1 as one", "view": "chart", "chart": {"mark": "bar"}}
    assert client.put("/experiments/shop/queries/one", json=body).json()["chart"] == {"mark": "bar"}
    assert client.put("/experiments/shop/queries/one", json=body | {"chart": {"marks": "bar"}}).status_code == 422

    pinned = client.post("/experiments/shop/board", json={"query": "ONE", "view": "table", "width": 2})

    assert pinned.json() == {"query": "one", "view": "table", "width": 2}
    assert client.post("/experiments/shop/board", json={"query": "two"}).status_code == 404
    assert client.get("/experiments/shop/board").json() == {"items": [pinned.json()]}
    page = client.get("/experiments/shop/board.html")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "script" not in page.headers["content-security-policy"]
    assert '<td class="number">1</td>' in page.text
    assert client.delete("/experiments/shop/board/one").status_code == 204
    assert client.delete("/experiments/shop/board/one").status_code == 404


def test_queries_are_saved_listed_and_deleted(client: TestClient, shop: engine.Experiment):
    saved = client.put("/experiments/shop/queries/By%20day", json={"sql": "select 1", "dialect": "snowflake"})
    assert (saved.status_code, saved.json()["name"]) == (200, "By day")

    (listed,) = client.get("/experiments/shop/queries").json()["queries"]
    assert (listed["sql"], listed["dialect"]) == ("select 1", "snowflake")

    assert client.delete("/experiments/shop/queries/by%20day").status_code == 204
    assert client.delete("/experiments/shop/queries/by%20day").status_code == 404
    assert client.put("/experiments/shop/queries/empty", json={"sql": " "}).status_code == 422


def test_the_history_is_listed(client: TestClient, shop: engine.Experiment):
    shop.queries.note("select x", "duckdb", engine.WorkbenchError("No."))

    (past,) = client.get("/experiments/shop/history").json()["queries"]

    assert (past["sql"], past["error"]) == ("select x", "No.")


def test_unknown_tables_runs_and_queries_are_not_found(client: TestClient, shop: engine.Experiment):
    for path in ("nowhere/keys", "shop/tables/nowhere/profile", "nowhere/history", "shop/runs/1/compare/2"):
        assert client.get(f"/experiments/{path}").status_code == 404
