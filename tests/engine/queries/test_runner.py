"""The runner of queries: chosen once, by the number of workers in the settings."""

from pathlib import Path

from engine import Settings
from engine.queries.runner import InProcessRunner, WorkerPoolRunner, query_runner


def test_settings_without_workers_run_queries_in_this_process():
    assert query_runner(Settings(Path("home"), query_workers=0), list) == InProcessRunner(list)


def test_settings_with_workers_run_queries_in_a_pool():
    runner = query_runner(Settings(Path("home"), query_workers=2), list)

    assert isinstance(runner, WorkerPoolRunner)
    assert runner.pool.process_ids() == []
