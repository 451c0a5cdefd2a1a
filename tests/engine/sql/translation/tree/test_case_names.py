"""The headers of columns whose names differ only by case."""

from __future__ import annotations

import duckdb
import pytest

from engine.sql.importing.importer import import_sql
from engine.sql.translation import translate


def _headers(query: str) -> list[str]:
    return list(duckdb.connect().sql(translate(query, "snowflake").sql).columns)


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ('select 1 as "a", 2 as a', ["a", "A"]),
        ('select A, "a" from (select 1 as "a", 2 as a)', ["A", "a"]),
        ('select * from (select 1 as "a", 2 as A)', ["a", "A"]),
        ('select 1 as "a", 2 as A, 3 as b order by A, "a"', ["a", "A", "b"]),
        ('select 1 as "a", 2 as A union all select 3, 1 order by A', ["a", "A"]),
        ('select * replace (9 as "a") from (select 1 as "a", 2 as A)', ["a", "A"]),
    ],
)
def test_headers_match_the_warehouse(query: str, headers: list[str]) -> None:
    assert _headers(query) == headers


def test_query_without_quoted_names_is_unchanged() -> None:
    assert "~" not in translate("select a, A from (select 1 as a) order by a", "snowflake").sql


def test_table_column_and_alias_in_another_case_are_both_shown() -> None:
    schema = import_sql("create table t (id int)", name="x", dialect="snowflake").schema
    query = 'select id, "Id" from (select t.*, 5 as "Id" from t)'
    connection = duckdb.connect()
    connection.sql("create table t as select 1 as id")
    sql = translate(query, "snowflake", schemas=[schema], current="x").sql
    assert connection.sql(sql).fetchall() == [(1, 5)]
