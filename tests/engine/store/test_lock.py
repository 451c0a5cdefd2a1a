import os
import signal
import subprocess
import sys
import threading

import pytest

from engine.errors import BusyError, WorkbenchError
from engine.store.lock import ExperimentLock, is_held

_HOLD = """
import sys, time
from pathlib import Path
from engine.store.home import Home
from engine.store.lock import ExperimentLock
lock = ExperimentLock(Home(Path(sys.argv[1])), "shop", "generate").acquire()
lock.note_run(7)
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(home):
    with subprocess.Popen([sys.executable, "-c", _HOLD, str(home.root)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_another_process_is_named_with_its_work(home, holder):
    assert is_held(home, "SHOP")
    with pytest.raises(BusyError) as caught:
        ExperimentLock(home, "shop", "reset").acquire()
    assert caught.value.message.startswith(f'"shop" is busy: process {holder.pid} of ')
    assert "has been generating data (run 7) since 2" in caught.value.message
    assert "cancel run 7" in caught.value.hint


def test_a_killed_process_loses_the_lock(home, holder):
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    assert not is_held(home, "shop")
    with ExperimentLock(home, "shop", "reset") as lock:
        assert lock.owner().process_id == os.getpid()


def test_it_excludes_other_locks_of_this_process(home):
    with ExperimentLock(home, "shop", "load"):
        assert is_held(home, "shop")
        with pytest.raises(BusyError, match="loading data"):
            ExperimentLock(home, "shop", "delete").acquire()
    assert not is_held(home, "shop")


def test_other_experiments_are_free(home):
    with ExperimentLock(home, "shop", "load"), ExperimentLock(home, "crm", "load"):
        pass


def test_asking_makes_no_folder(home):
    assert not is_held(home, "shop")
    assert list(home.experiments_dir.iterdir()) == []


def test_another_thread_may_release_it(home):
    lock = ExperimentLock(home, "shop", "generate").acquire()
    thread = threading.Thread(target=lock.release)
    thread.start()
    thread.join()
    assert not is_held(home, "shop")


def test_release_twice_is_harmless(home):
    lock = ExperimentLock(home, "shop", "generate").acquire()
    lock.release()
    lock.release()
    assert not is_held(home, "shop")
    assert not home.lock_path("shop").with_name("lock.owner").exists()


def test_acquire_then_with_holds_it_once(home):
    with ExperimentLock(home, "shop", "generate").acquire():
        assert is_held(home, "shop")
    assert not is_held(home, "shop")


def test_a_hold_for_an_instant_is_waited_for(home):
    glance = ExperimentLock(home, "shop")
    assert glance.try_acquire()
    timer = threading.Timer(0.05, glance.release)
    timer.start()
    with ExperimentLock(home, "shop", "load"):
        pass
    timer.join()


def test_a_holder_without_a_note_is_still_rejected(home, monkeypatch):
    monkeypatch.setattr("engine.store.lock._RETRY_SECONDS", 0.1)
    with ExperimentLock(home, "shop"), pytest.raises(BusyError, match="another process"):
        ExperimentLock(home, "shop", "load").acquire()


def test_of_many_threads_exactly_one_gets_it(home):
    got, refused = [], []
    start, done = threading.Barrier(8), threading.Barrier(8)

    def work():
        lock = ExperimentLock(home, "shop", "reset")
        start.wait()
        try:
            got.append(lock.acquire())
        except BusyError as error:
            refused.append(error)
        done.wait()
        lock.release()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(got), len(refused)) == (1, 7)


def test_a_holder_that_is_ending_is_waited_for(home):
    ending = ExperimentLock(home, "shop", "generate").acquire()
    ending.note_ending()
    timer = threading.Timer(0.1, ending.release)
    timer.start()
    with ExperimentLock(home, "shop", "reset") as lock:
        assert lock.owner().action == "reset"
    timer.join()


def test_a_lock_that_is_a_folder_is_reported(home):
    home.lock_path("shop").mkdir(parents=True)
    with pytest.raises(WorkbenchError, match="cannot be acquired") as caught:
        ExperimentLock(home, "shop", "load").acquire()
    assert caught.value.where == str(home.lock_path("shop"))
    assert "Move this folder away" in caught.value.hint
    assert is_held(home, "shop")
