"""Translation cost grows linearly with the length of the query, measured in function calls."""

from collections.abc import Callable

import pytest

from engine.errors import QueryError
from engine.sql.translation import translate
from tests.engine.call_counts import calls


def repeated(before: str, part: str, between: str, after: str = "") -> Callable[[int], str]:
    return lambda count: before + between.join(part.replace("#", str(index)) for index in range(count)) + after


QUERIES = {
    "joins": repeated("select 1 from t t0 ", "join t s# on s#.a = t0.a", " "),
    "sources": repeated("select t0.a, t1.a from ", "t t#", ", "),
    "list of IN": repeated("select 1 from t where a in (", "#", ", ", ")"),
    "branches": repeated("select case ", "when a = # then 'x'", " ", " end from t"),
    "projections": repeated("select ", "upper(a) as c#", ", ", " from t"),
    "order": repeated("select a from t order by ", "a + #", ", "),
    "rows": repeated("select * from (values ", "(#, 'a')", ", ", ") as v(a, b)"),
    "parts of WITH": repeated("with ", "c# as (select 1 as a)", ", ", " select a from c0"),
    "arguments": repeated("select coalesce(", "a", ", ", ") from t"),
    "conditions": repeated("select 1 from t where ", "a = #", " and "),
}


@pytest.mark.parametrize("dialect", ["redshift", "snowflake"])
@pytest.mark.parametrize("name", QUERIES)
def test_calls_grow_linearly_with_the_query(name: str, dialect: str):
    few, many = (QUERIES[name](count) for count in (40, 160))
    translate(few, dialect)
    assert calls(lambda: translate(many, dialect)) / calls(lambda: translate(few, dialect)) < 4.6


def test_too_deeply_nested_query_is_refused():
    for query in ("select " + "upper(" * 5000 + "a" + ")" * 5000, "select " + " || ".join(["a"] * 5000)):
        with pytest.raises(QueryError, match="nested too deeply"):
            translate(query, "snowflake")
