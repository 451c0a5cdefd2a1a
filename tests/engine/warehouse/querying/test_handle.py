import threading

import pytest

import engine
from engine.errors import QueryError

ENDLESS = "select count(*) from range(1000000) a, range(10000000) b where a.range + b.range = 7"


def test_another_thread_stops_a_query(home):
    handle = engine.QueryHandle()
    with engine.Workbench(home) as workbench:
        timer = threading.Timer(0.1, handle.cancel)
        timer.start()
        with pytest.raises(QueryError, match="The query was cancelled"):
            workbench.query(ENDLESS, handle=handle)
        timer.join()


def test_a_cancelled_handle_prevents_a_query(home):
    handle = engine.QueryHandle()
    handle.cancel()
    with engine.Workbench(home) as workbench, pytest.raises(QueryError, match="The query was cancelled"):
        workbench.query("select 1", handle=handle)


def test_cancelling_after_the_end_changes_nothing(home):
    handle = engine.QueryHandle()
    with engine.Workbench(home) as workbench:
        result = workbench.query("select 1 as one", handle=handle)
    handle.cancel()

    assert result.records() == [(1,)]


def test_errors_of_the_query_itself_are_unchanged(home):
    with engine.Workbench(home) as workbench, pytest.raises(QueryError, match='no table "nowhere"'):
        workbench.query("select * from nowhere", handle=engine.QueryHandle())
