"""CHAR(n) of Redshift: padded in results, unpadded in computations."""

from collections.abc import Iterator
from typing import Any

import pytest

import engine

SCHEMA: dict[str, Any] = {
    "name": "codes",
    "tables": [
        {
            "name": "item",
            "target_rows": 2,
            "columns": [
                {"name": "code", "data_type": "CHAR(4)", "values": ["ab"]},
                {"name": "name", "data_type": "VARCHAR(4)", "values": ["ab"]},
            ],
        }
    ],
}


@pytest.fixture(scope="module")
def codes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engine.Experiment]:
    with engine.Workbench(tmp_path_factory.mktemp("codes")) as workbench:
        experiment = workbench.create(SCHEMA)
        experiment.generate(seed=3)
        yield experiment


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("select code, name from item", ("ab  ", "ab")),
        ("select * from item", ("ab  ", "ab")),
        ("select * from item natural join (select 'ab' as name, 1 as n)", ("ab  ", "ab", 1)),
        ("select distinct code, count(*) over () n from item order by code", ("ab  ", 2)),
        ("select code as c, count(*) from item group by 1 order by c", ("ab  ", 2)),
        ("with t as (select code as c from item) select c, c from t", ("ab  ", "ab  ")),
        ("select code from item union select code from item", ("ab  ",)),
        ("select max(code), upper(code), lag(code) over (order by 1) from item group by code", ("ab  ", "AB  ", None)),
        ("select cast('ab' as char(5)), cast('abc' as char(2)), 'a'::char, null::char(3)", ("ab   ", "ab", "a", None)),
        ("select '' as x, ''::char(2) as x", ("", "  ")),
        ("select t.*, u.* from item t, item u", ("ab  ", "ab", "ab  ", "ab")),
        (
            "select * from item join (select 'ab' as name, 'x'::char(2) as x) u using (name) limit 1",
            ("ab  ", "ab", "x "),
        ),
        ("select * exclude (name), name || '' from item", ("ab  ", "ab")),
        ("select case when code = 'ab' then code else name end, coalesce(code, 'x') from item", ("ab", "ab")),
        (
            "select code::varchar, code::varchar(3), code::char(3), trim(code) from item limit 1",
            ("ab", "ab", "ab ", "ab"),
        ),
        (
            "select code || 'x', code like 'ab', len(code), replace(code, ' ', '-') from item limit 1",
            ("abx", True, 2, "ab"),
        ),
        ("select octet_length(code), octet_length(name), octet_length(code::varchar) from item", (4, 2, 2)),
        ("select count(*) from item where code = 'ab' and code = name and code in ('ab ', 'c')", (2,)),
    ],
)
def test_char_is_padded_when_shown_and_unpadded_when_computed(
    codes: engine.Experiment, query: str, expected: tuple[Any, ...]
) -> None:
    assert codes.query(query, dialect="redshift").records()[0] == expected


def test_headers_are_unchanged(codes: engine.Experiment) -> None:
    found = codes.query("select code, upper(code), code as c, name || 'x' from item", dialect="redshift")
    assert [column.name for column in found.columns] == ["code", "upper", "c", "?column?"]


@pytest.mark.parametrize("dialect", ["snowflake", "duckdb"])
def test_other_dialects_show_char_without_padding(codes: engine.Experiment, dialect: str) -> None:
    assert codes.query("select code from item limit 1", dialect=dialect).records() == [("ab",)]
