"""What the workbench chooses to draw of a result: one query of a kind a line."""

import pytest

from engine.errors import WorkbenchError

ORDERS = """select range as order_id, hash(range) % 90 as customer_id,
    timestamp '2022-01-01' + interval (range * 7919 % 25000) hour as ordered_at,
    ['new', 'sent', 'back'][range % 3 + 1] as status, (range % 40)::decimal(6,2) as fee from range(3000)"""
MONTHS = "select date '2024-01-01' + interval (range) month as month,"


@pytest.fixture
def planned(ask):
    def plan(sql, **choice):
        made = ask(sql).chart_plan(**choice)
        return made.mark, made.x, made.y, made.color, made.aggregate, made.unit

    return plan


@pytest.mark.parametrize(
    ("sql", "plan"),
    [
        (ORDERS, ("line", "ordered_at", "fee", "status", "sum", "month")),
        (f"{ORDERS} limit 100", ("line", "ordered_at", "fee", "status", "sum", "year")),
        (f"select *, fee * 2 as total from ({ORDERS})", ("line", "ordered_at", None, "status", "count", "month")),
        (f"select ordered_at, fee as rating from ({ORDERS})", ("line", "ordered_at", "rating", None, "mean", "month")),
        (f"select ordered_at from ({ORDERS})", ("bar", "ordered_at", None, None, "count", "month")),
        (f"select status from ({ORDERS})", ("bar", "status", None, None, "count", "none")),
        (f"select order_id, status from ({ORDERS})", ("bar", "status", None, None, "count", "none")),
        (f"select order_id, fee from ({ORDERS})", ("bar", "fee", None, None, "count", "none")),
        (f"{MONTHS} range * 3.5 as total, 2 as n from range(40)", ("line", "month", "total", None, "none", "none")),
        (f"{MONTHS} null as k, range as n from range(9)", ("line", "month", "n", None, "none", "none")),
        ("select range + 2020 as year, range * 9 as n from range(4)", ("bar", "year", "n", None, "none", "none")),
        ("select range + 1 as stars, 9 - range as n from range(5)", ("bar", "stars", "n", None, "none", "none")),
        ("select range * 77 as customer_id, 2.5 as s from range(9)", ("bar", "customer_id", "s", None, "none", "none")),
        ("select range * 77 as shopKey, range % 7 as n from range(900)", ("bar", "n", None, None, "count", "none")),
        ("select range as latitude, range % 7 as n from range(900)", ("bar", "n", None, None, "count", "none")),
        (
            "select 'a' || range % 2 as k, 'b' || range // 2 as l, 5 as n from range(6)",
            ("bar", "k", "n", "l", "none", "none"),
        ),
        ("select true as a, 5 as n", ("bar", "a", "n", None, "none", "none")),
        ("select 1 as id, 2 as id, 3.5 as id", ("bar", "figure", "value", None, "none", "none")),
        ("select interval 3 days as span, [1] as l, 4 as n", ("bar", "span", "n", None, "none", "none")),
        ("select date '-0044-03-15' as ides, 4 as n", ("bar", "ides", "n", None, "none", "none")),
        (
            "select 170141183460469231731687303715884105727 as wide, 'x' as k",
            ("bar", "wide", None, None, "count", "none"),
        ),
        (
            "select date '1804-05-06' + (range * 40)::int as d, 1.5 as v from range(300)",
            ("line", "d", "v", None, "none", "none"),
        ),
        (
            "select 1.5 as shop_id, range % 40 * 1.5 as a, range % 50 * 2.5 as b from range(99)",
            ("point", "a", "b", None, "none", "none"),
        ),
    ],
)
def test_the_columns_make_the_plan(planned, sql, plan):
    assert planned(sql) == plan


def test_names_that_never_repeat_are_nothing_to_compare(planned):
    with pytest.raises(WorkbenchError, match="can be drawn"):
        planned("select range as id, 'name ' || range as name from range(12)")


@pytest.mark.parametrize(
    ("choice", "plan"),
    [
        ({"x": "status"}, ("bar", "status", "fee", None, "sum", "none")),
        ({"aggregate": "count"}, ("line", "ordered_at", None, "status", "count", "month")),
        ({"color": ""}, ("line", "ordered_at", "fee", None, "sum", "month")),
        ({"unit": "year"}, ("line", "ordered_at", "fee", "status", "sum", "year")),
        ({"unit": "none", "aggregate": "none"}, ("line", "ordered_at", "fee", "status", "none", "none")),
        ({"mark": "line", "x": "fee", "y": "order_id"}, ("line", "fee", "order_id", None, "mean", "none")),
        ({"mark": "bar"}, ("bar", "ordered_at", "fee", "status", "sum", "month")),
        ({"x": "fee"}, ("bar", "fee", None, None, "count", "none")),
        ({"x": "customer_id", "y": "fee"}, ("bar", "customer_id", "fee", None, "sum", "none")),
    ],
)
def test_what_is_chosen_is_kept_and_the_rest_fits_it(planned, choice, plan):
    assert planned(ORDERS, **choice) == plan


def test_what_is_coloured_goes_across_when_only_numbers_are_left(planned):
    counted = "select 'a' || range as k, range * 2.5 as n from range(3)"
    assert planned(counted, mark="point", color="k") == ("point", "k", "n", "k", "none", "none")


def test_the_plan_tells_which_units_fit(ask):
    dates = "select date '2024-01-01' + range::int as day, 1 as n from range(60)"
    moments = "select timestamp '2024-01-01' + interval (range) minute as at, 1 as n from range(300)"

    assert ask(dates).chart_plan().units == ("day", "week", "month")
    assert ask(moments).chart_plan().units == ("minute", "hour")
    assert ask("select 'a' as k, 1 as n").chart_plan().units == ()


def test_a_column_of_nulls_cannot_be_chosen(ask):
    with pytest.raises(WorkbenchError, match="nothing but NULL"):
        ask("select 'a' as k, null::int as n").chart_plan(y="n")
