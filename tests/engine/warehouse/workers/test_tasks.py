"""What is counted of loaded data: the same here and in a worker, with the limits of a query, and a way to stop it."""

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
    """A task that no test waits for."""

    def run(self, session: Session) -> object:
        return session.fetched(ENDLESS)

    def read(self, data: object) -> object:
        return data


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory):
    """One experiment with two runs, as a program has it and as a server with a worker."""
    settings = Settings(home=tmp_path_factory.mktemp("tasks"), query_workers=1, query_memory_mb=512, threads=1)
    with (
        engine.Workbench(settings=settings) as served,
        engine.Workbench(settings=replace(settings, query_workers=0)) as plain,
    ):
        shop = plain.create(SHOP)
        shop.generate(seed=1, progress=lambda _progress: None)
        shop.generate({"orders": 30}, seed=1, progress=lambda _progress: None)
        yield shop, served["shop"], served


def test_a_worker_finds_the_same(both):
    here, there, served = both

    assert there.profile("orders") == here.profile("orders")
    assert there.key_coverage().equals(here.key_coverage())
    assert there.audit() == here.audit()
    assert there.compare(1, 2).equals(here.compare(1, 2))
    assert len(served._runner.pool.process_ids()) == 1


def test_the_program_itself_counts_nothing_when_it_has_workers(both, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engine.queries.runner.run_task", None)
    _, there, _ = both

    assert there.profile("orders").rows == 30
    assert there.audit().passed


@pytest.mark.parametrize("side", [0, 1])
def test_what_was_cancelled_before_it_began_is_not_counted(both, side: int):
    handle = engine.QueryHandle()
    handle.cancel()

    for count in (both[side].audit, both[side].key_coverage, lambda handle: both[side].compare(1, 2, handle=handle)):
        with pytest.raises(QueryError, match="was cancelled"):
            count(handle=handle)


def test_a_task_stops_at_the_time_limit_of_a_query(opened, settings):
    session = opened(settings=replace(settings, query_timeout_seconds=0.1))

    with pytest.raises(QueryError, match=r"time limit of 0\.1 seconds"):
        run_task(session, Endless())


def test_a_task_that_is_stopped_between_two_queries_begins_no_other(opened):
    session = opened()
    session.interrupt()

    with pytest.raises(QueryError, match="was stopped"):
        session.fetched("select 1")


def test_a_task_in_a_worker_is_cancelled_and_the_worker_goes_on(both):
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
        opened().fetched(f"from '{file}'")
