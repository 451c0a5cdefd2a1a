"""Loading by hand: which run, what it replaces, and what keeps it from being loaded."""

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

import engine
from engine.errors import ConflictError, DamagedError, LoadError


@pytest.fixture
def parts(home: Path) -> Path:
    """The folder of the orders of run 1."""
    return home / "experiments" / "shop" / "runs" / "1" / "orders"


def total(shop: engine.Experiment) -> object:
    return shop.query("select sum(amount) from orders").records()[0][0]


def test_the_newest_completed_run_is_loaded_by_default(shop: engine.Experiment):
    shop.generate(rows=5, seed=1, load=False)
    shop.generate(rows=6, seed=2, load=False)

    result = shop.load()

    assert (result.experiment, result.run_id) == ("shop", 2)
    assert (result.loaded_tables, result.row_counts) == (["customers", "orders"], {"customers": 6, "orders": 6})
    assert shop.row_counts() == {"customers": 6, "orders": 6}
    assert [run.is_loaded for run in shop.runs()] == [True, False]


def test_a_load_replaces_what_was_there(shop: engine.Experiment):
    shop.generate(seed=1)
    first = total(shop)
    shop.generate(seed=2)
    assert total(shop) != first

    shop.load(1)

    assert total(shop) == first
    assert shop.loaded_run_id == 1


def test_reset_empties_the_tables_and_keeps_the_runs(shop: engine.Experiment):
    shop.generate(seed=1)

    result = shop.reset()

    assert (result.run_id, result.row_counts) == (None, {"customers": 0, "orders": 0})
    assert shop.query("select count(*) from orders").records() == [(0,)]
    assert (shop.loaded_run_id, [run.is_loaded for run in shop.runs()]) == (None, [False])
    assert shop.load().row_counts == {"customers": 20, "orders": 50}


def test_without_a_completed_run_there_is_nothing_to_load(shop: engine.Experiment):
    with pytest.raises(ConflictError, match="no completed run"):
        shop.load()


def test_a_run_that_did_not_complete_is_not_loaded(home: Path, shop: engine.Experiment):
    def stop(progress: engine.RunProgress) -> None:
        raise RuntimeError("stop")

    with pytest.raises(engine.WorkbenchError):
        shop.generate(progress=stop)

    with pytest.raises(ConflictError, match="FAILED"):
        shop.load(1)
    with pytest.raises(ConflictError, match="no completed run"):
        shop.load()


def refused(shop: engine.Experiment) -> LoadError:
    """Load run 1, which must fail and leave run 2 loaded."""
    before = total(shop)
    with pytest.raises(LoadError) as caught:
        shop.load(1)
    assert (total(shop), shop.loaded_run_id) == (before, 2)
    return caught.value


@pytest.fixture
def loaded(shop: engine.Experiment) -> engine.Experiment:
    """An experiment with two completed runs, the second of them loaded."""
    shop.generate(seed=1)
    shop.generate(seed=2)
    return shop


def test_missing_files_are_named(loaded: engine.Experiment, parts: Path):
    for part in parts.iterdir():
        part.unlink()

    error = refused(loaded)

    assert "missing" in error.message
    assert "orders" in error.message


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda frame: frame.head(49), id="a row is lost"),
        pytest.param(lambda frame: frame.rename({"amount": "price"}), id="a column is renamed"),
        pytest.param(lambda frame: frame.cast({"amount": pl.String}), id="a type is changed"),
    ],
)
def test_a_file_that_was_changed_is_named(
    loaded: engine.Experiment, parts: Path, change: Callable[[pl.DataFrame], pl.DataFrame]
):
    part = parts / "part-00000.parquet"
    change(pl.read_parquet(part)).write_parquet(part)

    error = refused(loaded)

    assert "damaged" in error.message
    assert str(part) in error.where


def test_a_file_that_was_cut_short_is_named(loaded: engine.Experiment, parts: Path):
    part = parts / "part-00000.parquet"
    part.write_bytes(part.read_bytes()[:200])

    error = refused(loaded)

    assert "damaged" in error.message
    assert str(part) in error.where


def test_old_warehouse_files_are_swept(loaded: engine.Experiment, home: Path):
    loaded.reset()

    assert len(list((home / "experiments" / "shop").glob("warehouse-*.duckdb"))) == 1


def test_the_warehouse_file_of_another_experiment_is_reported(loaded: engine.Experiment, home: Path):
    with engine.Workbench(home) as workbench:
        workbench.create(loaded.schema, name="other")
        folder = home / "experiments"
        (mine,) = (folder / loaded.name.lower()).glob("warehouse-*.duckdb")
        (its,) = (folder / "other").glob("warehouse-*.duckdb")
        shutil.copy(its, mine)
        with pytest.raises(DamagedError, match="is a different database") as caught:
            workbench[loaded.name].query("select 1")
        assert caught.value.where == str(mine)
        assert "Load a completed run" in caught.value.hint
        workbench["other"].query("select 1")
