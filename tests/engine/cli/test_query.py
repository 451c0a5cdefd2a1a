"""Queries: in process, on a real workbench, as a pipe sees them."""

from pathlib import Path

import pytest

from tests.engine.cli.conftest import Command, rows_of


def test_a_single_value_is_a_line_of_its_own(filled: Command):
    result = filled("query", "execute", "SELECT COUNT(*) FROM shop__orders")

    assert result.stdout == "count_star()\n50\n"
    assert result.stderr == ""


def test_values_in_a_pipe(command: Command):
    sql = (
        "select 1.50::decimal(4,2) as d, null as n, true as b, 'a' || chr(9) || chr(27) as s, [1, 2] as l, 1234567 as i"
    )

    assert rows_of(command("query", "execute", sql))[1] == ["1.50", "NULL", "true", "a\\t\\x1b", "[1, 2]", "1234567"]


def test_a_pipe_gets_every_row(command: Command):
    assert command("query", "execute", "select * from range(1234)").stdout.count("\n") == 1235


def test_a_query_from_stdin_with_plain_names(filled: Command):
    result = filled("query", "execute", "-", "--experiment", "shop", stdin="select count(*) n from customers")

    assert result.stdout == "n\n20\n"


def test_a_plan_is_printed_line_by_line(command: Command):
    result = command("query", "execute", "explain select 1")

    assert result.exit_code == 0
    assert "╭" in result.stdout
    assert "\\n" not in result.stdout


def test_a_query_to_a_csv_file(filled: Command):
    result = filled("query", "execute", "select * from shop__orders", "--output", "orders.csv")

    assert result.stdout == "Wrote 50 rows to orders.csv.\n"
    assert Path("orders.csv").read_text().splitlines()[0] == "order_id,customer_id"
    assert len(Path("orders.csv").read_text().splitlines()) == 51


def test_a_syntax_error_points_at_its_position(command: Command):
    result = command("query", "execute", "select 1\nfrm x y")

    assert result.exit_code == 1
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert lines[0].startswith("Error: line 2, column ")
    assert any(line.strip() == "^" for line in lines)


@pytest.mark.parametrize("sql", ["select 1; select 2", "drop table x", "", "select * from shop__nothing"])
def test_a_rejected_query(shop: Command, sql: str):
    result = shop("query", "execute", sql)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")


def test_a_failed_query_writes_no_file(command: Command):
    assert command("query", "execute", "select nothing", "--output", "x.csv").exit_code == 1
    assert not Path("x.csv").exists()


def test_save_writes_the_text(command: Command):
    result = command("query", "save", "select 1", "--output", "one.sql")

    assert result.exit_code == 0
    assert Path("one.sql").read_text(encoding="utf-8").strip() == "select 1"
    assert "one.sql" in result.stdout


def test_save_into_a_missing_folder(command: Command):
    result = command("query", "save", "select 1", "--output", "no/one.sql")

    assert result.exit_code == 1
    assert "Error: " in result.stderr


def test_save_rejects_bytes_that_are_not_utf8(command: Command):
    result = command("query", "save", "select '\udcff'", "--output", "one.sql")

    assert result.exit_code == 1
    assert "half of a character" in result.stderr
    assert not Path("one.sql").exists()


def test_a_csv_file_for_spreadsheets(filled: Command):
    filled("query", "execute", "select '=1' as a, -1 as b", "--output", "safe.csv", "--spreadsheet-safe")
    assert Path("safe.csv").read_bytes() == b"a,b\r\n'=1,-1\r\n"


def test_spreadsheet_safe_needs_a_file(command: Command):
    assert command("query", "execute", "select 1", "--spreadsheet-safe").exit_code == 2


def test_variables_are_numbers_texts_booleans_and_null(command: Command):
    sql = "select $n as n, $start as start, $code as code, $yes as yes, $nothing as nothing"
    given = ["n=5", "start=2024-01-01", 'code="007"', "yes=true", "nothing=null"]
    options = [part for each in given for part in ("--variable", each)]

    result = command("query", "execute", sql, "--dialect", "snowflake", *options)

    assert rows_of(result)[1] == ["5", "2024-01-01", "007", "true", "NULL"]


@pytest.mark.parametrize(
    ("options", "message"),
    [(["--variable", "5"], "NAME=VALUE"), (["--variable", "n=1", "--variable", "N=2"], "given twice")],
)
def test_a_variable_that_is_not_a_pair_is_wrong_usage(command: Command, options: list[str], message: str):
    result = command("query", "execute", "select $n", *options)

    assert result.exit_code == 2
    assert message in result.stderr
