import pytest

from engine.errors import QueryError
from engine.warehouse.querying.request import MAX_QUERY_CHARACTERS, Question


def test_a_text_beyond_the_limit_is_refused_before_parsing():
    with pytest.raises(QueryError, match="500,001 characters; the limit is 500,000"):
        Question("select 1".ljust(MAX_QUERY_CHARACTERS + 1))


def test_a_text_at_the_limit_is_accepted():
    sql = "select 1".ljust(MAX_QUERY_CHARACTERS)
    assert Question(sql).translation().sql is sql
