import threading
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import duckdb
import polars as pl
import pytest

from engine.errors import QueryError, WorkbenchError
from engine.warehouse.querying.execution import limit_to_page, run_query
from engine.warehouse.querying.page import Page
from tests.engine.warehouse.conftest import schema_of


@pytest.fixture
def shop(made, opened):
    return opened(made(schema_of("shop", "customers", "orders")), current="shop")


def get_error(session, sql):
    with pytest.raises(QueryError) as caught:
        run_query(session, sql)
    return caught.value


def test_a_result_has_rows_columns_and_types(query):
    result = query("select 7/2 as half, 'x' as text, 1.50::decimal(9,2) as price, null as nothing")
    assert result.records() == [(3.5, "x", Decimal("1.50"), None)]
    assert [(column.name, column.type) for column in result.columns] == [
        ("half", "DOUBLE"),
        ("text", "VARCHAR"),
        ("price", "DECIMAL(9,2)"),
        ("nothing", "NULL"),
    ]
    assert (result.row_count, result.truncated, result.notes) == (1, False, ())
    assert result.seconds > 0


def test_a_query_leaves_no_thread_running(query):
    before = threading.active_count()
    for _ in range(20):
        query("select 1")
        assert threading.active_count() == before


@pytest.mark.parametrize(
    "sql",
    [
        "values (1)",
        "from (select 1)",
        "with a as (select 1) select * from a;",
        "(select 1)",
        "select 1 union all select 2",
        "describe select 1",
        "explain select 1",
        "explain analyze select 1",
        "explain (format json) select 1",
        "summarize select 1 as a",
        "pivot (select 1 as a, 2 as b) on a using sum(b)",
        "unpivot (select 1 as a) on a",
        "show databases",
        " -- a comment\n select 1 -- another",
        "/* a */ select 1; -- b\n ;",
    ],
)
def test_statements_that_read_are_allowed(query, sql):
    assert query(sql).row_count >= 1


@pytest.mark.parametrize(
    "sql",
    [
        "insert into customers values (1)",
        "update customers set id = 1",
        "delete from customers",
        "create table t (i int)",
        "drop table customers",
        "alter table customers add column x int",
        "copy customers to 'x.csv'",
        "attach 'x.duckdb' as x",
        "detach shop",
        "install httpfs",
        "load httpfs",
        "set threads = 1",
        "reset threads",
        "pragma version",
        "use shop",
        "call pragma_version()",
        "checkpoint",
        "vacuum",
        "begin",
        "prepare a as select 1",
        "execute a",
        "export database 'x'",
        "import database 'x'",
        "truncate customers",
    ],
)
def test_other_statements_are_refused_by_name(shop, sql):
    error = get_error(shop, f"\n  {sql}")
    assert error.message == f"{sql.split()[0].upper()} is not allowed: queries are read-only."
    assert (error.line, error.column) == (2, 3)


def test_what_an_explain_would_run_is_refused(shop):
    error = get_error(shop, "explain analyze insert into customers values (1)")
    assert error.message.startswith("INSERT is not allowed")
    assert error.column == 17


def test_a_change_inside_with_is_refused(shop):
    error = get_error(shop, "with x as (insert into customers values (2) returning *) from x")
    assert "would change data" in error.message


@pytest.mark.parametrize("sql", ["", "  \n", "-- only a comment", ";", "/* a */ ; "])
def test_an_empty_query(query, sql):
    with pytest.raises(QueryError, match="The query is empty"):
        query(sql)


def test_two_statements_are_refused_at_the_second(query):
    with pytest.raises(QueryError, match="One statement at a time") as caught:
        query("select ';' as a;\n-- and\nselect 2")
    assert (caught.value.line, caught.value.column) == (3, 1)
    assert caught.value.caret == "select 2\n^"


def test_a_syntax_error_has_line_column_and_caret(query):
    with pytest.raises(QueryError) as caught:
        query("select 'é',\n\t1 frm x y")
    error = caught.value
    assert (error.line, error.column) == (2, 4)
    assert error.caret == "\t1 frm x y\n\t  ^"
    assert str(error).startswith("line 2, column 4: Syntax error")


def test_an_error_without_a_position_points_at_the_statement(query):
    with pytest.raises(QueryError) as caught:
        query("-- é\n  select")
    assert (caught.value.line, caught.value.column) == (2, 3)


def test_a_very_long_line_is_truncated_around_the_position(query):
    with pytest.raises(QueryError) as caught:
        query(f"select {'1, ' * 500} nope, {'1, ' * 500} 1")
    line, caret = caught.value.caret.split("\n")
    assert len(line) == 160
    assert line[caret.index("^") :].startswith("nope")
    assert caught.value.column == 1509


@pytest.mark.parametrize(
    ("sql", "message", "hint"),
    [
        ("select idd from customers", 'no column "idd"', 'Did you mean "Id"?'),
        ("select c.idd from customers c", 'no column "idd"', 'Did you mean "Id"?'),
        ("from custmers", 'no table "custmers"', 'Did you mean "customers"?'),
        ("from nope__things", 'no table "nope__things"', "The tables are: customers, orders."),
        ("from shop.custmers", 'no table "shop.custmers"', 'Did you mean "customers"?'),
        ("from '/etc/passwd'", 'no table "/etc/passwd"', "The tables are: customers, orders."),
        ("describe orderz", 'no table "orderz"', 'Did you mean "orders"?'),
    ],
)
def test_an_unknown_name_has_a_hint_with_known_names(shop, sql, message, hint):
    error = get_error(shop, sql)
    assert message in error.message
    assert hint in error.hint
    assert error.line == 1


def test_positions_count_characters_not_bytes(shop):
    error = get_error(shop, "-- ü\nselect 'éé', idd from customers")
    assert (error.line, error.column) == (2, 14)


def test_at_most_twenty_known_tables_are_suggested(opened):
    session = opened(known_tables=lambda: [f"shop__t{n}" for n in range(30)])
    error = get_error(session, "from nope__orders")
    assert "shop__t19 and 10 more" in error.hint
    assert get_error(opened(), "from x").hint == "There are no tables yet: create an experiment first."


def test_a_conversion_error_has_its_position(query):
    with pytest.raises(QueryError, match='The text "x7" is not a number') as caught:
        query("select\n cast('x' || range as int) from range(7, 9)")
    assert (caught.value.line, caught.value.column) == (2, 2)


def test_a_limit_truncates_the_result_and_marks_it(query):
    cut = query("select range from range(10) order by 1 desc", page=Page(3))
    assert (cut.records(), cut.truncated) == ([(9,), (8,), (7,)], True)
    whole = query("select range from range(3)", page=Page(3))
    assert (whole.row_count, whole.truncated) == (3, False)
    assert query("select 1", page=Page(0)).truncated
    assert query("select range from range(250000)").row_count == 250_000


def test_negative_offsets_and_limits_are_refused():
    with pytest.raises(WorkbenchError, match=r"offset: -1 is not a number of rows\. Give 0 or more"):
        Page(3, offset=-1)
    with pytest.raises(WorkbenchError, match="limit: -2 is not a number of rows"):
        Page(-2)


def test_concatenated_pages_are_the_result(query):
    sql = "select range * 7 % 10 as n from range(10) order by 1"
    pages = [query(sql, page=Page(4, offset=offset, is_counted=True)) for offset in (0, 4, 8, 12)]
    assert [row for page in pages for row in page.records()] == [(n,) for n in range(10)]
    assert [(page.offset, page.total, page.truncated, page.is_whole) for page in pages] == [
        (0, 10, True, False),
        (4, 10, True, False),
        (8, 10, False, False),
        (12, 10, False, False),
    ]
    assert [query(sql, page=Page(4, offset=offset)).total for offset in (0, 8, 12)] == [None, 10, None]


def test_a_page_fetches_no_more_rows_than_it_needs():
    relation = duckdb.sql("from range(100)")
    assert [len(limit_to_page(relation, page).fetchall()) for page in (Page(10, 5), Page(None, 5))] == [11, 95]


def test_all_rows_are_not_counted_for_long(query, monkeypatch):
    monkeypatch.setattr("engine.warehouse.querying.execution.COUNTING_SECONDS", 0.05)
    sql = "select a.range from range(10000000000) a, range(100000) b where hash(a.range + b.range) % 3 = 0"
    result = query(sql, page=Page(5, is_counted=True))
    assert (result.row_count, result.truncated, result.total) == (5, True, None)
    assert query("select 1", page=Page(5, is_counted=True)).total == 1


def test_a_limit_reads_no_more_than_it_needs(query):
    endless = "select range from range(100000000000)"  # reading it all would reach the time limit
    assert query(endless, page=Page(10)).row_count == 10


def test_a_page_of_a_sorted_result_is_sorted_no_further_than_it_reaches(shop):
    relation = shop.connection.sql("select * from range(1000000) t(n) order by n desc")
    assert "Top N" in limit_to_page(relation, Page(limit=10)).explain()
    assert limit_to_page(relation, Page(limit=2, offset=3)).fetchall() == [(999_996,), (999_995,), (999_994,)]


def test_the_time_limit_stops_a_query(opened):
    with pytest.raises(QueryError, match=r"time limit of 0\.1 seconds"):
        run_query(opened(), "select count(*) from range(1000000) a, range(1000000) b", timeout_seconds=0.1)


def test_the_memory_limit_is_reported(opened, settings):
    session = opened(settings=replace(settings, query_memory_mb=100))
    with pytest.raises(QueryError, match="exceeded its memory limit of 100 MB"):
        run_query(session, "select list(range) from range(50000000)")


def test_many_sessions_at_once(made, opened):
    shop = made(schema_of("shop", "customers"))
    found = []

    def work():
        found.append(run_query(opened(shop, current="shop"), "select id from customers").records())

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[(1,)]] * 8


def test_repeated_headers_stay_in_columns_and_differ_in_the_frame(query):
    result = query("select 1 as id, 2 as ID, 3 as id_2, 4 as id")
    assert [column.name for column in result.columns] == ["id", "ID", "id_2", "id"]
    assert result.frame.columns == ["id", "ID", "id_2", "id_3"]
    assert result.records() == [(1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("value", "type_", "shown"),
    [
        ("interval 36 hour", "INTERVAL", "36:00:00"),
        ("union_value(n := 1)", "UNION(n INTEGER)", "1"),
        ("[interval 1 day]", "INTERVAL[]", "[1 day]"),
        ("map {'a': 1}", "MAP(VARCHAR, INTEGER)", "{a=1}"),
        ("'0101'::bit", "BIT", "0101"),
        ("date '0044-03-15' - interval 50 year", "TIMESTAMP", "0007-03-15 (BC) 00:00:00"),
        ("date '0001-01-01' - 1", "DATE", "0001-12-31 (BC)"),
        ("date 'infinity'", "DATE", "infinity"),
        ("timestamp 'infinity'", "TIMESTAMP", "infinity"),
        ("time '24:00:00'", "TIME", "24:00:00"),
        ("'10:00:00+02'::timetz", "TIME WITH TIME ZONE", "10:00:00+02"),
        ("1::bignum", "BIGNUM", "1"),
        ("{'a': 1}::variant", "VARIANT", "{'a': 1}"),
        ("340282366920938463463374607431768211455::uhugeint", "UHUGEINT", "340282366920938463463374607431768211455"),
        ("[date '2024-01-01']", "DATE[]", "[2024-01-01]"),
        ("sum(1)", "HUGEINT", 1),
        ("100000000000000000000::hugeint", "HUGEINT", Decimal("100000000000000000000")),
        ("(-170141183460469231731687303715884105727)::hugeint", "HUGEINT", "-170141183460469231731687303715884105727"),
        ("[1, 2]", "INTEGER[]", [1, 2]),
        ("{'a': 1, 'b': 'x'}", None, {"a": 1, "b": "x"}),
        ("date '9999-12-31'", "DATE", date(9999, 12, 31)),
        ("timestamp '9999-12-31 23:59:59.999999'", "TIMESTAMP", datetime(9999, 12, 31, 23, 59, 59, 999999)),
        ("'a'::enum('a', 'b')", "ENUM('a', 'b')", "a"),
    ],
)
def test_every_type_can_be_shown(query, value, type_, shown):
    result = query(f"select {value} as v")
    if type_ is not None:
        assert result.columns[0].type == type_
    assert result.records() == [(shown,)]
    assert isinstance(result.frame, pl.DataFrame)


def test_the_extremes_of_every_type_can_be_shown_and_written(query, tmp_path):
    result = query("from test_all_types()")
    assert len(result.records()) == result.to_csv(tmp_path / "out.csv") == result.row_count
    assert len(str(result.frame)) > 100


def test_an_empty_result_keeps_its_columns(query):
    result = query("select 1 as a, interval 1 day as b, sum(1) as c where false")
    assert result.frame.columns == ["a", "b", "c"]
    assert query("select 1 as a, interval 1 day as b where false").frame.schema == {"a": pl.Int32, "b": pl.String}
