"""Format, Explain and Pin on the Query page."""

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import engine

from .conftest import Open


def open_with(open_page: Open, sql: str) -> AppTest:
    at = open_page("query")
    at.session_state["_sql_shop"] = sql
    return at.run()


def text_of(at: AppTest) -> str:
    text: Any = at.session_state["_sql_shop"]
    assert isinstance(text, str)
    return text


def test_format_lays_the_query_out_and_keeps_its_comments(open_page: Open, filled: engine.Experiment):
    at = open_with(open_page, "select order_id, total -- net\nfrom orders where total>1")

    at.menu_button(key="more:shop").click("Format SQL").run()

    assert not at.exception
    assert text_of(at) == "SELECT\n    order_id,\n    total -- net\nFROM orders\nWHERE total > 1"


def test_format_says_where_the_mistake_is(open_page: Open, filled: engine.Experiment):
    at = open_with(open_page, "select order_id\nfrom orders where (total > 1")

    at.menu_button(key="more:shop").click("Format SQL").run()

    assert "line 2, column 19" in at.error[0].value
    assert text_of(at).startswith("select order_id\n")


@pytest.mark.parametrize(
    ("action", "expected"), [("Explain", r"about \d+ rows"), ("Explain and run", r"\b40 rows, [\d.]+ ")]
)
def test_the_plan_is_a_tree(open_page: Open, filled: engine.Experiment, action: str, expected: str):
    at = open_with(open_page, "select * from orders order by total")

    at.menu_button(key="more:shop").click(action).run()

    assert not at.exception
    tree = next(each.proto.body for each in at.get("html") if '<ul class="plan">' in each.proto.body)
    assert "Table: <code>orders</code>" in tree
    assert re.search(expected, tree)

    at.button(key="close_plan:shop").click().run()
    assert not any('<ul class="plan">' in each.proto.body for each in at.get("html"))


def test_a_plan_of_what_is_not_allowed_is_refused(open_page: Open, filled: engine.Experiment):
    at = open_with(open_page, "delete from orders")

    at.menu_button(key="more:shop").click("Explain and run").run()

    assert "DELETE is not allowed" in at.error[0].value
    assert filled.row_counts()["orders"] == 40


def test_a_query_is_saved_and_pinned_in_one_step(open_page: Open, filled: engine.Experiment):
    at = open_with(open_page, "select count(*) as n from orders")
    name = next(each for each in at.text_input if str(each.key).startswith("pin_name:shop:"))
    name.set_value("orders so far").run()

    at.button(key="pin_it:shop").click().run()

    assert not at.exception
    assert [(saved.name, saved.sql) for saved in filled.queries.saved()] == [
        ("orders so far", "select count(*) as n from orders")
    ]
    assert [(item.query, item.view) for item in filled.board().items] == [("orders so far", "chart")]
    assert at.button(key="pin_it:shop").label == "Pin"


def test_pinning_replaces_no_other_saved_query(open_page: Open, filled: engine.Experiment):
    filled.queries.save("mine", "select 1 as one")
    at = open_with(open_page, "select 2 as two")
    next(each for each in at.text_input if str(each.key).startswith("pin_name:shop:")).set_value("Mine").run()

    at.button(key="pin_it:shop").click().run()

    assert "another saved query" in at.error[0].value
    assert filled.queries.saved_query("mine").sql == "select 1 as one"
    assert filled.board().items == []
