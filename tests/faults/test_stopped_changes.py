"""An update, a revert, a rename or a description stopped before any one of its changes of files loses nothing."""

import copy
import os
import shutil
from itertools import count

import pytest

import engine
from tests.faults.kills import orphans
from tests.faults.scale import scaled
from tests.faults.test_stopped_deletions import DEAD_PROCESS, EVENTS, Stopped
from tests.faults.worker import CHANGED, SHOP, opened, quietly

STEP, STEP_OF_EMPTY = scaled(1, 2), scaled(1, 4)  # a stop at every so many-th change of a file
THOROUGH = 5  # an audit and two loads after every so many-th stop
RECOVERED = scaled(1, 3)  # and a lost catalog
AGAIN = copy.deepcopy(SHOP)
AGAIN["tables"][0]["columns"].pop()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home folder whose run 1 is of version 1, and whose loaded run 2 is of version 2; version 3 has no run."""
    folder = tmp_path_factory.mktemp("prepared") / "home"
    with opened(folder) as workbench:
        shop = workbench.create(SHOP)
        shop.generate(20, seed=1, progress=quietly)
        shop.update(CHANGED)
        shop.generate(20, seed=2, progress=quietly)
        shop.revert(1)
    return folder


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    folder = tmp_path_factory.mktemp("empty") / "home"
    with opened(folder) as workbench:
        workbench.create(SHOP)
    return folder


def is_stopped(home, action, event):
    with opened(home) as workbench:
        shop = workbench["shop"]
        try:
            with EVENTS.counted(event):
                action(shop)
        except Stopped:
            for path in home.rglob(f".*.{os.getpid()}-*.tmp"):
                path.rename(path.with_name(path.name.replace(str(os.getpid()), DEAD_PROCESS)))
            return True
    return False


def lose_catalog(root):
    for path in root.glob("catalog.sqlite*"):
        path.unlink()


def check(folder, names, versions, turn):
    with opened(folder) as workbench:
        assert workbench.notes == [], f"stop {turn}"
        (shop,) = workbench.experiments()
        assert shop.name in names
        assert len(shop.versions()) == shop.version and shop.version in versions
        assert orphans(folder, {shop.name.lower(): shop}) == [], f"stop {turn}"
        check_data(workbench, shop, is_thorough=turn % THOROUGH == 0)
        name, number = shop.name, shop.version
    if turn % RECOVERED:
        return
    lose_catalog(folder)
    engine.Workbench.recover(folder)
    with opened(folder) as workbench:
        assert workbench.notes == []
        shop = workbench[name]
        assert (shop.version, len(shop.versions())) == (number, number), f"stop {turn}"
        check_data(workbench, shop, is_thorough=False)


def check_data(workbench, shop, *, is_thorough=True):
    runs = [(run.id, run.schema_version) for run in shop.runs()]
    assert runs in ([], [(2, 2), (1, 1)])
    if is_thorough:
        assert shop.audit().passed
    assert shop.loaded_run_id == (2 if runs else None)
    assert workbench.query(f"select count(*) from {shop.name}__orders").frame.item() == (20 if runs else 0)
    if runs and is_thorough:
        shop.load(1)
        assert workbench.query(f"from {shop.name}__orders").frame.shape == (20, 3)
        shop.load(2)
        assert workbench.query(f"from {shop.name}__orders").frame.shape == (20, 4)


@pytest.mark.parametrize(
    ("action", "versions"),
    [(lambda shop: shop.update(AGAIN), (3, 4)), (lambda shop: shop.rename("store"), (3,))],
    ids=["update", "rename"],
)
def test_a_change_stopped_at_any_moment_loses_nothing(home, action, versions, tmp_path):
    for turn in count(1):
        folder, event = tmp_path / str(turn), 1 + (turn - 1) * STEP
        if not is_stopped(shutil.copytree(home, folder), action, event):
            break
        check(folder, ("shop", "store"), versions, turn)
    assert event > 5


@pytest.mark.parametrize(
    ("action", "versions"),
    [
        (lambda shop: shop.update(AGAIN), (1, 2)),
        (lambda shop: shop.rename("store"), (1,)),
        (lambda shop: shop.rename("Shop"), (1,)),
        (lambda shop: shop.describe("Small."), (1,)),
    ],
    ids=["update", "rename", "case", "describe"],
)
def test_a_change_of_empty_tables_stopped_at_any_moment_loses_nothing(empty, action, versions, tmp_path):
    for turn in count(1):
        folder, event = tmp_path / str(turn), 1 + (turn - 1) * STEP_OF_EMPTY
        if not is_stopped(shutil.copytree(empty, folder), action, event):
            break
        check(folder, ("shop", "store", "Shop"), versions, turn)
    assert event > 3


def test_an_older_catalog_gets_the_later_versions_back(home, tmp_path):
    folder = shutil.copytree(home, tmp_path / "home")
    older = shutil.copy(folder / "catalog.sqlite", tmp_path / "older.sqlite")
    with opened(folder) as workbench:
        workbench["shop"].update(AGAIN, note="Fewer.")
    lose_catalog(folder)
    shutil.copy(older, folder / "catalog.sqlite")
    with opened(folder) as workbench:
        assert len(workbench.notes) == 1 and "dw-sim recover" in workbench.notes[0]
    engine.Workbench.recover(folder)
    with opened(folder) as workbench:
        shop = workbench["shop"]
        assert (shop.version, shop.versions()[0].note, workbench.notes) == (4, "Fewer.", [])
        check_data(workbench, shop)
