import subprocess
import sys

import pytest

from engine.store.lock import ExperimentLock
from engine.store.records import RunStatus
from engine.store.sweep import sweep_experiment, sweep_home
from engine.system.durable_files import temporary_name

_START_AND_DIE = """
import os, signal, sys
from pathlib import Path
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.lock import ExperimentLock
home = Home(Path(sys.argv[1]))
lock = ExperimentLock(home, "shop", "generate").acquire()
Catalog(home.catalog_path).start_run("shop", 1, {"customers": 5, "orders": 5})
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def folder(home, shop):
    folder = home.experiment_dir("shop")
    (folder / "runs" / "1" / "orders").mkdir(parents=True)
    return folder


def test_only_the_current_warehouse_and_finished_files_stay(home, catalog, folder):
    for load_id in (1, 2, 3):
        home.warehouse_path("shop", load_id).touch()
    part = folder / "runs" / "1" / "orders" / "part-00000.parquet"
    part.touch()
    temporary_name(part).touch()
    half = temporary_name(home.warehouse_path("shop", 4))
    half.touch()
    half.with_name(half.name + ".wal").touch()
    half.with_name(half.name + ".spill").mkdir()
    (half.with_name(half.name + ".spill") / "block").touch()
    sweep_experiment(home, "shop", 2)
    left = sorted(path.name for path in folder.rglob("*") if path.is_file())
    assert left == ["part-00000.parquet", "warehouse-2.duckdb"]
    assert sorted(path.name for path in folder.iterdir()) == ["runs", "warehouse-2.duckdb"]


def test_the_opening_aborts_the_run_of_a_killed_process(home, catalog, folder):
    subprocess.run([sys.executable, "-c", _START_AND_DIE, str(home.root)], check=False)
    assert catalog.run("shop", 1).status is RunStatus.RUNNING
    sweep_home(home, catalog)
    assert catalog.run("shop", 1).status is RunStatus.ABORTED


def test_opening_reports_unknown_folders(home, catalog, folder):
    unknown = home.experiments_dir / "gone" / "runs" / "1"
    unknown.mkdir(parents=True)
    assert [note.split(":")[0] for note in sweep_home(home, catalog)] == [
        str(home.experiments_dir / "gone"),
        str(folder / "runs" / "1"),
    ]
    assert unknown.is_dir()


def test_the_opening_leaves_alone_what_is_locked(home, catalog, folder):
    home.warehouse_path("shop", 9).touch()
    catalog.start_run("shop", 1, {"customers": 5, "orders": 5})
    with ExperimentLock(home, "shop", "load"), ExperimentLock(home, "being_made", "create"):
        sweep_home(home, catalog)
        assert home.warehouse_path("shop", 9).exists()
        assert home.experiment_folders() == ["being_made", "shop"]
        assert catalog.run("shop", 1).status is RunStatus.RUNNING
    sweep_home(home, catalog)
    assert not home.warehouse_path("shop", 9).exists()
    assert home.experiment_folders() == ["shop"]
