"""Errors raised by warehouse functions: in every clause, and only for rows that evaluate them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.errors import QueryError
from engine.settings import Settings
from engine.sql.translation import translate
from engine.sql.translation.functions import macro_statements
from engine.warehouse.querying.execution import run_query
from engine.warehouse.querying.macros import macro_file
from engine.warehouse.querying.session import Session, open_session

SALES = """with sales as (
    select 'north' as region, 8 as amount, 2 as qty, '2024-01-05' as day union all
    select 'north', 4, 4, '2024-02-05' union all
    select 'south', 9, 3, '2024-01-05' union all
    select 'south', null, 1, null) """
VALUES = {
    "quotient": "amount / qty",
    "quotient of floats": "amount::float / qty",
    "quotient of decimals": "amount::decimal(9,2) / qty::decimal(9,2)",
    "modulo": "mod(amount, qty)",
    "square root": "sqrt(amount)",
    "logarithm": "ln(amount)",
    "power": "power(amount, qty)",
    "part of a text": "split_part(day, '-', 2)",
    "text to integer": "cast(split_part(day, '-', 3) as int)",
    "text to boolean": "cast(split_part('t-f', '-', 1) as boolean)",
    "text to date": "to_date(day, 'YYYY-MM-DD')",
    "text to number": "to_number(split_part(day, '-', 1), '9999')",
    "text to timestamp": "cast(day as timestamp)",
    "substring": "substring(day, 1, qty)",
    "next day": "next_day(cast(day as date), 'mo')",
    "part of a date": "date_part(month, cast(day as date))",
}
OF_DIALECT = {
    "redshift": {
        "JSON": "json_parse('[' || qty || ']')",
        "JSON array": "json_array_length('[1]')",
        "base": "strtol(qty::varchar, 10)",
        "digest": "sha2(day, 256)",
    },
    "snowflake": {
        "JSON": "parse_json('[' || qty || ']')",
        "hexadecimal": "hex_decode_binary('6' || qty)",
        "address": "parse_url('https://a.b/' || day)",
        "boolean": "to_boolean(case when qty > 2 then 'yes' else 'no' end)",
    },
}
PLACES = {
    "lateral alias": "select {v} as p, p as again from sales order by qty",
    "WHERE": "select qty from sales where {v} is not null order by qty",
    "WHERE alias": "select {v} as p from sales where p is not null",
    "GROUP BY alias": "select {v} as p, count(*) from sales group by p",
    "GROUP BY number": "select {v}, count(*) from sales group by 1",
    "HAVING": "select region from sales group by region having count({v}) > 0 order by 1",
    "QUALIFY": "select qty from sales qualify row_number() over (partition by {v} order by qty) = 1",
    "window order": "select qty, rank() over (order by {v}) from sales",
    "window partition": "select qty, count(*) over (partition by {v}) from sales",
    "window frame": "select count(*) over (order by {v}, qty rows between 1 preceding and current row) from sales",
    "window argument": "select lag({v}) over (order by qty) from sales",
    "ORDER BY": "select qty from sales order by {v}, qty",
    "subquery": "select count(p) from (select {v} as p from sales) as s where p is not null",
    "scalar subquery": "select (select min(qty) from sales where {v} is not null)",
    "CTE": ", rates as (select {v} as p from sales) select p, count(*) from rates group by p",
    "DISTINCT": "select distinct {v} from sales",
    "UNION": "select {v} from sales union select {v} from sales",
    "argument of an aggregate": "select region, count(distinct {v}) as n, n + 1 from sales group by region",
    "order of an aggregate": "select listagg(region, ',') within group (order by {v}) from sales",
    "join": "select count(*) from sales a join (select {v} as p from sales) b on b.p is not null and a.qty = 1",
    "IN": "select qty from sales where {v} in (select {v} from sales)",
    "CASE": "select case when {v} is null then 0 else 1 end as known, known + 1 from sales",
}
DIALECTS = ("redshift", "snowflake")


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Session]]:
    folder = tmp_path_factory.mktemp("raised")
    settings = Settings(home=folder, query_memory_mb=512, query_timeout_seconds=20, threads=1)
    opened = {
        dialect: open_session([], current=None, settings=settings, temp_dir=folder, macros=macro_file(folder, dialect))
        for dialect in DIALECTS
    }
    yield opened
    for session in opened.values():
        session.close()


def rows(sessions: dict[str, Session], dialect: str, sql: str) -> list[tuple[Any, ...]]:
    return run_query(sessions[dialect], translate(sql, dialect)).records()


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_value_that_may_fail_works_in_every_clause(sessions: dict[str, Session], place: str, dialect: str):
    for name, value in {**VALUES, **OF_DIALECT[dialect]}.items():
        assert rows(sessions, dialect, SALES + place.format(v=value)), name


PER_REGION = {
    "aliases of aggregates": (
        "select region, sum(amount) / sum(qty) as price, price * 2 as twice from sales group by region order by 1",
        [("north", 2, 4), ("south", 2.25, 4.5)],
    ),
    "rank by a quotient": (
        "select region, rank() over (order by sum(amount) / sum(qty) desc) from sales group by region order by 1",
        [("north", 2), ("south", 1)],
    ),
    "HAVING alias": (
        "select region, sum(amount) / sum(qty) as price from sales group by region having price > 2",
        [("south", 2.25)],
    ),
    "grouping sets": (
        "select region, count(amount / qty) from sales group by grouping sets ((region), ()) order by 2, 1",
        [("south", 1), ("north", 2), (None, 3)],
    ),
    "rollup of a quotient": (
        "select qty / 2 as half, count(*) from sales where qty in (2, 4) group by rollup (half) order by 1",
        [(1, 1), (2, 1), (None, 2)],
    ),
}


@pytest.mark.parametrize(("sql", "expected"), PER_REGION.values(), ids=PER_REGION)
def test_quotient_of_aggregates_can_be_used_by_its_alias(
    sessions: dict[str, Session], sql: str, expected: list[tuple[Any, ...]]
):
    found = rows(sessions, "snowflake", SALES + sql)
    assert [tuple(float(v) if not isinstance(v, str | None) else v for v in row) for row in found] == expected


MESSAGES = [
    ("redshift", "select amount / (qty - qty) from sales", "Divide by zero"),
    ("snowflake", "select amount / (qty - qty) from sales", "Division by zero"),
    ("snowflake", "select 1 / 0", "Division by zero"),
    ("redshift", "select 1.5 / 0", "Division by zero"),
    ("redshift", "select sqrt(-qty) from sales", "cannot take square root of a negative number"),
    ("redshift", "select split_part(day, '-', 0) from sales", "field position must be greater than zero"),
    ("redshift", "select substring(day, 2, -1) from sales", "negative substring length not allowed"),
    ("redshift", "select cast(region as int) from sales", 'invalid input syntax for integer: "north"'),
    ("snowflake", "select cast(region as boolean) from sales", "Boolean value 'north' is not recognized"),
    ("snowflake", "select hex_decode_binary('abc')", "The text abc is not hexadecimal"),
    ("redshift", "select json_array_length('{}')", "Invalid JSON array"),
    ("redshift", "select next_day(date '2024-01-01', region) from sales", "Not a day of the week: north"),
    ("redshift", "select p from (select amount / (qty - 2) as p from sales) as s order by p", "Divide by zero"),
]


@pytest.mark.parametrize(("dialect", "sql", "message"), MESSAGES)
def test_message_is_the_warehouses(sessions: dict[str, Session], dialect: str, sql: str, message: str):
    with pytest.raises(QueryError) as caught:
        rows(sessions, dialect, SALES + sql if "sales" in sql else sql)
    assert caught.value.message == message
    assert caught.value.line is None


UNREACHED = [
    "case when 1 = 0 then 1 / 0 else 7 end",
    "case when qty = 0 then 1 / 0 else 7 end",
    "case when qty > 0 then 7 else amount / 0 end",
    "coalesce(7, 1 / 0)",
    "case when qty < 0 then sqrt(-1) else 7 end",
    "nvl(7, amount / (qty - qty))",
]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("value", UNREACHED)
def test_unreached_value_raises_nothing(sessions: dict[str, Session], value: str, dialect: str):
    assert set(rows(sessions, dialect, f"{SALES} select {value} from sales")) == {(7,)}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_constant_divisor_in_an_unreached_condition_raises_nothing(sessions: dict[str, Session], dialect: str):
    value = "case when qty < 0 then case when amount / 0 = 1 then 1 end else 7 end"
    assert set(rows(sessions, dialect, f"{SALES} select {value} from sales")) == {(7,)}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_constant_condition_raises_even_if_unreached(sessions: dict[str, Session], dialect: str):
    """Constant conditions are evaluated before any row, as in PostgreSQL."""
    value = "case when qty < 0 then case when 1 / 0 = 1 then 1 end else 7 end"
    with pytest.raises(QueryError, match="by zero"):
        rows(sessions, dialect, f"{SALES} select {value} from sales")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_earlier_filter_protects_the_quotient(sessions: dict[str, Session], dialect: str):
    sql = f"{SALES} select qty from sales where qty <> 1 and 8 / (qty - 1) > 3"
    assert rows(sessions, dialect, sql) == [(2,), (3,)]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "value", ["null / 2", "amount / 0", "amount::float / 0", "amount / null", "amount / qty", "sqrt(amount)"]
)
def test_null_stays_null(sessions: dict[str, Session], value: str, dialect: str):
    assert rows(sessions, dialect, f"{SALES} select {value} from sales where amount is null") == [(None,)]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_macro_calls_the_volatile_error(dialect: str, tmp_path: Path):
    assert not [text for text in macro_statements(dialect) if " error(" in text]
