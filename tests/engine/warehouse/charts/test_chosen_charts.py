"""The charts chosen for results: one query of each kind per line."""

import pytest

from engine.errors import WorkbenchError

ORDERS = """select range as order_id, hash(range) % 90 as customer_id,
    timestamp '2022-01-01' + interval (range * 7919 % 25000) hour as ordered_at,
    ['new', 'sent', 'back'][range % 3 + 1] as status, (range % 40)::decimal(6,2) as fee from range(3000)"""
MONTHS = "select date '2024-01-01' + interval (range) month as month,"


@pytest.fixture
def plan_chart(query):
    def plan(sql, **choice):
        made = query(sql).chart_plan(**choice)
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
        ("select 1 as id, 2 as id, 3.5 as id", ("bar", "column", "value", None, "none", "none")),
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
def test_the_columns_determine_the_plan(plan_chart, sql, plan):
    assert plan_chart(sql) == plan


def test_unique_names_cannot_be_charted(plan_chart):
    with pytest.raises(WorkbenchError, match="can be charted"):
        plan_chart("select range as id, 'name ' || range as name from range(12)")


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
def test_choices_are_kept_and_the_rest_fits_them(plan_chart, choice, plan):
    assert plan_chart(ORDERS, **choice) == plan


def test_the_colour_column_is_also_x_when_only_numbers_are_left(plan_chart):
    counted = "select 'a' || range as k, range * 2.5 as n from range(3)"
    assert plan_chart(counted, mark="point", color="k") == ("point", "k", "n", "k", "none", "none")


def test_the_plan_lists_the_units_that_fit(query):
    dates = "select date '2024-01-01' + range::int as day, 1 as n from range(60)"
    timestamps = "select timestamp '2024-01-01' + interval (range) minute as at, 1 as n from range(300)"

    assert query(dates).chart_plan().units == ("day", "week", "month")
    assert query(timestamps).chart_plan().units == ("minute", "hour")
    assert query("select 'a' as k, 1 as n").chart_plan().units == ()


def test_a_column_of_nulls_cannot_be_chosen(query):
    with pytest.raises(WorkbenchError, match="only NULLs"):
        query("select 'a' as k, null::int as n").chart_plan(y="n")
