"""Queries through the facade: names, dialects, files."""

from pathlib import Path

import pytest

import engine
from engine.errors import NotFoundError, QueryError, WorkbenchError


@pytest.fixture
def filled(shop: engine.Experiment) -> engine.Experiment:
    """An experiment whose run 1 is loaded."""
    shop.generate(seed=7)
    return shop


@pytest.mark.parametrize("name", ["shop__orders", "shop.orders", "SHOP__ORDERS"])
def test_a_table_is_found_from_anywhere(workbench: engine.Workbench, filled: engine.Experiment, name: str):
    assert workbench.query(f"select count(*) from {name}").records() == [(50,)]


def test_plain_names_work_inside_an_experiment(workbench: engine.Workbench, filled: engine.Experiment):
    assert filled.query("select count(*) from orders").records() == [(50,)]
    assert workbench.query("select count(*) from orders", experiment="SHOP").records() == [(50,)]
    with pytest.raises(QueryError, match="orders"):
        workbench.query("select count(*) from orders")


def test_headers_are_spelled_as_in_the_schema(filled: engine.Experiment):
    result = filled.query("select CITY from CUSTOMERS limit 1")

    assert [column.name for column in result.columns] == ["City"]


def test_two_experiments_meet_in_one_query(workbench: engine.Workbench, filled: engine.Experiment):
    workbench.create(filled.schema, name="other").generate(rows=3, seed=1)

    counted = workbench.query("select (select count(*) from shop__orders) + (select count(*) from other__orders) as n")

    assert counted.records() == [(53,)]


def test_a_query_needs_no_experiment(workbench: engine.Workbench):
    assert workbench.query("select 7 / 2 as half").records() == [(3.5,)]


def test_a_query_may_be_written_for_a_warehouse(filled: engine.Experiment):
    result = filled.query("select iff(count(*) = 50, 'all', 'some') as verdict from orders", dialect="snowflake")

    assert result.records() == [("all",)]
    assert "iff" not in result.sql.lower()


@pytest.mark.parametrize("dialect", [None, "duckdb", "redshift", "snowflake"])
def test_a_database_part_is_dropped_inside_an_experiment(workbench: engine.Workbench, dialect: str | None):
    script = "create table prod.sales.orders (id int primary key);"
    sales = workbench.create(engine.import_sql(script, name="sales_copy", dialect="snowflake"))

    assert sales.query("select count(*) from prod.sales.orders", dialect=dialect).records() == [(0,)]


def test_a_limit_truncates_and_is_reported(filled: engine.Experiment):
    cut, whole = filled.query("select * from orders", limit=10), filled.query("select * from orders", limit=50)

    assert (cut.row_count, cut.truncated) == (10, True)
    assert (whole.row_count, whole.truncated) == (50, False)


@pytest.mark.parametrize("limit", [-1, "10", 1.5, True])
def test_a_limit_is_a_number_of_rows(workbench: engine.Workbench, limit: object):
    with pytest.raises(WorkbenchError, match="is not a number of rows"):
        workbench.query("select 1", limit=limit)
    assert workbench.query("select 1", limit=0).records() == []


def test_a_query_is_text(workbench: engine.Workbench):
    with pytest.raises(WorkbenchError, match="A query is text, not NoneType"):
        workbench.query(None)


def test_an_unknown_experiment_is_not_found(workbench: engine.Workbench):
    with pytest.raises(NotFoundError, match="nothing"):
        workbench.query("select 1", experiment="nothing")


def test_a_syntax_error_has_its_position(workbench: engine.Workbench):
    with pytest.raises(QueryError) as caught:
        workbench.query("select 1,\n  2 frm x y z")

    assert caught.value.line == 2
    assert caught.value.caret.splitlines()[0] == "  2 frm x y z"
    assert caught.value.caret.splitlines()[1].strip() == "^"


def test_an_error_about_a_missing_table_lists_the_tables(workbench: engine.Workbench, filled: engine.Experiment):
    with pytest.raises(QueryError, match="shop__orders"):
        workbench.query("select * from shop__ordrs")


@pytest.mark.parametrize(
    "sql", ["select 1; select 2", "drop table orders", "delete from orders", "", "copy orders to 'x.csv'"]
)
def test_anything_but_one_select_is_refused(filled: engine.Experiment, sql: str):
    with pytest.raises(QueryError):
        filled.query(sql)

    assert filled.query("select count(*) from orders").records() == [(50,)]


def test_a_whole_result_becomes_a_csv_file(workbench: engine.Workbench, filled: engine.Experiment, tmp_path: Path):
    path = tmp_path / "orders.csv"

    rows = workbench.export_csv(
        "select order_id, City from shop__orders join shop__customers using (customer_id)", path
    )

    lines = path.read_text("utf-8").splitlines()
    assert rows == 50
    assert lines[0] == "order_id,City"
    assert len(lines) == 51


def test_a_stream_begins_with_the_header(workbench: engine.Workbench, filled: engine.Experiment):
    text = b"".join(workbench.stream_csv("select order_id from orders order by 1 limit 2", experiment="shop")).decode()

    assert text.splitlines() == ["order_id", "1", "2"]


def test_a_stream_of_a_wrong_query_fails_at_the_call(workbench: engine.Workbench):
    with pytest.raises(QueryError):
        workbench.stream_csv("select * from nothing")


def test_a_wrong_query_leaves_no_file(workbench: engine.Workbench, tmp_path: Path):
    with pytest.raises(QueryError):
        workbench.export_csv("select nothing", tmp_path / "out.csv")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["home"]


def test_a_query_is_saved_as_text(workbench: engine.Workbench, tmp_path: Path):
    path = workbench.save_query("select 'æ' as x\n\n", tmp_path / "mine")

    assert path == tmp_path / "mine.sql"
    assert path.read_text("utf-8") == "select 'æ' as x\n"
    assert workbench.save_query("select 2", tmp_path / "yours.SQL") == tmp_path / "yours.SQL"


def test_a_file_needs_an_existing_folder(workbench: engine.Workbench, tmp_path: Path):
    with pytest.raises(WorkbenchError, match="no folder"):
        workbench.save_query("select 1", tmp_path / "missing" / "mine.sql")
    with pytest.raises(WorkbenchError, match="no folder"):
        workbench.export_csv("select 1", tmp_path / "missing" / "mine.csv")
    with pytest.raises(WorkbenchError, match="is a folder"):
        workbench.export_csv("select 1", tmp_path)
    with pytest.raises(WorkbenchError, match="no query"):
        workbench.save_query(" ", tmp_path / "mine.sql")


@pytest.mark.parametrize("dialect", ["snowflake", "redshift", "duckdb"])
def test_variables_fill_a_query_and_its_file(
    workbench: engine.Workbench, filled: engine.Experiment, tmp_path: Path, dialect: str
):
    sql = "select count(*) as n from shop__orders where order_id <= $most"
    assert filled.query(sql, dialect=dialect, variables={"most": 7}).records() == [(7,)]
    workbench.export_csv(sql, tmp_path / "n.csv", dialect=dialect, variables={"most": 7})
    assert (tmp_path / "n.csv").read_text("utf-8") == "n\n7\n"


def test_a_variable_may_name_the_table(workbench: engine.Workbench, filled: engine.Experiment):
    result = workbench.query(
        "select count(*) from identifier($t)", dialect="snowflake", variables={"t": "shop__orders"}
    )
    assert result.records() == [(50,)]
