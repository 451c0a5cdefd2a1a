"""What the fixtures keep from session to session, the frames they give, and their mistakes."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from engine.errors import WorkbenchError
from engine.pytest_plugin import _folder
from engine.pytest_plugin.stored_experiments import StoredExperiments
from engine.pytest_plugin.table_frames import table_frames
from tests.engine.conftest import SHOP

pytest_plugins = ("pytester",)
PROJECT = Path(__file__).resolve().parents[3]


def homes(folder: Path) -> dict[str, int]:
    """The kept home folders, each with the time at which it was made."""
    return {path.name: (path / "catalog.reserve").stat().st_mtime_ns for path in folder.iterdir() if path.is_dir()}


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[StoredExperiments]:
    (tmp_path / "kept").mkdir()
    (tmp_path / "shop.json").write_text(json.dumps(SHOP))
    opened = StoredExperiments(tmp_path / "kept", tmp_path)
    yield opened
    opened.close()


def test_each_schema_with_its_rows_and_seed_is_kept(stored):
    shop = stored.experiment("shop.json")

    assert shop.row_counts() == {"customers": 20, "orders": 50}
    assert stored.experiment(SHOP) is shop
    assert stored.experiment(SHOP, 5).row_counts() == {"customers": 5, "orders": 5}
    assert stored.experiment(SHOP, seed=1) is not shop
    assert len(homes(stored.folder)) == 3


@pytest.mark.parametrize("fate", ["as it was", "reset", "generated again", "incomplete"])
def test_what_was_changed_or_never_completed_is_made_again(fate, stored):
    shop = stored.experiment(SHOP)
    before, (mark,) = homes(stored.folder), stored.folder.rglob("made.json")
    if fate == "reset":
        shop.reset()
    elif fate == "generated again":
        shop.generate(seed=9, progress=lambda now: None)
    elif fate == "incomplete":
        mark.unlink()
    stored.close()

    assert stored.experiment(SHOP).row_counts() == {"customers": 20, "orders": 50}
    assert (homes(stored.folder) == before) is (fate == "as it was")


def test_what_was_not_used_for_two_weeks_is_removed(stored):
    stored.experiment(SHOP)
    (mark,) = stored.folder.rglob("made.json")
    stored.close()
    os.utime(mark, (1, 1))
    stored.experiment(SHOP, 5)

    assert not mark.exists()
    assert len(homes(stored.folder)) == 1


def test_without_pytests_cache_the_folder_is_one_of_the_session(pytester, tmp_path_factory):
    base = tmp_path_factory.getbasetemp()
    config = pytester.parseconfig("-p", "no:cacheprovider")

    assert _folder(config, tmp_path_factory) == base / "dw-simulator"
    config.workerinput = {}  # a process of pytest-xdist, whose own folder is inside that of the session
    assert _folder(config, tmp_path_factory) == base.parent / "dw-simulator"


def test_mistakes_say_what_to_do(stored, monkeypatch: pytest.MonkeyPatch):
    shop = stored.experiment("shop.json")
    assert stored.made(shop, None) is shop
    with pytest.raises(WorkbenchError, match=r"There is no file shoop\.json"):
        stored.experiment("shoop.json")
    with pytest.raises(WorkbenchError, match="Give rows and seed to dw_experiment"):
        stored.made(shop, None, seed=2)
    with pytest.raises(WorkbenchError, match='Did you mean "orders"'):
        table_frames(shop, ["order"], "polars")
    with pytest.raises(WorkbenchError, match='Did you mean "pandas"'):
        table_frames(shop, [], "panda")
    monkeypatch.setattr("engine.pytest_plugin.table_frames.find_spec", lambda name: None)
    with pytest.raises(WorkbenchError, match="The library pandas is not installed"):
        table_frames(shop, [], "pandas")


def test_the_entry_point_is_light():
    points = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]["pytest11"]
    assert points == {"dw-simulator": "engine.pytest_plugin"}
    assert callable(import_module(points["dw-simulator"]).dw_experiment)

    code = (
        "import sys, pytest; before = set(sys.modules); import engine.pytest_plugin; "
        "print(*sorted(set(sys.modules) - before))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT, check=True)
    loaded = {name for name in run.stdout.split() if name.partition(".")[0] not in sys.stdlib_module_names}
    assert loaded == {"engine", "engine.errors", "engine.pytest_plugin"}
