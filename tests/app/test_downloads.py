import engine
from app.components.downloads import full_csv
from app.state import Answer


def test_the_csv_of_a_whole_result_is_what_the_page_shows(filled: engine.Experiment):
    sql = "select random() as chance, null as nothing, '' as empty"
    result = filled.query(sql, limit=10)

    header, line, _ = full_csv(Answer("shop", sql, "duckdb", result=result)).decode().split("\r\n")

    assert header == "chance,nothing,empty"
    assert line == f'{result.frame["chance"][0]},,""'


def test_the_csv_of_a_cut_result_has_every_row(filled: engine.Experiment):
    sql = "select range as n from range(25)"
    result = filled.query(sql, limit=10)
    assert result.truncated

    lines = full_csv(Answer("shop", sql, "duckdb", result=result)).decode().split("\r\n")

    assert lines == ["n", *map(str, range(25)), ""]


def test_the_csv_of_no_rows_has_its_header(filled: engine.Experiment):
    sql = "select 1 as a, 2 as b where false"

    assert full_csv(Answer("shop", sql, "duckdb", result=filled.query(sql, limit=10))) == b"a,b\r\n"
