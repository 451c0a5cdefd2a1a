import csv
import io

import polars as pl
import pytest
from fastapi.testclient import TestClient

import engine
from app.tickets import Ticket, tickets
from engine.display.json_values import json_value


def test_a_result_has_columns_and_rows(client: TestClient, filled: engine.Experiment):
    sql = "select count(*) as n, 1.5::decimal(4,2) as d, date '2024-02-29' as day, null as nothing from shop__orders"
    response = client.post("/query/execute", json={"sql": sql})

    assert response.status_code == 200
    body = response.json()
    assert [column["name"] for column in body["columns"]] == ["n", "d", "day", "nothing"]
    assert body["rows"] == [[50, 1.5, "2024-02-29", None]]
    assert body["row_count"] == 1
    assert body["truncated"] is False


def test_plain_names_work_inside_an_experiment(client: TestClient, filled: engine.Experiment):
    response = client.post("/query/execute", json={"sql": "select count(*) from orders", "experiment": "shop"})

    assert response.json()["rows"] == [[50]]


def test_a_limited_result_is_marked_as_truncated(client: TestClient):
    response = client.post("/query/execute", json={"sql": "select * from range(100)", "limit": 3})

    assert response.json()["rows"] == [[0], [1], [2]]
    assert response.json()["truncated"] is True


def test_csv_is_complete_regardless_of_the_limit(client: TestClient, filled: engine.Experiment):
    request = {"sql": "select * from shop.orders order by order_id", "format": "csv", "limit": 1}
    response = client.post("/query/execute", json=request)

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(response.text)))
    assert rows[0] == ["order_id", "customer_id", "amount"]
    assert len(rows) == 51


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_syntax_error_is_returned_with_its_position(client: TestClient, form: str):
    response = client.post("/query/execute", json={"sql": "select 1\nfrm x x", "format": form})

    assert response.status_code == 422
    body = response.json()
    assert body["line"] == 2
    assert body["column"] >= 1
    assert "^" in body["caret"]


@pytest.mark.parametrize("sql", ["select 1; select 2", "create table t (i int)", "", "select * from shop__ordes"])
def test_a_rejected_query_has_a_reason(client: TestClient, filled: engine.Experiment, sql: str):
    response = client.post("/query/execute", json={"sql": sql})

    assert response.status_code == 422
    assert response.json()["error"]


def test_a_query_of_an_unknown_experiment_is_not_found(client: TestClient):
    assert client.post("/query/execute", json={"sql": "select 1", "experiment": "nix"}).status_code == 404


@pytest.mark.parametrize("change", [{"format": "xml"}, {"limit": -1}, {"dialect": "oracle"}, {"sql": 5}, {"x": 1}])
def test_a_request_of_the_wrong_shape_is_bad_input(client: TestClient, change: dict[str, object]):
    response = client.post("/query/execute", json={"sql": "select 1"} | change)

    assert response.status_code == 422
    assert next(iter(change)) in response.json()["error"]


def test_values_that_json_does_not_have_are_text(client: TestClient):
    sql = """
        select 'NaN'::double, '12345678901234567.89'::decimal(20,2), interval 3 day, '\\xAB'::blob, [1, null], {'a': 1}
    """
    rows = client.post("/query/execute", json={"sql": sql}).json()["rows"]

    assert rows[0][0] == "nan"
    assert rows[0][1] == "12345678901234567.89"
    assert rows[0][2].startswith("3 day")
    assert rows[0][3:] == ["ab", [1, None], {"a": 1}]


def test_a_set_becomes_a_list():
    assert json_value({1}) == [1]


def test_parquet_is_complete_regardless_of_the_limit(client: TestClient, filled: engine.Experiment):
    request = {"sql": "select * from shop.orders order by order_id", "format": "parquet", "limit": 1}
    response = client.post("/query/execute", json=request)

    assert response.status_code == 200
    frame = pl.read_parquet(io.BytesIO(response.content))
    assert frame.columns == ["order_id", "customer_id", "amount"]
    assert len(frame) == 50


def test_a_ticket_returns_its_file(client: TestClient, filled: engine.Experiment):
    secret = tickets.issue(Ticket("shop", "select count(*) as n from orders", "duckdb"))

    response = client.get(f"/query/downloads/{secret}.csv")

    assert response.text == "n\r\n50\r\n"
    assert response.headers["content-disposition"] == 'attachment; filename="shop.csv"'


@pytest.mark.parametrize(("path", "status"), [("guessed.csv", 404), ("guessed.exe", 422)])
def test_an_invalid_ticket_is_rejected(client: TestClient, path: str, status: int):
    response = client.get(f"/query/downloads/{path}")

    assert response.status_code == status
    assert response.json()["error"]


def test_a_csv_for_spreadsheets(client: TestClient):
    request = {"sql": "select '=1' as a, -1 as b", "format": "csv", "spreadsheet_safe": True}
    assert client.post("/query/execute", json=request).text == "a,b\r\n'=1,-1\r\n"


RISKY = (
    "select * from (values ('=1', -5, -1.5), ('+1', 0, 0), ('-1', 1, 1), ('@a', 2, 2), (E'\\tb', 3, 3),"
    " (E'\\rc', 4, 4), ('a=1', 5, 5), (null, 6, 6)) as t(\"=text\", \"-n\", d)"
)


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_download_link_can_request_a_spreadsheet_safe_csv(
    client: TestClient, filled: engine.Experiment, is_whole: bool
):
    secret = tickets.issue(Ticket("shop", RISKY, "duckdb", filled.query(RISKY, limit=10 if is_whole else 2)))
    plain = client.get(f"/query/downloads/{secret}.csv")
    safe = client.get(f"/query/downloads/{secret}.csv?spreadsheet_safe=true")

    assert plain.content == (
        b'=text,-n,d\r\n=1,-5,-1.5\r\n+1,0,0.0\r\n-1,1,1.0\r\n@a,2,2.0\r\n\tb,3,3.0\r\n"\rc",4,4.0\r\na=1,5,5.0\r\n,6,6.0\r\n'
    )
    assert safe.content == (
        b"'=text,'-n,d\r\n'=1,-5,-1.5\r\n'+1,0,0.0\r\n'-1,1,1.0\r\n'@a,2,2.0\r\n'\tb,3,3.0\r\n"
        b'"\'\rc",4,4.0\r\na=1,5,5.0\r\n,6,6.0\r\n'
    )
    assert client.get(f"/query/downloads/{secret}.csv?spreadsheet_safe=false").content == plain.content
    assert client.get(f"/query/downloads/{secret}.csv?spreadsheet_safe=perhaps").status_code == 422


def test_json_takes_three_million_values(client: TestClient):
    sql = "select " + ", ".join(f"range as c{place}" for place in range(31)) + " from range(100000)"
    response = client.post("/query/execute", json={"sql": sql, "limit": 1_000_000})
    assert response.status_code == 422
    assert "3,100,000 values" in response.text


@pytest.mark.parametrize("dialect", ["snowflake", "redshift", "duckdb"])
def test_variables_of_the_body_fill_the_query(client: TestClient, dialect: str):
    variables = {"n": 5, "rate": 0.5, "who": "it's", "yes": True, "nothing": None}
    sql = "select $n as a, $rate as b, $who as c, :yes as d, :nothing as e"
    response = client.post("/query/execute", json={"sql": sql, "dialect": dialect, "variables": variables})
    as_csv = client.post(
        "/query/execute", json={"sql": sql, "dialect": dialect, "variables": variables, "format": "csv"}
    )

    assert response.json()["rows"] == [[5, 0.5, "it's", True, None]]
    assert as_csv.text.splitlines()[1].startswith("5,0.5,it's,true")


def test_a_variable_without_a_value_is_rejected_by_name(client: TestClient):
    response = client.post("/query/execute", json={"sql": "select $n", "dialect": "snowflake"})

    assert response.status_code == 422
    assert "$n" in response.json()["error"]
    assert "variables" in response.json()["hint"]


def test_a_list_is_not_a_value_of_a_variable(client: TestClient):
    response = client.post("/query/execute", json={"sql": "select $n", "variables": {"n": [1]}})

    assert response.status_code == 422
