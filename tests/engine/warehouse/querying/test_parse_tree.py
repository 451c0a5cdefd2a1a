"""The parse tree of a PIVOT without a list of values, read from a text with inserted lists."""

from collections.abc import Callable

import duckdb
import pytest

from engine.warehouse.querying.parse_tree import parse_tree
from tests.engine.call_counts import lines


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        yield connection


def listed(number: int) -> str:
    return "pivot t on " + ", ".join(f"pivot.a{index}" for index in range(number))


def repeated(number: int) -> str:
    return "pivot " * number + "t on " + ", ".join(f"a{index}" for index in range(number))


def nested(number: int) -> str:
    return "select * from " + "(pivot " * number + "t" + " on a, b using sum(c))" * number


@pytest.mark.parametrize("query", [listed, repeated, nested])
def test_four_times_the_pivots_take_four_times_the_lines(connection, query: Callable[[int], str]):
    parse_tree(connection, query(2))  # warm up
    few, many = (lines(lambda number=number: parse_tree(connection, query(number))) for number in (25, 100))
    assert many / few < 5


@pytest.mark.parametrize(
    "query",
    [
        "pivot t on t.a, f(b) using sum(f(c))",
        "with p as (pivot t on g(a), [b, f(1)] using sum(b)) from p",
        "from (pivot (pivot t on f(a), b using sum(b)) on c, d)",
        "from (pivot t on (f(a)) group by b) union all from (pivot t on f(a))",
    ],
)
def test_every_function_of_a_pivot_is_in_its_tree(connection, query: str):
    assert "'function_name': 'f'" in str(parse_tree(connection, query))
