"""Tasks on loaded data: the same result here and in a worker, within a query's limits, and cancellable."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

import engine
from engine.errors import QueryError
from engine.settings import Settings
from engine.warehouse.querying.session import Session
from engine.warehouse.workers.task import run_task
from tests.engine.conftest import SHOP

ENDLESS = "select count(*) from range(100000000000) a, range(1000) b where hash(a.range + b.range) = 5"


class Endless:
    """A task that runs longer than any test."""

    def run(self, session: Session) -> object:
        return session.fetch_rows(ENDLESS)

    def read(self, data: object) -> object:
        return data


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory):
    """One experiment with two runs, opened in-process and with a worker."""
    settings = Settings(home=tmp_path_factory.mktemp("tasks"), query_workers=1, query_memory_mb=512, threads=1)
    with (
        engine.Workbench(settings=settings) as served,
        engine.Workbench(settings=replace(settings, query_workers=0)) as plain,
    ):
        shop = plain.create(SHOP)
        shop.generate(seed=1, progress=lambda _progress: None)
        shop.generate({"orders": 30}, seed=1, progress=lambda _progress: None)
        yield shop, served["shop"], served


def test_a_worker_returns_the_same(both):
    here, there, served = both

    assert there.profile("orders") == here.profile("orders")
    assert there.key_coverage().equals(here.key_coverage())
    assert there.audit() == here.audit()
    assert there.compare(1, 2).equals(here.compare(1, 2))
    assert len(served._runner.pool.process_ids()) == 1


def test_tasks_run_only_in_workers_when_there_are_any(both, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engine.queries.runner.run_task", None)
    _, there, _ = both

    assert there.profile("orders").rows == 30
    assert there.audit().passed


@pytest.mark.parametrize("side", [0, 1])
def test_a_task_cancelled_before_its_start_does_not_run(both, side: int):
    handle = engine.QueryHandle()
    handle.cancel()

    for count in (both[side].audit, both[side].key_coverage, lambda handle: both[side].compare(1, 2, handle=handle)):
        with pytest.raises(QueryError, match="was cancelled"):
            count(handle=handle)


def test_a_task_stops_at_the_time_limit_of_a_query(opened, settings):
    session = opened(settings=replace(settings, query_timeout_seconds=0.1))

    with pytest.raises(QueryError, match=r"time limit of 0\.1 seconds"):
        run_task(session, Endless())


def test_a_task_stopped_between_two_queries_runs_no_further_query(opened):
    session = opened()
    session.interrupt()

    with pytest.raises(QueryError, match="was stopped"):
        session.fetch_rows("select 1")


def test_a_task_in_a_worker_is_cancelled_and_the_worker_survives(both):
    _, there, served = both
    handle, request = engine.QueryHandle(), served._querying._task_request([], None)
    timer = threading.Timer(0.2, handle.cancel)
    timer.start()

    with pytest.raises(QueryError, match="was cancelled"):
        served._runner.run_task(request, Endless(), handle)
    timer.join()

    assert there.profile("customers").rows == 20


def test_a_task_may_read_only_the_folders_it_was_given(opened, tmp_path: Path):
    (tmp_path / "other").mkdir()
    file = tmp_path / "other" / "one.csv"
    file.write_text("a\n1\n")

    with pytest.raises(Exception, match="Cannot access file"):
        opened().fetch_rows(f"from '{file}'")
