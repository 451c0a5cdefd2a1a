import threading

import pytest

from engine.errors import BusyError
from engine.runs.jobs import Jobs


def test_a_job_runs_in_the_background():
    jobs, go, seen = Jobs(), threading.Event(), []

    def work():
        go.wait(5)
        seen.append(threading.current_thread().daemon)

    jobs.start("shop", work)
    assert jobs.is_running("shop")
    assert not jobs.wait("shop", 0.01)
    go.set()
    assert jobs.wait("shop", 120)
    assert (seen, jobs.is_running("shop")) == ([True], False)


def test_one_job_for_a_key_at_a_time(monkeypatch):
    monkeypatch.setattr("engine.runs.jobs._LAST_STEPS_SECONDS", 0.01)
    jobs, go = Jobs(), threading.Event()
    jobs.start("shop", lambda: go.wait(5) and None)
    with pytest.raises(BusyError, match="shop"):
        jobs.start("shop", lambda: None)
    jobs.start("crm", lambda: None)
    go.set()
    assert jobs.wait("shop", 120)
    jobs.start("shop", lambda: None)
    assert jobs.wait("shop", 120)


def test_what_a_job_raises_is_logged_and_kept(caplog):
    jobs = Jobs()

    def work():
        raise ValueError("broken")

    jobs.start("shop", work)
    assert jobs.wait("shop", 120)
    assert str(jobs.error("shop")) == "broken"
    assert "The job shop failed" in caplog.text
    jobs.start("shop", lambda: None)
    assert jobs.wait("shop", 120)
    assert jobs.error("shop") is None


def test_waiting_for_no_job_is_over_at_once():
    jobs = Jobs()
    assert jobs.wait("shop", 120)
    assert not jobs.is_running("shop")
    assert jobs.error("shop") is None
