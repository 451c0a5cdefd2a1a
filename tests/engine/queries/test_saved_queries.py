import pytest

import engine
from engine.errors import NotFoundError, WorkbenchError
from engine.store import query_rows

SHOP = {"name": "shop", "tables": [{"name": "t", "target_rows": 3, "columns": [{"name": "id", "data_type": "INT"}]}]}


@pytest.fixture
def shop(home):
    with engine.Workbench(home) as workbench:
        yield workbench.create(SHOP)


def test_the_history_holds_the_outcome_of_each_query(shop: engine.Experiment):
    shop.queries.note("select 1 ", "duckdb", shop.query("select 1"))
    shop.queries.note("select x", "snowflake", WorkbenchError("There is no x."))

    failed, answered = shop.queries.history()

    assert (failed.sql, failed.dialect, failed.error) == ("select x", "snowflake", "There is no x.")
    assert (answered.sql, answered.row_count, answered.error) == ("select 1", 1, "")
    assert answered.seconds > 0
    assert answered.asked_at <= failed.asked_at


def test_the_same_query_is_in_the_history_once_as_the_last(shop: engine.Experiment):
    result = shop.query("select 1")
    for sql in ("select 1", "select 2", "select 1"):
        shop.queries.note(sql, "duckdb", result)

    assert [query.sql for query in shop.queries.history()] == ["select 1", "select 2"]


def test_the_history_drops_the_oldest(shop: engine.Experiment, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(query_rows, "MAX_PAST_QUERIES", 2)
    result = shop.query("select 1")
    for number in range(4):
        shop.queries.note(f"select {number}", "duckdb", result)

    assert [query.sql for query in shop.queries.history()] == ["select 3", "select 2"]


def test_a_saved_query_is_found_by_name_and_replaced(shop: engine.Experiment):
    shop.queries.save("By day", "select 1", "snowflake")
    shop.queries.save("another", "select 3")
    shop.queries.save("by  DAY", "select 2")

    assert [(saved.name, saved.sql, saved.dialect) for saved in shop.queries.saved()] == [
        ("another", "select 3", "duckdb"),
        ("by DAY", "select 2", "duckdb"),
    ]


def test_a_saved_query_can_be_removed(shop: engine.Experiment):
    shop.queries.save("orders", "select 1")
    with pytest.raises(NotFoundError, match='Did you mean "orders"'):
        shop.queries.remove("orderz")

    shop.queries.remove("ORDERS")

    assert shop.queries.saved() == []


@pytest.mark.parametrize(("name", "sql"), [(" ", "select 1"), ("x" * 101, "select 1"), ("name", " \n")])
def test_a_query_without_a_name_or_a_text_is_not_saved(shop: engine.Experiment, name: str, sql: str):
    with pytest.raises(WorkbenchError):
        shop.queries.save(name, sql)


def test_queries_are_deleted_with_their_experiment(home):
    with engine.Workbench(home) as workbench:
        workbench.create(SHOP).queries.save("orders", "select 1")
        workbench.delete("shop")

        assert workbench.create(SHOP).queries.saved() == []
