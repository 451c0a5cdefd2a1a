"""A deletion that is stopped before any one of its changes of files is completed by the next opening."""

import os
import shutil

import pytest

from tests.faults.kills import orphans
from tests.faults.worker import SHOP, FileEvents, opened, quietly


class Stopped(BaseException):
    """The end of the process: no part of the engine catches it, and no file changes after it."""


def stop():
    raise Stopped


EVENTS = FileEvents(stop)
DEAD_PROCESS = "4194305"  # above the highest id of a process


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prepared") / "home"
    with opened(folder) as workbench:
        shop = workbench.create(SHOP)
        for seed in (1, 2):
            shop.generate(seed=seed, progress=quietly)
    return folder


def is_stopped(home, action, event):
    with opened(home) as workbench:
        try:
            with EVENTS.counted(event):
                action(workbench)
        except Stopped:
            for path in (home / "experiments").glob(f".*.{os.getpid()}-*.tmp"):
                path.rename(path.with_name(path.name.replace(str(os.getpid()), DEAD_PROCESS)))
            return True
    return False


@pytest.mark.parametrize(
    "action",
    [lambda workbench: workbench["shop"].delete_run(1), lambda workbench: workbench.delete("shop")],
    ids=["run", "experiment"],
)
def test_a_deletion_stopped_at_any_change_is_completed(home, action, tmp_path):
    event = 1
    while is_stopped(shutil.copytree(home, tmp_path / str(event)), action, event):
        with opened(tmp_path / str(event)) as workbench:
            experiments = {experiment.name: experiment for experiment in workbench.experiments()}
            assert orphans(tmp_path / str(event), experiments) == [], f"stopped at change {event}"
            assert workbench.notes == []
            assert [shop.loaded_run_id for shop in experiments.values()] in ([], [2])
        event += 1
    assert event > 5
