import hashlib
import shutil
import sqlite3

import pytest

from engine import Workbench
from engine.errors import CatalogLostError, ConflictError, WorkbenchError
from engine.store.home import Home
from tests.engine.store.conftest import schema_named


@pytest.fixture
def root(tmp_path):
    """A home folder whose experiment `shop` has a loaded run 1 and a run 2 that is not loaded."""
    root = tmp_path / "home"
    with Workbench(root) as workbench:
        shop = workbench.create(schema_named("shop"))
        shop.generate(rows=5, seed=1, progress=lambda now: None)
        shop.generate(rows=7, seed=2, load=False, progress=lambda now: None)
    return root


def lose_catalog(root):
    for path in root.glob("catalog.sqlite*"):
        path.unlink()


def contents(root):
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
        for path in root.rglob("*")
    }


@pytest.mark.parametrize("lose", [lose_catalog, lambda root: (root / "catalog.sqlite").write_bytes(b"")])
def test_a_lost_catalog_is_rejected_each_time_and_nothing_is_changed(root, lose):
    lose(root)
    before = contents(root)
    for _ in range(2):
        with pytest.raises(CatalogLostError, match="dw-sim recover"):
            Workbench(root)
        assert contents(root) == before


def test_a_catalog_without_experiments_is_rejected_next_to_their_data(root, tmp_path):
    Workbench(tmp_path / "other").close()
    lose_catalog(root)
    shutil.copy(tmp_path / "other" / "catalog.sqlite", root / "catalog.sqlite")
    before = contents(root)
    with pytest.raises(CatalogLostError):
        Workbench(root)
    assert contents(root) == before


def test_recovery_restores_schema_runs_and_loaded_tables(root):
    with Workbench(root) as workbench:
        expected = workbench["shop"].query("from orders order by 1").frame
        runs = workbench["shop"].runs()
        created_at = workbench["shop"].created_at
    lose_catalog(root)
    recovery = Workbench.recover(root)
    assert [(lost.name, len(lost.runs), lost.is_reattached) for lost in recovery.experiments] == [("shop", 2, True)]
    with Workbench(root) as workbench:
        shop = workbench["shop"]
        assert workbench.notes == []
        assert (shop.schema, shop.created_at, shop.runs()) == (schema_named("shop"), created_at, runs)
        assert shop.query("from orders order by 1").frame.equals(expected)
        assert shop.load(2).row_counts == {"customers": 7, "orders": 7}
        assert shop.generate(rows=1, progress=lambda now: None).id == 3


def test_recovery_can_be_tried_without_a_change(root):
    lose_catalog(root)
    before = contents(root)
    assert Workbench.recover(root, dry_run=True)
    assert contents(root) == before


def test_tables_whose_file_is_gone_are_empty_after_recovery(root):
    lose_catalog(root)
    for path in (root / "experiments" / "shop").glob("warehouse-*"):
        path.unlink()
    assert Workbench.recover(root).empty_tables == ["shop"]
    with Workbench(root) as workbench:
        assert workbench["shop"].query("select count(*) from orders").frame.item() == 0
        assert workbench["shop"].load(1).row_counts == {"customers": 5, "orders": 5}


def test_a_damaged_catalog_is_renamed_by_recovery(root):
    lose_catalog(root)
    (root / "catalog.sqlite").write_bytes(b"not a database at all" * 100)
    Workbench.recover(root)
    assert len(list(root.glob("catalog.sqlite.damaged-*"))) == 1
    with Workbench(root) as workbench:
        assert len(workbench["shop"].runs()) == 2


def test_an_older_catalog_loses_no_experiment_no_run_and_no_table(root, tmp_path):
    older = tmp_path / "older.sqlite"
    shutil.copy(root / "catalog.sqlite", older)
    with Workbench(root) as workbench:
        workbench.create(schema_named("crm")).generate(rows=3, seed=3, progress=lambda now: None)
        workbench["shop"].generate(rows=9, seed=4, progress=lambda now: None)
        expected = workbench["shop"].query("from orders order by 1").frame
    lose_catalog(root)
    shutil.copy(older, root / "catalog.sqlite")
    with Workbench(root) as workbench:
        assert [note.split(": ")[0].split("/")[-1] for note in workbench.notes] == ["crm", "shop"]
        assert all("dw-sim recover" in note for note in workbench.notes)
        with pytest.raises(ConflictError, match="dw-sim recover"):
            workbench.create(schema_named("crm"))
    Workbench.recover(root)
    with Workbench(root) as workbench:
        assert workbench.notes == []
        assert workbench["shop"].query("from orders order by 1").frame.equals(expected)
        assert workbench["crm"].row_counts() == {"customers": 3, "orders": 3}
        assert [run.id for run in workbench["shop"].runs()] == [3, 2, 1]


def test_a_run_that_the_catalog_does_not_know_stays_and_its_number_is_not_given_again(root):
    with sqlite3.connect(root / "catalog.sqlite") as connection:
        connection.execute("delete from runs where id = 2")
        connection.execute("update experiments set next_run_id = 2")
    connection.close()
    part = root / "experiments/shop/runs/2/orders/part-00000.parquet"
    before = part.read_bytes()
    with Workbench(root) as workbench:
        assert "dw-sim recover" in workbench.notes[0]
        assert workbench["shop"].generate(rows=1, progress=lambda now: None).id == 3
    assert part.read_bytes() == before
    Workbench.recover(root)
    with Workbench(root) as workbench:
        assert workbench["shop"].load(2).row_counts == {"customers": 7, "orders": 7}
        assert workbench["shop"].loaded_run_id == 2


def test_a_missing_folder_of_a_known_experiment_is_reported_and_can_be_filled_again(root):
    shutil.rmtree(root / "experiments" / "shop")
    with Workbench(root) as workbench:
        assert "Load a run, or reset" in workbench.notes[0]
        workbench["shop"].generate(rows=4, seed=1, progress=lambda now: None)
        assert workbench["shop"].query("select count(*) from orders").frame.item() == 4


def test_another_programs_database_is_rejected_untouched(tmp_path):
    path = tmp_path / "catalog.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("create table experiments (experiment_id integer, name text)")
    connection.execute("create table runs (run_uuid text)")
    connection.commit()
    connection.close()
    before = contents(tmp_path)
    for opening in (Workbench, Workbench.recover):
        with pytest.raises(WorkbenchError, match="another program's database"):
            opening(tmp_path)
    assert contents(tmp_path) == before


def test_a_home_of_before_the_marks_gets_them_at_the_opening(root):
    home = Home(root)
    marks = [home.mark_path("shop"), home.run_mark_path("shop", 1), home.run_mark_path("shop", 2)]
    for path in marks:
        path.unlink()
    Workbench(root).close()
    assert all(path.is_file() for path in marks)
    lose_catalog(root)
    assert Workbench.recover(root)
