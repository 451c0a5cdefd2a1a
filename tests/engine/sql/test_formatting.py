"""A query is laid out again without a change of its meaning, its calls or its comments."""

import pytest

from engine.errors import QueryError
from engine.sql.formatting import format_query


def test_clauses_columns_and_conditions_have_lines_of_their_own():
    sql = """with big as (select id,total from orders where total between 1 and 9 and paid or x), b as (select 1)
    select a.from, count(*) as n, left(name,2) from big as a left outer join c using (id), d
    where a!=1 and b in (select id from t) group by 1, 2 order by 1 limit 10;"""

    assert (
        format_query(sql, "duckdb")
        == """WITH big AS (
    SELECT
        id,
        total
    FROM orders
    WHERE total BETWEEN 1 AND 9
        AND paid
        OR x
),
b AS (
    SELECT 1
)
SELECT
    a.from,
    count(*) AS n,
    left(name, 2)
FROM
    big AS a
LEFT OUTER JOIN c USING (id),
    d
WHERE a != 1
    AND b IN (
        SELECT id
        FROM t
    )
GROUP BY 1, 2
ORDER BY 1
LIMIT 10;
"""
    )


@pytest.mark.parametrize(
    ("dialect", "call"),
    [
        ("redshift", "nvl(a, b)"),
        ("redshift", "datediff(day, a, b)"),
        ("redshift", "getdate()"),
        ("redshift", "listagg(a, ',')"),
        ("snowflake", "iff(a > 1, 2, 3)"),
        ("snowflake", "dateadd('day', 1, b)"),
        ("snowflake", "to_varchar(b, 'YYYY')"),
        ("snowflake", "zeroifnull(a)"),
        ("duckdb", "mean(a)"),
        ("duckdb", "string_agg(a, ',')"),
        ("duckdb", "epoch_ms(b)"),
        ("duckdb", "strptime(b, '%Y')"),
        ("duckdb", "1_000 + 1e5"),
        ("duckdb", "extract(year FROM a)"),
        ("redshift", "approximate count(DISTINCT a)"),
        ("redshift", "a::timestamp"),
        ("snowflake", "a:b.c::string"),
        ("snowflake", "a::timestamp_ntz"),
        ("snowflake", "(a IS TRUE)"),
    ],
)
def test_calls_stay_as_they_are_written(dialect: str, call: str):
    assert format_query(f"select {call} as x from t", dialect) == f"SELECT {call} AS x\nFROM t\n"


@pytest.mark.parametrize("dialect", ["duckdb", "redshift", "snowflake"])
def test_comments_are_kept(dialect: str):
    sql = "-- by month\nselect a, -- the key\n  b /* its value */\nfrom t -- all of them\nwhere a > 1 -- but one\n"

    made = format_query(sql, dialect)

    for words in ("by month", "the key", "its value", "all of them", "but one"):
        assert made.count(words) == 1


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        ("duckdb", "select * exclude (a), {'x': 1}, [1, 2][1] from t where a // 2 = 1"),
        ("duckdb", 'with a as (select 1 as x) select * from a where x in (select y from "My Table")'),
        ("duckdb", "select sum(a) over (partition by b order by c rows between 1 preceding and current row) from t"),
        ("duckdb", "explain analyze select 1 as x"),
        ("snowflake", "select a:b.c::string from t qualify row_number() over (partition by a order by b) = 1"),
        ("redshift", "select a from t where d > getdate() - interval '1 day' and s ilike '%it''s%'"),
    ],
)
def test_a_laid_out_query_stays_as_it_is(dialect: str, sql: str):
    once = format_query(sql, dialect)

    assert "\n" in once.strip()
    assert format_query(once, dialect) == once


@pytest.mark.parametrize(
    ("sql", "line", "column"),
    [("select a\nfrom t\nwhere (a = 1", 3, 7), ("select a,\n from t where where", 2, None), ("explain selec 1", 1, 9)],
)
def test_a_mistake_has_its_position(sql: str, line: int, column: int | None):
    for dialect in ("duckdb", "redshift", "snowflake"):
        with pytest.raises(QueryError) as caught:
            format_query(sql, dialect)

        assert caught.value.line == line
        assert column in (None, caught.value.column)


@pytest.mark.parametrize("sql", ["", "-- nothing", "select 1; select 2"])
def test_what_is_not_one_query_is_refused(sql: str):
    with pytest.raises(QueryError):
        format_query(sql, "duckdb")


def test_an_unknown_dialect_is_refused():
    with pytest.raises(QueryError, match="no dialect"):
        format_query("select 1", "oracle")
