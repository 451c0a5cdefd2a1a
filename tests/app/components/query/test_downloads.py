import io

import polars as pl

import engine
from app.tickets import Ticket, Tickets


def csv_of(bench: engine.Workbench, ticket: Ticket) -> bytes:
    return b"".join(ticket.pieces(bench, "csv"))


def test_the_csv_of_a_complete_result_has_the_rows_shown(bench: engine.Workbench, filled: engine.Experiment):
    sql = "select random() as chance, null as nothing, '' as empty"
    result = filled.query(sql, limit=10)

    header, line, _ = csv_of(bench, Ticket("shop", sql, "duckdb", result)).decode().split("\r\n")

    assert header == "chance,nothing,empty"
    assert line == f'{result.frame["chance"][0]},,""'


def test_the_csv_of_a_cut_result_has_every_row(bench: engine.Workbench, filled: engine.Experiment):
    sql = "select range as n from range(25)"
    result = filled.query(sql, limit=10)
    assert result.truncated

    lines = csv_of(bench, Ticket("shop", sql, "duckdb", result)).decode().split("\r\n")

    assert lines == ["n", *map(str, range(25)), ""]


def test_the_csv_of_no_rows_has_its_header(bench: engine.Workbench, filled: engine.Experiment):
    sql = "select 1 as a, 2 as b where false"

    assert csv_of(bench, Ticket("shop", sql, "duckdb", filled.query(sql, limit=10))) == b"a,b\r\n"


def test_the_parquet_file_has_every_row(bench: engine.Workbench, filled: engine.Experiment):
    for limit, rows in ((10, 25), (100, 25)):
        sql = "select range as n, 'x' as x from range(25)"
        ticket = Ticket("shop", sql, "duckdb", filled.query(sql, limit=limit))

        frame = pl.read_parquet(io.BytesIO(b"".join(ticket.pieces(bench, "parquet"))))

        assert frame.to_dict(as_series=False) == {"n": list(range(rows)), "x": ["x"] * rows}


def test_a_ticket_is_valid_until_newer_ones_replace_it():
    tickets = Tickets()
    first = Ticket("shop", "select 1", "duckdb")
    secret = tickets.issue(first)
    assert tickets.redeem(secret) is first

    for _ in range(40):
        tickets.issue(first)

    assert tickets.redeem(secret) is None
    assert tickets.redeem("guessed") is None


def test_the_csv_of_a_ticket_may_be_safe_for_spreadsheets(bench: engine.Workbench, filled: engine.Experiment):
    sql = "select '=1' as a, range as b from range(2) order by 2"
    for limit in (1, 10):
        ticket = Ticket("shop", sql, "duckdb", filled.query(sql, limit=limit))
        assert b"".join(ticket.pieces(bench, "csv", spreadsheet_safe=True)) == b"a,b\r\n'=1,0\r\n'=1,1\r\n"
