"""Queries in worker processes: the same results, and a query that exhausts memory ends only its worker."""

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

import engine
from engine.errors import NotFoundError, QueryError, WorkbenchError
from engine.settings import Settings
from engine.warehouse.querying.handle import QueryHandle
from engine.warehouse.workers.process import WorkerProcess
from tests.engine.conftest import SHOP, until

ENDLESS = "select count(*) from range(100000000000) a, range(1000) b where hash(a.range + b.range) = 5"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A workbench with workers, and one that runs the same queries in this process."""
    settings = Settings(home=tmp_path_factory.mktemp("workers"), query_workers=2, query_memory_mb=512, threads=2)
    with engine.Workbench(settings=settings) as workbench:
        workbench.create(SHOP).generate(seed=1, progress=lambda progress: None)
        with engine.Workbench(settings=replace(settings, query_workers=0)) as plain:
            yield workbench, plain


@pytest.fixture
def workbench(served):
    return served[0]


def get_error(workbench, sql, **options):
    with pytest.raises(QueryError) as caught:
        workbench.query(sql, **options)
    return caught.value


@pytest.mark.parametrize(
    "sql",
    [
        "select * from orders order by order_id",
        "select 1 as a, 2 as a, null as b",
        "select interval 3 months as i, union_value(n := 1) as u, date '0044-03-15 (BC)' as d, [1, null] as l,"
        " {'a': 1} as s, 170141183460469231731687303715884105727::hugeint as h, map {'k': 1} as m, 'x'::blob as b",
        "select 1 where false",
        "show tables",
        "explain select 1",
        "select repeat('x', 5000000) as long",
        "select * from range(250000)",
    ],
)
def test_the_result_is_the_same(served, sql):
    workbench, plain = served
    here, there = (each.query(sql, experiment="shop") for each in (plain, workbench))
    assert there.arrow.equals(here.arrow)
    assert (there.columns, there.sql, there.truncated) == (here.columns, here.sql, here.truncated)
    assert there.records() == here.records()


def test_a_limit_and_a_dialect(served):
    workbench, plain = served
    options = {"experiment": "shop", "limit": 3, "dialect": "snowflake"}
    sql = "select order_id, iff(amount > 50, 'much', 'little') as how from orders order by 1"
    here, there = (each.query(sql, **options) for each in (plain, workbench))
    assert there.records() == here.records()
    assert (there.truncated, there.notes) == (True, here.notes)


@pytest.mark.parametrize(
    "sql",
    ["select nope from orders", "from nowhere", "selec 1", "", "select 1; select 2", "drop table orders",
     "select 'x'::int", "from read_csv('/etc/passwd')"],
)  # fmt: skip
def test_an_error_is_the_same(served, sql):
    here, there = (get_error(each, sql, experiment="shop") for each in reversed(served))
    for name in ("message", "hint", "line", "column", "caret"):
        assert getattr(there, name) == getattr(here, name)


def test_an_unknown_experiment(workbench):
    with pytest.raises(NotFoundError):
        workbench.query("select 1", experiment="nope")


def test_csv(served, tmp_path):
    here, there = (b"".join(each.stream_csv("from orders order by 1", experiment="shop")) for each in served)
    assert here == there
    assert here.count(b"\r\n") == 51
    rows = served[0].export_csv("from range(200000)", tmp_path / "a.csv")
    assert rows == 200_000
    assert (tmp_path / "a.csv").read_bytes().count(b"\r\n") == 200_001
    assert "no column" in csv_failure(served[0], "select nope from orders").message


def csv_failure(workbench, sql):
    with pytest.raises(QueryError) as caught:
        list(workbench.stream_csv(sql, experiment="shop"))
    return caught.value


def test_a_stream_that_is_not_read_to_its_end(workbench):
    for _ in range(2):
        stream = workbench.stream_csv("from range(100000000)")
        assert next(stream) == b"range\r\n"
        next(stream)
        stream.close()
        stream.close()
    assert workbench.query("select 1").records() == [(1,)]


def test_an_error_in_the_middle_of_a_stream(workbench):
    error = csv_failure(workbench, "select if(range < 1900000, range, error('stop here')) from range(2000000)")
    assert "stop here" in error.message
    assert workbench.query("select 1").records() == [(1,)]


@pytest.mark.parametrize(
    "sql",
    [
        "select length(repeat('x', 4000000000)) as n",
        "select repeat('x', 2000000000) as a, repeat('y', 2000000000) as b",
        "select list(repeat('x', 1000000)) from range(5000)",
        "select string_agg(repeat('x', 1000000), '') from range(5000)",
        "select max(len(range(0, 900000000)))",
        "with recursive t(x) as (select 'x' union all select x || x from t where length(x) < 8000000000)"
        " select max(length(x)) from t",
        "select to_json(list(range)) from range(900000000)",
    ],
)
def test_a_query_that_exhausts_memory_ends_only_its_worker(workbench, sql):
    peak = Peak(workbench)
    error = get_error(workbench, sql, timeout_seconds=60)
    assert "memory" in error.message or "Memory" in error.message, error
    assert peak.stop() < 2000
    assert workbench.query("select count(*) from orders", experiment="shop").records() == [(50,)]


class Peak(threading.Thread):
    """The largest resident size of any worker, in MB."""

    def __init__(self, workbench):
        super().__init__(daemon=True)
        self._ids = workbench._runner.pool.process_ids
        self._is_over = threading.Event()
        self._peak = 0.0
        self.start()

    def run(self):
        while not self._is_over.wait(0.02):
            for process_id in self._ids():
                try:
                    pages = int(Path(f"/proc/{process_id}/statm").read_text().split()[1])
                except (OSError, IndexError):
                    continue
                self._peak = max(self._peak, pages * 4096 / 1e6)

    def stop(self):
        self._is_over.set()
        self.join()
        return self._peak


def test_a_result_too_large_to_show_is_exported_all_the_same(workbench):
    sql = "select repeat('x', 3000000) as a from range(90)"
    error = get_error(workbench, sql)
    assert error.message == "The result has 257 MB; the limit is 256 MB."
    assert "CSV" in error.hint
    assert sum(map(len, workbench.stream_csv(sql))) == 3 + 90 * 3_000_002


def test_a_result_may_spill_to_disk(workbench):
    numbered = "select row_number() over (order by md5(range::varchar)) as n from range(2000000)"
    sql = f"select count(*), max(n) from ({numbered})"
    assert workbench.query(sql, memory_mb=128).records() == [(2_000_000, 2_000_000)]


def test_the_time_limit_names_itself(workbench):
    error = get_error(workbench, ENDLESS, timeout_seconds=0.3)
    assert error.message == "The query was stopped at its time limit of 0.3 seconds."


def test_the_memory_limit_names_itself(workbench):
    error = get_error(workbench, "select list(range) from range(90000000)", memory_mb=100)
    assert "its memory limit of 100 MB" in error.message
    assert "DW_SIM_QUERY_MEMORY_MB" in error.hint


@pytest.mark.parametrize("limit", [{"timeout_seconds": 0}, {"timeout_seconds": -1}, {"memory_mb": 1}])
def test_an_invalid_limit(workbench, limit):
    with pytest.raises(WorkbenchError, match="is not a"):
        workbench.query("select 1", **limit)


@pytest.mark.parametrize("index", [0, 1])
def test_a_query_is_cancelled_from_outside(served, index):
    handle = QueryHandle()
    threading.Timer(0.3, handle.cancel).start()
    assert get_error(served[index], ENDLESS, handle=handle).message == "The query was cancelled."
    handle.cancel()
    assert get_error(served[index], "select 1", handle=handle).message == "The query was cancelled."
    assert served[index].query("select 1").records() == [(1,)]


def test_a_worker_that_is_killed_is_replaced(workbench):
    workbench.query("select 1")
    killed: list[int] = []

    def kill_all() -> None:
        killed.extend(workbench._runner.pool.process_ids())
        for each in killed:
            os.kill(each, signal.SIGKILL)

    threading.Timer(0.3, kill_all).start()
    error = get_error(workbench, ENDLESS, timeout_seconds=20)
    assert "process ended (SIGKILL)" in error.message
    until(lambda: not set(killed) & set(workbench._runner.pool.process_ids()))
    assert workbench.query("select 1").records() == [(1,)]


def test_many_sessions_at_once(workbench):
    with ThreadPoolExecutor(8) as threads:
        results = [threads.submit(workbench.query, f"select {number}, count(*) from range(99)") for number in range(40)]
        assert [each.result().records()[0][0] for each in results] == list(range(40))
    assert len(workbench._runner.pool.process_ids()) <= 2


def test_a_worker_runs_one_query_after_the_other(workbench):
    with ThreadPoolExecutor(1) as thread:
        workbench.query("select 1")
        before = set(workbench._runner.pool.process_ids())
        for sql in ("select 1", "select nope", "select 2"):
            thread.submit(lambda text: workbench.query(text), sql).exception()
        assert set(workbench._runner.pool.process_ids()) == before


def test_a_request_goes_to_another_worker_when_the_first_exits(workbench):
    """A worker that exits with status 0 has not taken the query."""
    workbench.query("select 1")
    worker = workbench._runner.pool._idle[-1]
    worker._process.stdin.close()  # its input ends while the process still runs
    assert workbench.query("select 2").records() == [(2,)]


def test_closing_ends_the_workers(tmp_path):
    workbench = engine.Workbench(settings=Settings(home=tmp_path, query_workers=1))
    workbench.warm()
    (process_id,) = workbench._runner.pool.process_ids()
    workbench.close()
    assert workbench._runner.pool.process_ids() == []
    assert not Path(f"/proc/{process_id}/status").exists()


@pytest.fixture
def fresh(tmp_path):
    """A workbench of three workers, none of which is started."""
    with engine.Workbench(settings=Settings(home=tmp_path, query_workers=3, threads=1)) as workbench:
        yield workbench


def test_one_more_worker_than_are_busy_is_ready(fresh):
    fresh.warm()
    until(lambda: len(fresh._runner.pool._idle) == 2)
    with closing(fresh.stream_csv("from range(100000000)")) as stream:
        next(stream)
        assert len(fresh._runner.pool._idle) == 1
        assert fresh.query("select 1").records() == [(1,)]


def test_a_query_takes_the_first_worker_that_is_ready(fresh, monkeypatch):
    """A worker that stalls at its start blocks no query while another one is released."""
    started = stop_at_start(monkeypatch, {3}, seconds=60)
    fresh.warm()
    until(lambda: len(fresh._runner.pool._idle) == 2)
    with closing(fresh.stream_csv("from range(100000000)")):
        other = fresh.stream_csv("from range(200000)")
        until(lambda: len(started) == 3)
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(fresh.query, "select 1")
            assert b"".join(other).endswith(b"199999\r\n")
            assert waiting.result(30).records() == [(1,)]


def stop_at_start(monkeypatch, stopped, seconds):
    """Stop some of the workers' processes at their start, by number; return the ids of all.

    It takes `seconds` for the pool to give up one of them.
    """
    started = []

    class Stopping(WorkerProcess):
        def __init__(self):
            super().__init__()
            started.append(self.process_id)
            self.is_stopped = len(started) in stopped
            if self.is_stopped:
                os.kill(self.process_id, signal.SIGSTOP)

        def wait_until_ready(self, usual_seconds):
            super().wait_until_ready(seconds if self.is_stopped else usual_seconds)

    monkeypatch.setattr("engine.warehouse.workers.pool.WorkerProcess", Stopping)
    return started


def test_a_worker_that_stalls_at_its_start_is_replaced(fresh, monkeypatch):
    started = stop_at_start(monkeypatch, {1}, seconds=0.05)
    assert fresh.query("select 1").records() == [(1,)]
    assert not Path(f"/proc/{started[0]}").exists()


def test_workers_that_never_start_are_reported_and_retried_by_the_next_query(fresh, monkeypatch):
    started = stop_at_start(monkeypatch, {1, 2}, seconds=0.05)
    assert get_error(fresh, "select 1").message == "No query worker could be started."
    assert len(started) == 2
    assert fresh.query("select 1").records() == [(1,)]


def test_a_query_that_waits_for_a_worker_is_cancelled(fresh, monkeypatch):
    stop_at_start(monkeypatch, {1}, seconds=60)
    handle = QueryHandle()
    threading.Timer(0.1, handle.cancel).start()
    assert get_error(fresh, "select 1", handle=handle).message == "The query was cancelled."


def test_more_queries_than_workers_wait_or_fail(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.warehouse.workers.pool._WAIT_SECONDS", 0.05)
    with engine.Workbench(settings=Settings(home=tmp_path, query_workers=1, threads=1)) as workbench:
        stream = workbench.stream_csv("from range(10000000)")
        error = get_error(workbench, "select 1")
        assert error.message == "All 1 query workers are busy."
        assert "DW_SIM_QUERY_WORKERS" in error.hint
        stream.close()


def test_a_query_that_ignores_its_cancellation_is_killed_with_its_worker(tmp_path, monkeypatch):
    """A stopped process cannot react to a cancellation."""
    monkeypatch.setattr("engine.warehouse.workers.response._GRACE_SECONDS", 0.2)
    monkeypatch.setattr("engine.warehouse.workers.process._CANCEL_GRACE_SECONDS", 0.2)
    with engine.Workbench(settings=Settings(home=tmp_path, query_workers=1, threads=1)) as workbench:
        for limit, message in ((0.1, "at its time limit of 0.1 seconds"), (60, "was cancelled")):
            workbench.query("select 1")
            (process_id,) = workbench._runner.pool.process_ids()
            os.kill(process_id, signal.SIGSTOP)
            handle = QueryHandle()
            if limit == 60:
                threading.Timer(0.1, handle.cancel).start()
            assert message in get_error(workbench, "select 1", timeout_seconds=limit, handle=handle).message
            assert workbench._runner.pool.process_ids() != [process_id]


def test_an_idle_worker_that_ended_is_not_used(tmp_path):
    with engine.Workbench(settings=Settings(home=tmp_path, query_workers=1, threads=1)) as workbench:
        workbench.query("select 1")
        (process_id,) = workbench._runner.pool.process_ids()
        os.kill(process_id, signal.SIGKILL)
        until(lambda: workbench._runner.pool.process_ids() == [])
        assert workbench.query("select 2").records() == [(2,)]


@pytest.mark.parametrize("dialect", [None, "snowflake", "redshift"])
def test_a_text_that_is_too_long_is_refused(served, dialect):
    sql = "select 1 where 1 in (" + ",".join(["1"] * 300_000) + ")"
    for workbench in served:
        with pytest.raises(QueryError, match="the limit is 500,000"):
            workbench.query(sql, dialect=dialect)
        with pytest.raises(QueryError, match="the limit is 500,000"):
            workbench.stream_csv(sql, dialect=dialect)


def test_a_query_is_translated_by_its_worker(workbench, monkeypatch):
    monkeypatch.setattr("engine.warehouse.querying.request.translate", None)  # in this process
    assert workbench.query("select nvl(null, 1) as a", dialect="snowflake").records() == [(1,)]


def test_a_translation_ends_at_the_time_limit_while_another_query_runs(workbench):
    long = "select 1 where 1 in (" + ",".join(["1"] * 200_000) + ")"
    with ThreadPoolExecutor(1) as thread:
        slow = thread.submit(get_error, workbench, long, dialect="snowflake", timeout_seconds=0.2)
        assert workbench.query("select 1").records() == [(1,)]
        assert slow.result(120).message == "The query was stopped at its time limit of 0.2 seconds."
    assert workbench.query("select 2").records() == [(2,)]


def test_a_worker_makes_a_csv_safe_for_spreadsheets(served):
    sql = "select '=1' as a, -1 as b"
    for each in served:
        assert b"".join(each.stream_csv(sql, spreadsheet_safe=True)) == b"a,b\r\n'=1,-1\r\n"
        assert b"".join(each.stream_csv(sql)) == b"a,b\r\n=1,-1\r\n"
