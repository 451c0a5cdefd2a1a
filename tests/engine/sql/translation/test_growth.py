"""Translation cost grows linearly with the length of the query, measured in function calls."""

from collections.abc import Callable

import pytest

from engine.errors import QueryError
from engine.sql.translation import translate
from tests.engine.call_counts import calls


def repeat(before: str, part: str, between: str, after: str = "") -> Callable[[int], str]:
    return lambda count: before + between.join(part.replace("#", str(index)) for index in range(count)) + after


QUERIES = {
    "joins": repeat("select 1 from t t0 ", "join t s# on s#.a = t0.a", " "),
    "sources": repeat("select t0.a, t1.a from ", "t t#", ", "),
    "list of IN": repeat("select 1 from t where a in (", "#", ", ", ")"),
    "branches": repeat("select case ", "when a = # then 'x'", " ", " end from t"),
    "projections": repeat("select ", "upper(a) as c#", ", ", " from t"),
    "order": repeat("select a from t order by ", "a + #", ", "),
    "rows": repeat("select * from (values ", "(#, 'a')", ", ", ") as v(a, b)"),
    "parts of WITH": repeat("with ", "c# as (select 1 as a)", ", ", " select a from c0"),
    "arguments": repeat("select coalesce(", "a", ", ", ") from t"),
    "conditions": repeat("select 1 from t where ", "a = #", " and "),
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
