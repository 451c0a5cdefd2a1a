"""Renaming: folder, warehouse names, runs, versions and saved queries follow; a run at work refuses it."""

import copy

import pytest

import engine
from engine.errors import BusyError, ConflictError, DamagedError, NotFoundError, SchemaError, WorkbenchError
from tests.engine.conftest import SHOP


def quietly(progress: engine.RunProgress) -> None:
    pass


@pytest.fixture
def filled(shop):
    shop.generate(seed=1, progress=quietly)
    shop.queries.save("count", "select count(*) from shop__orders")
    shop.queries.save("plain", "select count(*) from orders")
    return shop


@pytest.mark.parametrize("name", ["store", "Shop", "SHOP", "customers", "main"])
def test_everything_follows_the_new_name(workbench, filled, name):
    expected = filled.query("from orders order by 1").frame
    runs = [run.id for run in filled.runs()]
    created_at = filled.created_at
    filled.rename(name)
    assert (filled.name, filled.schema.name, filled.created_at) == (name, name, created_at)
    assert [each.name for each in workbench.experiments()] == [name]
    folder = workbench._services.home.experiments_dir
    assert [path.name for path in folder.iterdir()] == [name.lower()]
    assert filled.query("from orders order by 1").frame.equals(expected)
    for sql in (f"from {name}__orders order by 1", f"from {name}.orders order by 1"):
        assert workbench.query(sql).frame.equals(expected), sql
    assert filled.audit().passed
    assert [run.id for run in filled.runs()] == runs and filled.load(1).experiment == name
    assert [query.name for query in filled.queries.saved()] == ["count", "plain"]
    assert filled.queries.naming("shop") == ["count"]
    assert filled.generate(seed=2, progress=quietly).id == 2
    with engine.Workbench(workbench.settings.home) as again:
        assert again.notes == []
    if name.lower() != "shop":
        with pytest.raises(NotFoundError):
            workbench["shop"]
        with pytest.raises(WorkbenchError):
            workbench.query("from shop__orders")
        assert workbench.create(SHOP).row_counts() == {"customers": 0, "orders": 0}


def test_a_name_of_a_warehouse_schema_can_be_taken_and_given_back(workbench):
    data = copy.deepcopy(SHOP)
    for table in data["tables"]:
        table["schema_name"] = "sales"
    data["tables"][1]["columns"][1]["foreign_key"]["references_table"] = "sales.customers"
    shop = workbench.create(data)
    shop.generate(seed=1, progress=quietly)
    for name in ("sales", "eu", "shop"):
        shop.rename(name)
        assert workbench.query(f"select count(*) from {name}__sales__orders").frame.item() == 50
        assert shop.query("select count(*) from sales.orders").frame.item() == 50


def test_empty_tables_and_versions_follow(workbench, shop):
    data = copy.deepcopy(SHOP)
    data["tables"][1]["columns"].append({"name": "fee", "data_type": "INT"})
    shop.update(data)
    shop.rename("store")
    assert workbench.query("select count(fee) from store__orders").frame.item() == 0
    assert [each.number for each in shop.versions()] == [2, 1]
    assert shop.version_schema(1).name == "store"
    assert shop.revert(1).version == 3


def test_the_same_name_changes_nothing(filled):
    filled.rename("shop")
    assert filled.loaded_run_id == 1


@pytest.mark.parametrize("name", ["", "select", "a b", "../x", "a\0b", "x" * 300, "temp"])
def test_a_text_that_is_no_name_is_refused(workbench, filled, name):
    with pytest.raises(WorkbenchError):
        filled.rename(name)
    assert [each.name for each in workbench.experiments()] == ["shop"]


def test_a_bad_name_is_told_as_at_creation(shop):
    with pytest.raises(SchemaError, match="reserved word"):
        shop.rename("select")


def test_a_taken_name_is_refused(workbench, filled):
    workbench.create(SHOP, name="other")
    with pytest.raises(ConflictError, match='There is already an experiment "other"'):
        filled.rename("OTHER")
    assert filled.query("select count(*) from shop__orders").frame.item() == 50


def test_a_run_at_work_refuses_it(busy):
    with pytest.raises(BusyError, match="generating data"):
        busy.rename("store")
    assert busy.name == "shop"


def test_a_missing_warehouse_file_refuses_it_and_nothing_is_changed(workbench, filled):
    (path,) = workbench._services.home.warehouse_files("shop").values()
    path.unlink()
    with pytest.raises(DamagedError, match="missing"):
        filled.rename("store")
    assert [each.name for each in workbench._services.home.experiments_dir.iterdir()] == ["shop"]
    filled.load(1)
    filled.rename("store")
    assert filled.audit().passed


def test_files_of_others_in_the_folder_move_along(workbench, filled):
    home = workbench._services.home
    (home.experiment_dir("shop") / "notes.txt").write_text("mine")
    filled.rename("store")
    assert (home.experiment_dir("store") / "notes.txt").read_text() == "mine"
    assert not home.experiment_dir("shop").exists()
