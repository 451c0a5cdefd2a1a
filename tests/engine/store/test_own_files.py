"""What is not the workbench's own survives every opening, load, reset and deletion."""

import os
import shutil

import pytest

from engine import Workbench
from engine.errors import ConflictError
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.mark_sync import mark_experiment, mark_run
from engine.store.marks import MarkState
from tests.engine.store.conftest import schema_named

NAMES = [
    "notes.txt", "x.tmp", ".cache.tmp", ".notes.txt.12-abcdef01.tmp", "warehouse-1.duckdb.bak", "warehouse-x.duckdb",
    "folder/.hidden.tmpdir/file", "runs/notes.txt", "runs/best/part-00000.parquet", "runs/1/notes.txt",
    "runs/1/backup/part-00000.parquet", "runs/1/orders/notes.txt", "runs/1/orders/.mine.tmp", "runs/007/run.json",
]  # fmt: skip


def quietly(now):
    pass


@pytest.fixture
def workbench(tmp_path):
    with Workbench(tmp_path / "home") as workbench:
        workbench.create(schema_named("shop")).generate(rows=3, seed=1, progress=quietly)
        yield workbench


def put(folder, name):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    return path


@pytest.mark.parametrize("name", ["resnet50", "ResNet50", "a b", "select"])
def test_an_opening_leaves_a_folder_that_it_did_not_make(tmp_path, name):
    best = put(tmp_path / "experiments" / name, "best.pt")
    for _ in range(2):
        with Workbench(tmp_path) as workbench:
            assert [note.split(":")[0] for note in workbench.notes] == [str(best.parent)]
    assert [path.name for path in best.parent.iterdir()] == ["best.pt"]


def test_an_experiment_cannot_take_a_folder_with_other_files(tmp_path):
    best = put(tmp_path / "experiments" / "shop", "best.pt")
    with Workbench(tmp_path) as workbench, pytest.raises(ConflictError, match="taken by something else") as caught:
        workbench.create(schema_named("Shop"))
    assert caught.value.where == str(best.parent)
    assert [path.name for path in best.parent.iterdir()] == ["best.pt"]


def test_files_next_to_the_data_survive_everything(workbench):
    folder = workbench.settings.home / "experiments" / "shop"
    files = [put(folder, name) for name in NAMES]
    workbench["shop"].load(1)
    workbench["shop"].reset()
    Workbench(workbench.settings.home).close()
    assert all(path.is_file() for path in files)
    left = workbench["shop"].delete_run(1)
    assert [path.name for path in left] == ["backup", "notes.txt", "orders"]
    left = workbench.delete("shop")
    assert folder / "notes.txt" in left
    assert all(path.read_text() == "mine" for path in files)
    assert sorted(path for path in folder.rglob("*") if path.is_file()) == sorted(files)


def test_a_deletion_without_other_files_leaves_nothing(workbench):
    assert workbench["shop"].reset().run_id is None
    assert workbench["shop"].delete_run(1) == []
    assert list((workbench.settings.home / "experiments" / "shop" / "runs").iterdir()) == []
    assert workbench.delete("shop") == []
    assert list((workbench.settings.home / "experiments").iterdir()) == []


def test_other_files_of_the_home_survive(workbench):
    home = workbench.settings.home
    files = [put(home, name) for name in ("temp/mine.tmp", "temp/.x.tmp", "notes.txt", "experiments/notes.txt")]
    files.append(put(home, f"experiments/.shop.{os.getpid()}-abcdef01.tmp/mine"))
    files.append(put(home, "experiments/.shop.999999999-abcdef01.tmp/mine"))
    workbench["shop"].query("from orders")
    Workbench(home).close()
    assert all(path.is_file() for path in files)


def test_a_link_is_not_followed(workbench, tmp_path):
    photo = put(tmp_path / "photos", "runs/1/orders/part-00000.parquet")
    home = workbench.settings.home
    (home / "experiments" / "pictures").symlink_to(tmp_path / "photos")
    moved = tmp_path / "moved"
    (home / "experiments" / "shop").rename(moved)
    (home / "experiments" / "shop").symlink_to(moved)
    with Workbench(home) as again:
        assert any("pictures" in note for note in again.notes)
        with pytest.raises(ConflictError, match="taken by something else"):
            again.create(schema_named("pictures"))
        assert again["shop"].load(1).row_counts == {"customers": 3, "orders": 3}
        assert again.delete("shop") == [moved]
    assert photo.read_text() == "mine"
    assert (moved / "runs" / "1" / "orders" / "part-00000.parquet").is_file()
    assert not (home / "experiments" / "shop").is_symlink()


def test_a_copied_folder_is_not_taken_for_an_experiment(workbench):
    home = workbench.settings.home
    shutil.copytree(home / "experiments" / "shop", home / "experiments" / "copy")
    with Workbench(home) as again:
        assert [note.split(":")[0] for note in again.notes] == [str(home / "experiments" / "copy")]
    assert (home / "experiments" / "copy" / "runs").is_dir()


@pytest.mark.parametrize(("state", "is_left"), [("creating", False), ("deleting", False), ("ready", True)])
def test_only_half_created_and_half_deleted_experiments_are_swept(tmp_path, state, is_left):
    with Workbench(tmp_path) as workbench:
        workbench.create(schema_named("shop"))
        workbench.create(schema_named("crm"))
    home, catalog = Home(tmp_path), Catalog(tmp_path / "catalog.sqlite")
    mark_experiment(home, catalog.experiment("crm"), MarkState(state))
    catalog.delete_experiment("crm")
    catalog.close()
    with Workbench(tmp_path) as workbench:
        assert len(workbench.notes) == is_left
    assert home.experiment_dir("crm").exists() == is_left


@pytest.mark.parametrize(("state", "is_left"), [("deleting", False), ("ready", True)])
def test_only_half_deleted_runs_are_swept(workbench, state, is_left):
    home, catalog = Home(workbench.settings.home), workbench._services.catalog
    workbench["shop"].reset()
    mark_run(home, catalog, catalog.run("shop", 1), MarkState(state))
    catalog.remove_run("shop", 1)
    with Workbench(home.root) as again:
        assert len(again.notes) == is_left
    assert home.run_dir("shop", 1).exists() == is_left


def test_a_deletion_that_ended_before_it_began_is_taken_back(workbench):
    home, catalog = Home(workbench.settings.home), workbench._services.catalog
    mark_experiment(home, catalog.experiment("shop"), MarkState.DELETING)
    mark_run(home, catalog, catalog.run("shop", 1), MarkState.DELETING)
    with Workbench(home.root) as again:
        assert again["shop"].load(1).row_counts == {"customers": 3, "orders": 3}
    assert '"state": "ready"' in home.mark_path("shop").read_text()
    assert '"state": "ready"' in home.run_mark_path("shop", 1).read_text()


@pytest.mark.parametrize(
    "name", [f"runs/{'9' * 30}/notes.txt", f"warehouse-{'9' * 30}.duckdb", "warehouse-\u0663.duckdb"]
)
def test_a_number_that_no_run_or_load_can_have_is_not_the_workbenchs(workbench, name):
    mine = put(workbench.settings.home / "experiments" / "shop", name)
    workbench.close()
    with Workbench(workbench.settings.home) as again:
        again["shop"].load()
        again.delete("shop")
    assert mine.read_text() == "mine"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only POSIX has named pipes")
def test_a_named_pipe_in_the_place_of_a_mark_does_not_stop_the_opening(tmp_path):
    (tmp_path / "experiments" / "mine").mkdir(parents=True)
    os.mkfifo(tmp_path / "experiments" / "mine" / "experiment.json")
    with Workbench(tmp_path) as workbench:
        assert len(workbench.notes) == 1
