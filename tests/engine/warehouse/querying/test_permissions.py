"""What a query may and may not read of the database itself."""

from pathlib import Path

import duckdb
import pytest

import engine
from engine.errors import QueryError
from engine.settings import Settings
from engine.warehouse.querying.allowed_functions import ALLOWED, ALLOWED_TABLE_FUNCTIONS, SYNTAX
from engine.warehouse.querying.permissions import check_internals
from engine.warehouse.querying.query_text import QueryText
from engine.warehouse.querying.session import open_session

HARMLESS = {
    "generate_series", "icu_calendar_names", "json_each", "json_tree", "pg_timezone_names", "range", "repeat",
    "repeat_row", "summary", "test_all_types", "test_vector_types", "unnest",
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


def test_every_view_of_duckdb_is_refused(shop: engine.Experiment):
    with duckdb.connect() as connection:
        views = connection.execute("select schema_name, view_name from duckdb_views() where internal").fetchall()
    assert len(views) > 30
    for schema_name, name in views:
        for written in (f"{schema_name}.{name}", f"system.{schema_name}.{name}", name):
            assert is_refused(shop, f"select * from {written}") or is_unknown(shop, written), written


def is_unknown(shop, table):
    with pytest.raises(QueryError, match="There is no table"):
        shop.query(f"select * from {table}")
    return True


@pytest.mark.parametrize("sql", ["select * from duckdb_settings()", "explain select * from DUCKDB_SETTINGS ()"])
def test_a_refusal_has_its_position(shop: engine.Experiment, sql: str):
    with pytest.raises(QueryError, match='"duckdb_settings" is not allowed') as caught:
        shop.query(sql.lower())
    assert (caught.value.line, caught.value.column) == (1, sql.lower().index("duckdb") + 1)
    assert caught.value.hint == "Queries read only the tables of the experiments."


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
def test_a_lookalike_is_allowed(shop: engine.Experiment, sql: str):
    assert shop.query(sql).row_count >= 1


@pytest.fixture
def odd(workbench: engine.Workbench) -> engine.Experiment:
    """An experiment with a table that has the name of a system table."""
    column = {"name": "a", "data_type": "INT"}
    return workbench.create({"name": "odd", "tables": [{"name": "duckdb_databases", "columns": [column]}]})


@pytest.mark.parametrize("name", ["duckdb_databases", "odd.duckdb_databases", "odd__duckdb_databases"])
def test_a_table_may_have_the_name_of_a_system_table(odd: engine.Experiment, name: str):
    assert odd.query(f"select count(*) from {name}").records() == [(0,)]


@pytest.mark.parametrize(
    "name", ["main.duckdb_databases", "system.main.duckdb_databases", "system.duckdb_databases", "duckdb_databases()"]
)
def test_such_a_table_gives_no_access_to_the_system_table(odd: engine.Experiment, name: str):
    assert is_refused(odd, f"select * from {name}")


def test_a_text_without_a_parse_tree_is_refused(home: Path):
    sql = "select 1"
    session = open_session([], current=None, settings=Settings(home=home), temp_dir=home)
    with session, pytest.raises(QueryError, match="cannot be checked"):
        check_internals(session, QueryText(sql, sql, 0), None)


@pytest.mark.parametrize(
    "sql",
    [
        "show secret_directory",
        "show temp_directory",
        "from (show allowed_directories)",
        "from histogram_values('duckdb_databases', path)",
        "from histogram('duckdb_databases', path)",
        "pivot (select current_setting --x\n('temp_directory') as h, 1 as a) on a using max(h)",
        "pivot (select 1 as a) on a using max(current_setting('temp_directory'))",
        "pivot (select 1 as a) on current_setting('temp_directory') || a using count(*)",
        "explain analyze select current_setting/**/('temp_directory')",
        "explain /* ( */ select /*)*/ current_setting('temp_directory')",
        "explain (--) select ($$\n select current_setting('temp_directory') --$$\n)",
        "/* /* */ explain select ( */ explain select current_setting('temp_directory')",
        "select main.\"CURRENT_setting\"('temp_directory')",
        "select 'temp_directory'.current_setting()",
        "select 1 order by current_setting('temp_directory')",
        "from orders limit (select getvariable('a'))",
        "select pg_get_viewdef(1)",
        "from information_schema.tables",
        "from system.information_schema.schemata",
        "with a as (from duckdb_databases) from a",
        "from duckdb_databases, (with duckdb_databases as (select 1) from duckdb_databases) as a",
    ],
)  # fmt: skip
def test_what_is_not_on_the_lists_is_refused(shop: engine.Experiment, sql: str):
    assert is_refused(shop, sql)


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("select count(*) from (pivot orders on order_id % 2 using count(*))", 1),
        ("pivot (select 1 as a, 2 as b) on a, b using count(*)", 1),
        ("pivot (select 'x' as a, 2 as b) on a || 'y' using sum(b) group by b order by 1 limit 3", 1),
        ("with p as (pivot (select 1 as a, 2 as b) on a using sum(b)) from p", 1),
        ("explain analyze select 1", 1),
        ("/* /* a */ b */ explain (format json) select 1", 1),
        ("explain (select 1)", 1),
        ("from (show tables) limit 1", 1),
        ("show orders", 3),
        ("with orders as (from orders limit 1) select count(*) from orders", 1),
        ("with recursive a(i) as (select 1 union all select i + 1 from a where i < 3) from a", 3),
        ("with a as (select 1), b as (from a) from b", 1),
        ("from range(3) as t(i) where i in (with b as (select 1) from b)", 1),
        ("select count(*) from orders tablesample 1 rows", 1),
        ("select [x + 1 for x in [1]], {'a': 1}.a, 'b'.upper(), user, current_date, list_aggregate([1], 'sum')", 1),
        ("select sum(a) over w from range(3) t(a) window w as (order by a) qualify row_number() over w = 1", 1),
        ("select try('a'::int), extract(year from now()), 'a' similar to 'a', 'a' glob 'b', interval 1 day", 1),
    ],
)
def test_ordinary_sql_is_allowed(shop: engine.Experiment, sql: str, rows: int):
    assert shop.query(sql).row_count == rows


def test_every_allowed_function_exists_in_duckdb():
    known = {name.lower() for name in built_in("true")}
    assert known >= ALLOWED - SYNTAX
    assert {name.lower() for name in built_in("function_type in ('table', 'table_macro')")} >= ALLOWED_TABLE_FUNCTIONS


def test_a_function_of_duckdb_that_is_not_listed_is_refused(shop: engine.Experiment):
    brought = {name for name in built_in("function_type in ('scalar', 'macro')") if name.lower() not in ALLOWED}
    sample = sorted(name for name in brought if "collate_" not in name and not name.startswith("__internal"))
    assert {"current_setting", "getvariable", "write_log", "nextval", "pg_get_viewdef"} <= set(sample)
    for name in sample:
        assert is_refused(shop, f'select "{name}"(1)'), name


def test_the_tree_of_a_long_chain_is_read(shop: engine.Experiment):
    assert shop.query("select " + "||".join(["'a'"] * 900) + " as a").records() == [("a" * 900,)]
