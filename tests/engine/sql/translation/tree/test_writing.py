"""How a translated tree is written as DuckDB's SQL."""

import pytest

from engine.sql.translation import translate


@pytest.mark.parametrize(
    ("condition", "written"),
    [
        ("a not like 'x%'", "a NOT LIKE 'x%'"),
        ("not a like 'x%'", "a NOT LIKE 'x%'"),
        ("not (a ilike 'x%')", "a NOT ILIKE 'x%'"),
        ("a not like 'x!_%' escape '!'", "a NOT LIKE 'x!_%' ESCAPE '!'"),
        ("not (a not like 'x')", "NOT (a NOT LIKE 'x')"),
        ("a like 'x'", "a LIKE 'x'"),
        ("not (a like 'x' or a like 'y')", "NOT (a LIKE 'x' OR a LIKE 'y')"),
    ],
)
@pytest.mark.parametrize("dialect", ["redshift", "snowflake"])
def test_not_over_like_is_not_like(condition, written, dialect):
    sql = translate(f"select 1 as one from (select 'x'::varchar as a) as t where {condition}", dialect).sql
    assert sql.rpartition(" WHERE ")[2] == written
