import pytest

from engine.errors import QueryError
from engine.warehouse.querying.request import MAX_QUERY_CHARACTERS, Question


def test_a_text_beyond_the_limit_is_refused_before_it_is_read():
    with pytest.raises(QueryError, match="500,001 characters; the most are 500,000"):
        Question("select 1".ljust(MAX_QUERY_CHARACTERS + 1))


def test_a_text_of_the_limit_is_taken():
    sql = "select 1".ljust(MAX_QUERY_CHARACTERS)
    assert Question(sql).translation().sql is sql
