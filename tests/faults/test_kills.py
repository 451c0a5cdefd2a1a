"""Processes killed at random moments of every change: nothing loaded is lost, nothing sticks, nothing is left over.

The moments are drawn from a fixed seed over the time that the change was measured to take. Which instruction they
hit still differs from one run of the test to the next; the promise is that none of them matters.
"""

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.store.lock import is_held
from tests.faults.worker import act, opened, quietly

KILLS = {"generate": 20, "load": 10, "reset": 8, "delete": 7, "create": 6, "resume": 7}
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A home folder with a loaded run 1 and an aborted run 2; and the tables of an uninterrupted run of seed 2."""
    folder = tmp_path_factory.mktemp("faults")
    with opened(folder / "home") as workbench:
        from tests.faults.worker import SHOP

        shop = workbench.create(SHOP)
        shop.generate(seed=2, progress=quietly)
        expected = tables(shop)
        workbench.delete("shop")
        shop = workbench.create(SHOP)
        shop.generate(seed=1, progress=quietly)
        first = tables(shop)
        with pytest.raises(Exception, match="cancelled"):
            shop.generate(
                seed=2, progress=lambda progress: progress.rows_done < 9000 or shop.cancel(progress.run_id) and None
            )
    return folder / "home", first, expected


def tables(experiment):
    return {name: experiment.query(f"from {name} order by 1").frame for name in ("customers", "orders")}


def same(found, expected):
    return all(found[name].equals(expected[name]) for name in expected)


class Victim:
    """A process that is ready to do one thing."""

    def __init__(self, home, action):
        command = [sys.executable, "-m", "tests.faults.worker", str(home), action, "2"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def begin(self):
        assert self.process.stdout.readline() == "ready\n", self.process.stderr.read()
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def end(self, after_seconds):
        """Kill it after so long; returns whether it had come to its end."""
        time.sleep(after_seconds)
        self.process.kill()
        out, errors = self.process.communicate()
        assert "Traceback" not in errors, errors
        return "done" in out


@pytest.mark.parametrize("action", KILLS)
def test_a_kill_at_any_moment(prepared, tmp_path, action):
    home, first, expected = prepared
    draw = random.Random(f"kills of {action}")
    length = seconds_of(home, tmp_path / "measured", action)
    killed = 0
    upcoming = None
    for number in range(KILLS[action]):
        here = tmp_path / f"home-{number}"
        if upcoming is None:
            shutil.copytree(home, here)
            upcoming = Victim(here, action)
        victim = upcoming
        victim.begin()
        killed += not victim.end(length * draw.uniform(0.0, 1.1))
        following = tmp_path / f"home-{number + 1}"
        upcoming = None
        if number + 1 < KILLS[action]:  # its start-up goes on while this one is looked at
            shutil.copytree(home, following)
            upcoming = Victim(following, action)
        check(here, action, first, expected)
        shutil.rmtree(here)
    assert killed >= KILLS[action] // 2


def seconds_of(home, here, action):
    shutil.copytree(home, here)
    with opened(here) as workbench:
        started = time.perf_counter()
        act(workbench, action, 2)
        return time.perf_counter() - started


def check(home, action, first, expected):
    with opened(home) as workbench:
        names = [experiment.name for experiment in workbench.experiments()]
        assert [name for name in names if name != "other"] in (["shop"], [] if action == "delete" else ["shop"])
        for name in names:
            check_experiment(workbench[name], first, expected, action)
        check_no_orphans(home, workbench)
        for name in ("shop", "other"):
            assert not (home / "experiments" / name).exists() or name in names


def check_experiment(experiment, first, expected, action):
    runs = experiment.runs()
    assert all(run.status != "RUNNING" for run in runs)
    if experiment.name == "other":
        assert experiment.row_counts() == {"customers": 0, "orders": 0}
        assert experiment.audit().passed
        return
    loaded = experiment.loaded_run_id
    allowed = {"generate": (1, 3), "reset": (1, None), "resume": (1, 2)}.get(action, (1,))
    assert loaded in allowed
    if loaded is not None:
        assert same(tables(experiment), first if loaded == 1 else expected)
    else:
        assert experiment.row_counts() == {"customers": 0, "orders": 0}
    assert experiment.audit().passed
    interrupted = next((run for run in runs if run.status != "COMPLETED"), None)
    if interrupted is not None and action in ("generate", "resume"):
        resumed = experiment.resume(interrupted.id, progress=quietly)
        assert resumed.status == "COMPLETED"
        assert same(tables(experiment), expected)
        experiment.load(resumed.id)  # every file's checksum
    assert not is_held(experiment._services.home, experiment.name)


def check_no_orphans(home, workbench):
    records = {experiment.name: experiment for experiment in workbench.experiments()}
    for name in records:
        folder = home / "experiments" / name
        assert [path for path in folder.rglob("*") if ".tmp" in path.name or ".spill" in path.name] == []
        assert len(list(folder.glob("warehouse-*"))) == 1
        assert {path.name for path in folder.iterdir()} - {"lock", "lock.owner", "runs"} == {
            path.name for path in folder.glob("warehouse-*.duckdb")
        }
        known = {str(run.id) for run in records[name].runs()}
        assert {path.name for path in folder.glob("runs/*")} <= known
    assert list((home / "temp").iterdir()) == []
