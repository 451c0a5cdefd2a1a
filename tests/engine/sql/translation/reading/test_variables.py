"""Variables: typed literals for `$name` and `:name`."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import QueryError
from engine.sql.translation import translate


def fill(sql: str, dialect: str, **variables: Any) -> str:
    return translate(sql, dialect, variables=variables).sql


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        (5, "5"),
        (-5, "-5"),
        (0.5, "0.5"),
        (Decimal("1E+2"), "100"),
        ("it's -- $n", "'it''s -- $n'"),
        ("back\\slash", "'back\\slash'"),
        (True, "TRUE"),
        (None, "NULL"),
        (date(2024, 2, 29), "CAST('2024-02-29' AS DATE)"),
        (datetime(2024, 1, 1, 10, 30), "CAST('2024-01-01 10:30:00' AS TIMESTAMP)"),
        (datetime(2024, 1, 1, tzinfo=UTC), "CAST('2024-01-01 00:00:00+00:00' AS TIMESTAMPTZ)"),
        (time(1, 2, 3), "CAST('01:02:03' AS TIME)"),
    ],
)
@pytest.mark.parametrize("dialect", ["duckdb"])
def test_each_type_becomes_a_typed_literal(value: Any, literal: str, dialect: str):
    result = fill("select $v as x", dialect, v=value)
    assert result.upper() in (f"SELECT {literal} AS X".upper(), f"SELECT ({literal}) AS X".upper())


@pytest.mark.parametrize("dialect", ["snowflake", "redshift"])
def test_value_is_a_literal_and_never_sql(dialect: str):
    assert fill("select $v as x, :V as y", dialect, v="a' or 1 = 1") == (
        "SELECT 'a'' or 1 = 1' AS x, 'a'' or 1 = 1' AS y"
    )


@pytest.mark.parametrize("dialect", ["snowflake", "redshift"])
def test_variable_is_allowed_wherever_a_literal_is(dialect: str):
    result = fill("select dateadd($part, :n, '2024-01-31'::date) as d limit $n", dialect, part="month", n=1)
    assert result == translate("select dateadd('month', 1, '2024-01-31'::date) as d limit 1", dialect).sql


@pytest.mark.parametrize("dialect", ["snowflake", "redshift", "duckdb"])
def test_cast_after_a_variable_applies_to_its_value(dialect: str):
    assert "5" in fill("select $n::varchar || 'x' as x", dialect, n=5)


def test_negative_value_does_not_start_a_comment():
    assert fill("select 2-$n as x", "duckdb", n=-3) == "select 2-(-3) as x"


@pytest.mark.parametrize("start", ["explain ", "explain analyze ", "summarize ", "describe "])
def test_variables_are_filled_inside_explain(start: str):
    assert fill(f"{start}select $n as x", "duckdb", n=1) == f"{start}select 1 as x"


def test_identifier_takes_a_variable():
    result = fill("select identifier($c) as x from identifier($t)", "snowflake", c="total", t="sales.orders")
    assert result == "SELECT total AS x FROM sales.orders"


def test_positions_after_a_variable_match_the_text():
    translation = translate("select $n, nope", "duckdb", variables={"n": "a long text"})
    assert translation.source_offset(translation.sql.index("nope")) == 11


def test_similar_name_is_suggested():
    with pytest.raises(QueryError) as caught:
        translate("select $strat", "snowflake", variables={"start": 1})
    assert caught.value.hint == 'Did you mean "start"?'


@pytest.mark.parametrize("variables", [{"a b": 1}, {"x": [1]}, {"x": object()}, {1: 1}])
def test_invalid_variable_is_refused(variables: Any):
    with pytest.raises(QueryError, match="variable"):
        translate("select 1", "snowflake", variables=variables)
