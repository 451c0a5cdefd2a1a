import datetime as dt
from pathlib import Path

import pytest

from engine.errors import NotFoundError
from engine.workload import views
from engine.workload.reading import read_statements
from engine.workload.records import Statement


def read(text: str, dialect: str = "redshift", **values: object) -> list[Statement]:
    return list(read_statements({"q.sql": text}, dialect, values))  # type: ignore[arg-type]


def test_a_folder_is_read_file_by_file_and_statement_by_statement(tmp_path: Path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "b.sql").write_text("-- first\nselect 1;\n\nselect 2;\n")
    (tmp_path / "sub" / "a.sql").write_text("select 3")
    (tmp_path / "notes.txt").write_text("select 4")

    found = read_statements(tmp_path, "redshift")

    assert [(each.name, each.line, each.text) for each in found] == [
        ("b.sql #1", 2, "select 1"),
        ("b.sql #2", 4, "select 2"),
        ("sub/a.sql", 1, "select 3"),
    ]
    assert [each.name for each in read_statements(tmp_path / "sub" / "a.sql", "duckdb")] == ["a.sql"]


def test_a_missing_folder_and_one_without_queries_are_refused(tmp_path: Path):
    with pytest.raises(NotFoundError, match="no file or folder"):
        read_statements(tmp_path / "none", "redshift")
    with pytest.raises(NotFoundError, match=r"has no \.sql file"):
        read_statements(tmp_path, "redshift")


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("explain select 1", "select 1"),
        ("insert into a (x) select 1 from b", "select 1 from b"),
        ("create temp table a as (select 1)", "(select 1)"),
        ("create table a distkey(x) as with b as (select 1) select * from b", "with b as (select 1) select * from b"),
        ("unload ('select ''a'' from b') to 's3://c'", "select 'a' from b"),
        ("create view v as select 1 with no schema binding", "select 1"),
        ("(select 1) union (select 2)", "(select 1) union (select 2)"),
    ],
)
def test_the_query_in_a_statement_runs(text: str, sql: str):
    assert [(each.state, each.sql) for each in read(text)] == [("runs", sql)]


@pytest.mark.parametrize(
    ("text", "state", "reason"),
    [
        ("grant select on a to b", "does not run", "No query: GRANT."),
        ("create table a (x int)", "does not run", "No query: CREATE TABLE."),
        ("set x = 5", "does not run", "A setting; it finds no rows."),
        ("selec 1", "not understood", "No statement begins with selec."),
        ("\nselect a from b where (", "not understood", "Syntax error near '('. (line 2)"),
    ],
)
def test_what_is_no_query_says_why(text: str, state: str, reason: str):
    assert [(each.state, each.reason) for each in read(text)] == [(state, reason)]


@pytest.mark.parametrize(
    ("text", "dialect", "sql"),
    [
        ("select a from b where y = :year", "redshift", "select a from b where y = 2000"),
        ("select a::int, c[1] from b where n = :NAME", "redshift", "select a::int, c[1] from b where n = 'o''x'"),
        ("select a from b where y = ? and n = ?", "duckdb", "select a from b where y = 1 and n = 'two'"),
        ("select a from b where y = $1", "redshift", "select a from b where y = 1"),
        ("select a from b where y = $year", "snowflake", "select a from b where y = 2000"),
        ("select a from b where d > date '[DAY]'", "redshift", "select a from b where d > date '2000-01-31'"),
        ("select a from b where d > [DAY] and n like '%[NAME]%'", "redshift",
         "select a from b where d > '2000-01-31' and n like '%o''x%'"),
        ("select a from b where y = %(year)s", "redshift", "select a from b where y = 2000"),
        ("select a from ${place}.b where n = '${name}'", "redshift", "select a from prod.b where n = 'o''x'"),
        ("select a from &place.b", "snowflake", "select a from prod.b"),
    ],
)  # fmt: skip
def test_values_fill_placeholders(text: str, dialect: str, sql: str):
    values = {"year": 2000, "name": "o'x", "1": 1, "2": "two", "day": dt.date(2000, 1, 31), "place": "prod"}

    (found,) = read_statements({"q.sql": text}, dialect, values)

    assert (found.state, found.sql) == ("runs", sql)


def test_a_placeholder_without_a_value_is_told_with_its_line():
    (found,) = read("select a\nfrom b\nwhere y = :year and z = :other", other=1)

    assert (found.state, found.reason) == ("does not run", ":year has no value (line 3).")
    assert [(each.name, each.line, each.is_given) for each in found.placeholders] == [
        ("year", 3, False),
        ("other", 3, True),
    ]


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("select a:b:c::int from t", "snowflake"),
        ("select a from t where b ~ '[AB]+' and c like '[AB]%' and d % 5 = 0", "redshift"),
        ("select $1 from t", "snowflake"),
        ("select '{\"a\": 1}', 'a ? b', ':x' from t -- :y ?", "redshift"),
        ("select [1, 2] from t", "duckdb"),
    ],
)
def test_what_only_looks_like_a_placeholder_stays(text: str, dialect: str):
    (found,) = read(text, dialect)

    assert (found.placeholders, found.reason) == ((), None)


def test_values_can_be_for_one_statement():
    texts = {"a.sql": "select ?", "b.sql": "select ?"}

    found = read_statements(texts, "redshift", {"1": 5, "b.sql:1": 6})

    assert [each.sql for each in found] == ["select 5", "select 6"]


def test_a_variable_that_the_script_sets_fills_later_statements():
    assert read("set y = 2001; select a from b where y = $y", "snowflake")[1].sql == "select a from b where y = 2001"


def test_a_view_is_put_in_front_of_what_uses_it():
    *_, found = read("create view v (n) as\nselect a from t;\nselect n from s.v join u on v.n = u.n")

    assert found.sql == "WITH v__model(n) AS (\nselect a from t\n) select n from v__model AS v join u on v.n = u.n"
    assert (found.line, found.prefix_lines) == (3, 2)


def test_a_cte_hides_a_view_of_its_name():
    *_, found = read("create view v as select a from t; with w as (select * from v), v as (select 1) select * from v")

    assert found.sql == (
        "WITH v__model AS (\nselect a from t\n), w as (select * from v__model AS v), v as (select 1) select * from v"
    )


def test_views_are_parsed_once_each_and_a_long_chain_is_told(monkeypatch):
    parsed = []
    parse = views.parse
    monkeypatch.setattr(views, "parse", lambda sql, dialect: parsed.append(sql) or parse(sql, dialect))
    chain = [f"create view v{number} as select a from v{number - 1};" for number in range(1, 401)]

    found = read("".join(chain))

    assert len(parsed) <= 3 * len(chain)
    assert found[299].state == "runs"
    assert found[-1].state == "not understood"
    assert str(found[-1].reason).startswith("It uses more than 300 views")


def test_views_that_use_each_other_are_told():
    found = read("create view a as select 1 from b; create view b as select 1 from a;")

    assert [each.state for each in found] == ["not understood", "not understood"]
    assert str(found[0].reason).startswith("The views b, a, b use each other.")


DBT = {
    "models/stg_orders.sql": (
        "{{ config(materialized='view') }}\n{# raw #}\nwith source as (select * from {{ source('raw', 'orders') }})\n"
        "select * from source\n{% if is_incremental() %}\nwhere id > (select max(id) from {{ this }})\n{% endif %}"
    ),
    "models/open.sql": (
        "{% set state = 'open' %}\nwith stg_orders as (select * from {{ ref('stg_orders') }})\n"
        "select * from stg_orders where state = '{{ state }}'\nand year = {{ var('year', 1999) }}"
    ),
}


def test_models_of_dbt_are_views_of_their_file():
    staged, opened = read_statements(DBT, "snowflake", {}, tables=["raw.orders"])

    assert staged.sql == "with source as (select * from raw.orders)\nselect * from source"
    assert (staged.view, staged.line, opened.state) == ("stg_orders", 3, "runs")
    assert opened.sql == (
        "WITH stg_orders__model AS (\n" + staged.sql + "\n), stg_orders as (select * from stg_orders__model "
        "AS stg_orders)\nselect * from stg_orders where state = 'open'\nand year = 1999"
    )


def test_a_macro_is_told_with_its_line_and_may_be_given():
    text = "select *\nfrom {{ ref('seed') }}\nwhere a = {{ my_macro('x') }}"

    (found,) = read_statements({"m.sql": text}, "redshift")
    (given,) = read_statements({"m.sql": text}, "redshift", {"my_macro('x')": "5"})

    assert (found.state, found.reason) == ("does not run", "{{ my_macro('x') }} has no value (line 3).")
    assert given.sql == "select *\nfrom seed\nwhere a = 5"


def test_a_project_of_dbt_is_read_without_its_compiled_copies(tmp_path: Path):
    for name in ("dbt_project.yml", "models/a.sql", "target/compiled/a.sql", "macros/m.sql"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("select 1")

    assert [each.name for each in read_statements(tmp_path, "redshift")] == ["models/a.sql"]
