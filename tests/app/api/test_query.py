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
    answer = client.post("/query/execute", json={"sql": sql})

    assert answer.status_code == 200
    body = answer.json()
    assert [column["name"] for column in body["columns"]] == ["n", "d", "day", "nothing"]
    assert body["rows"] == [[50, 1.5, "2024-02-29", None]]
    assert body["row_count"] == 1
    assert body["truncated"] is False


def test_plain_names_work_inside_an_experiment(client: TestClient, filled: engine.Experiment):
    answer = client.post("/query/execute", json={"sql": "select count(*) from orders", "experiment": "shop"})

    assert answer.json()["rows"] == [[50]]


def test_a_limited_answer_says_that_there_is_more(client: TestClient):
    answer = client.post("/query/execute", json={"sql": "select * from range(100)", "limit": 3})

    assert answer.json()["rows"] == [[0], [1], [2]]
    assert answer.json()["truncated"] is True


def test_csv_is_complete_whatever_the_limit(client: TestClient, filled: engine.Experiment):
    request = {"sql": "select * from shop.orders order by order_id", "format": "csv", "limit": 1}
    answer = client.post("/query/execute", json=request)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["order_id", "customer_id", "amount"]
    assert len(rows) == 51


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_syntax_error_is_answered_with_its_place(client: TestClient, form: str):
    answer = client.post("/query/execute", json={"sql": "select 1\nfrm x x", "format": form})

    assert answer.status_code == 422
    body = answer.json()
    assert body["line"] == 2
    assert body["column"] >= 1
    assert "^" in body["caret"]


@pytest.mark.parametrize("sql", ["select 1; select 2", "create table t (i int)", "", "select * from shop__ordes"])
def test_a_query_that_is_refused_says_why(client: TestClient, filled: engine.Experiment, sql: str):
    answer = client.post("/query/execute", json={"sql": sql})

    assert answer.status_code == 422
    assert answer.json()["error"]


def test_a_query_of_an_unknown_experiment_is_not_found(client: TestClient):
    assert client.post("/query/execute", json={"sql": "select 1", "experiment": "nix"}).status_code == 404


@pytest.mark.parametrize("change", [{"format": "xml"}, {"limit": -1}, {"dialect": "oracle"}, {"sql": 5}, {"x": 1}])
def test_a_request_of_wrong_shape_is_bad_input(client: TestClient, change: dict[str, object]):
    answer = client.post("/query/execute", json={"sql": "select 1"} | change)

    assert answer.status_code == 422
    assert next(iter(change)) in answer.json()["error"]


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


def test_parquet_is_complete_whatever_the_limit(client: TestClient, filled: engine.Experiment):
    request = {"sql": "select * from shop.orders order by order_id", "format": "parquet", "limit": 1}
    answer = client.post("/query/execute", json=request)

    assert answer.status_code == 200
    frame = pl.read_parquet(io.BytesIO(answer.content))
    assert frame.columns == ["order_id", "customer_id", "amount"]
    assert len(frame) == 50


def test_a_ticket_is_answered_with_its_file(client: TestClient, filled: engine.Experiment):
    secret = tickets.issue(Ticket("shop", "select count(*) as n from orders", "duckdb"))

    answer = client.get(f"/query/downloads/{secret}.csv")

    assert answer.text == "n\r\n50\r\n"
    assert answer.headers["content-disposition"] == 'attachment; filename="shop.csv"'


@pytest.mark.parametrize(("path", "status"), [("guessed.csv", 404), ("guessed.exe", 422)])
def test_a_ticket_that_is_not_good_is_refused(client: TestClient, path: str, status: int):
    answer = client.get(f"/query/downloads/{path}")

    assert answer.status_code == status
    assert answer.json()["error"]


def test_a_csv_for_spreadsheets(client: TestClient):
    request = {"sql": "select '=1' as a, -1 as b", "format": "csv", "spreadsheet_safe": True}
    assert client.post("/query/execute", json=request).text == "a,b\r\n'=1,-1\r\n"


RISKY = (
    "select * from (values ('=1', -5, -1.5), ('+1', 0, 0), ('-1', 1, 1), ('@a', 2, 2), (E'\\tb', 3, 3),"
    " (E'\\rc', 4, 4), ('a=1', 5, 5), (null, 6, 6)) as t(\"=text\", \"-n\", d)"
)


@pytest.mark.parametrize("is_whole", [True, False])
def test_the_address_of_a_download_may_ask_for_a_csv_for_spreadsheets(
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
    answer = client.post("/query/execute", json={"sql": sql, "limit": 1_000_000})
    assert answer.status_code == 422
    assert "3,100,000 values" in answer.text


@pytest.mark.parametrize("dialect", ["snowflake", "redshift", "duckdb"])
def test_variables_of_the_body_fill_the_query(client: TestClient, dialect: str):
    variables = {"n": 5, "rate": 0.5, "who": "it's", "yes": True, "nothing": None}
    sql = "select $n as a, $rate as b, $who as c, :yes as d, :nothing as e"
    answer = client.post("/query/execute", json={"sql": sql, "dialect": dialect, "variables": variables})
    as_csv = client.post(
        "/query/execute", json={"sql": sql, "dialect": dialect, "variables": variables, "format": "csv"}
    )

    assert answer.json()["rows"] == [[5, 0.5, "it's", True, None]]
    assert as_csv.text.splitlines()[1].startswith("5,0.5,it's,true")


def test_a_variable_without_a_value_is_refused_by_name(client: TestClient):
    answer = client.post("/query/execute", json={"sql": "select $n", "dialect": "snowflake"})

    assert answer.status_code == 422
    assert "$n" in answer.json()["error"]
    assert "variables" in answer.json()["hint"]


def test_a_list_is_no_value_of_a_variable(client: TestClient):
    answer = client.post("/query/execute", json={"sql": "select $n", "variables": {"n": [1]}})

    assert answer.status_code == 422
