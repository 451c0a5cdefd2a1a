"""What a query may not ask the database about itself, and what it may."""

from pathlib import Path

import duckdb
import pytest

import engine
from engine.errors import QueryError
from engine.settings import Settings
from engine.warehouse.internals import check_internals
from engine.warehouse.query_text import QueryText
from engine.warehouse.session import open_session

HARMLESS = {
    "generate_series", "icu_calendar_names", "json_each", "json_tree", "pg_timezone_names", "range", "repeat",
    "repeat_row", "summary", "test_all_types", "test_vector_types", "unnest", "histogram", "histogram_values",
}  # fmt: skip


def built_in(condition):
    with duckdb.connect() as connection:
        found = connection.execute(f"select distinct function_name from duckdb_functions() where {condition}")
        return {name for (name,) in found.fetchall()}


def is_refused(shop, sql):
    try:
        shop.query(sql)
    except QueryError as error:
        return "is not allowed" in error.message
    return False


def test_every_table_function_of_duckdb_is_refused_or_known_to_be_harmless(shop: engine.Experiment):
    names = built_in("function_type in ('table', 'table_macro') and internal")
    assert len(names) > 80
    assert {name for name in names if not is_refused(shop, f"select * from {name}(1)")} == HARMLESS & names


def test_no_view_of_duckdb_shows_a_path(shop: engine.Experiment, home):
    with duckdb.connect() as connection:
        views = connection.execute("select schema_name, view_name from duckdb_views() where internal").fetchall()
    assert len(views) > 30
    shown = 0
    for schema_name, name in views:
        try:
            rows = shop.query(f"select * from {schema_name}.{name}").records()
        except QueryError:
            continue
        shown += 1
        assert str(home) not in str(rows), name
    assert shown > 20


@pytest.mark.parametrize("sql", ["select * from duckdb_settings()", "explain select * from DUCKDB_SETTINGS ()"])
def test_a_refusal_shows_its_place(shop: engine.Experiment, sql: str):
    with pytest.raises(QueryError, match='"duckdb_settings" is not allowed') as caught:
        shop.query(sql.lower())
    assert (caught.value.line, caught.value.column) == (1, sql.lower().index("duckdb") + 1)
    assert caught.value.hint == "A query reads the tables of the experiments only."


@pytest.mark.parametrize(
    "sql",
    [
        "select 'duckdb_settings()' as a",
        "select count(*) from orders -- read_csv('x')",
        "select * from range(3)",
        "select \"read_csv\" from (select 1 as read_csv)",
        "explain select count(*) from orders",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_is_answered(shop: engine.Experiment, sql: str):
    assert shop.query(sql).row_count >= 1


@pytest.fixture
def odd(workbench: engine.Workbench) -> engine.Experiment:
    """An experiment with a table that is called like one of the database itself."""
    column = {"name": "a", "data_type": "INT"}
    return workbench.create({"name": "odd", "tables": [{"name": "duckdb_databases", "columns": [column]}]})


@pytest.mark.parametrize("name", ["duckdb_databases", "odd.duckdb_databases", "odd__duckdb_databases"])
def test_a_table_of_ones_own_may_be_called_like_one_of_the_database(odd: engine.Experiment, name: str):
    assert odd.query(f"select count(*) from {name}").records() == [(0,)]


@pytest.mark.parametrize(
    "name", ["main.duckdb_databases", "system.main.duckdb_databases", "system.duckdb_databases", "duckdb_databases()"]
)
def test_that_opens_no_way_to_the_one_of_the_database(odd: engine.Experiment, name: str):
    assert is_refused(odd, f"select * from {name}")


def test_a_text_without_a_parse_tree_is_searched(home: Path):
    sql = "select * from glob('/*')"
    session = open_session([], current=None, settings=Settings(home=home), temp_dir=home)
    with session, pytest.raises(QueryError, match='"glob" is not allowed'):
        check_internals(session, QueryText(sql, sql, 0), None)
