"""Runs: how they start, how they end, and what is left of them."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

import engine
from engine.errors import BusyError, CancelledError, ConflictError, GenerationError, LoadError, NotFoundError, RuleError
from tests.engine.conftest import ENDLESS, SHOP, until


def test_a_run_makes_and_loads_the_rows_asked_for(shop: engine.Experiment):
    run = shop.generate(rows={"orders": 123}, seed=42)

    assert (run.id, run.experiment, run.status, run.seed) == (1, "shop", "COMPLETED", 42)
    assert run.row_counts == {"customers": 20, "orders": 123}
    assert (run.is_loaded, run.error, run.traceback, run.output_dir) == (True, None, None, None)
    assert run.finished_at is not None
    assert run.finished_at - run.started_at < timedelta(minutes=1)
    assert shop.row_counts() == {"customers": 20, "orders": 123}
    assert shop.loaded_run_id == 1
    assert shop.query("select count(*) from orders").records() == [(123,)]


def test_the_preview_is_what_the_run_makes(shop: engine.Experiment):
    counts = {"customers": 7, "orders": 90}
    foreseen = shop.preview("orders", 90, seed=42, counts=counts)

    shop.generate(counts, seed=42)

    loaded = shop.query("select * from orders").frame
    assert loaded.equals(foreseen.cast(loaded.schema))
    assert loaded.columns == ["order_id", "customer_id", "amount"]


def test_a_preview_writes_nothing(shop: engine.Experiment, home: Path):
    before = sorted(home.rglob("*"))

    assert shop.preview("Customers", 3, offset=10).columns == ["customer_id", "City"]
    assert sorted(home.rglob("*")) == before


def test_runs_are_numbered_and_listed_newest_first(shop: engine.Experiment):
    for seed in (5, 6, 7):
        shop.generate(rows=1, seed=seed)

    assert [(run.id, run.seed, run.is_loaded) for run in shop.runs()] == [(3, 7, True), (2, 6, False), (1, 5, False)]
    assert shop.run(2).seed == 6


@pytest.mark.parametrize("run_id", [0, 2, -1, 10**30])
def test_an_unknown_run_is_not_found(shop: engine.Experiment, run_id: int):
    shop.generate(rows=1)

    for ask in (shop.run, shop.load, shop.cancel, shop.progress):
        with pytest.raises(NotFoundError):
            ask(run_id)


def test_a_made_seed_is_recorded_and_makes_the_same_data_again(shop: engine.Experiment):
    first = shop.generate()
    values = shop.query("select * from orders").frame

    second = shop.generate(seed=first.seed)

    assert second.seed == first.seed
    assert shop.query("select * from orders").frame.equals(values)
    assert shop.generate().seed != first.seed


@pytest.mark.parametrize("rows", [0, 1])
def test_no_rows_and_one_row_can_be_made(shop: engine.Experiment, rows: int):
    shop.generate(rows=rows)

    assert shop.row_counts() == {"customers": rows, "orders": rows}


def test_data_may_stay_unloaded(shop: engine.Experiment):
    run = shop.generate(load=False)

    assert (run.status, run.is_loaded) == ("COMPLETED", False)
    assert shop.row_counts() == {"customers": 0, "orders": 0}


def test_the_files_may_go_elsewhere(shop: engine.Experiment, tmp_path: Path):
    run = shop.generate(rows=5, output_dir=tmp_path / "out")

    assert run.output_dir == str(tmp_path / "out")
    assert pl.read_parquet(tmp_path / "out" / "orders" / "*.parquet").height == 5
    assert shop.load(run.id).row_counts == {"customers": 5, "orders": 5}


def test_files_of_others_are_not_overwritten(shop: engine.Experiment, tmp_path: Path):
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(GenerationError, match="not empty") as caught:
        shop.generate(output_dir=tmp_path)

    assert caught.value.where == str(tmp_path)
    with pytest.raises(GenerationError, match="is a file"):
        shop.generate(output_dir=tmp_path / "notes.txt")
    assert shop.runs() == []


@pytest.mark.parametrize("run_id", ["1", 1.0, True, [1]])
def test_a_run_is_named_by_a_whole_number(shop: engine.Experiment, run_id):
    for ask in (shop.run, shop.load, shop.cancel, shop.resume, shop.delete_run):
        with pytest.raises(NotFoundError, match="is not the number of a run"):
            ask(run_id)


@pytest.mark.parametrize(
    ("rows", "seed", "said"),
    [
        (-1, None, "-1 is not a number of rows"),
        ({"orders": -5}, None, "-5 is not a number of rows"),
        ({"ordrs": 5}, None, 'Did you mean "orders"?'),
        ({1: 5}, None, "1 is not the name of a table"),
        (None, -1, "-1 is not a seed"),
        (None, 2**63, "is not a seed"),
        ({"customers": 0}, None, "has no rows"),
    ],
)
def test_bad_input_leaves_no_run(shop: engine.Experiment, rows: object, seed: int | None, said: str):
    for begin in (shop.generate, shop.start):
        with pytest.raises((GenerationError, RuleError)) as caught:
            begin(rows, seed=seed)
        assert said in str(caught.value)

    assert shop.runs() == []


def test_progress_is_reported_table_by_table(home: Path):
    told: list[engine.RunProgress] = []
    shop = engine.Workbench(settings=engine.Settings(home, chunk_rows=20)).create(SHOP)

    run = shop.generate(seed=1, progress=told.append)

    assert [(told_now.rows_done, told_now.phase) for told_now in told] == [
        (20, "generating"),
        (40, "generating"),
        (60, "generating"),
        (70, "generating"),
        (70, "loading"),
        (70, "loading"),
        (70, "loading"),
        (70, "done"),
    ]
    fractions = [now.fraction for now in told]
    assert 0 < fractions[0] < fractions[3] < fractions[-2] == fractions[-1] == 1
    assert fractions == sorted(fractions)
    assert (told[-1].status, told[-1].fraction) == ("COMPLETED", 1.0)
    orders = told[1].tables[1]
    assert (orders.table, orders.rows_done, orders.rows_total) == ("orders", 20, 50)
    assert orders.rows_per_second > 0
    assert orders.seconds_left is not None
    assert shop.progress(run.id) == told[-1]
    assert shop.progress() is None


def test_a_listener_that_fails_fails_the_run(shop: engine.Experiment):
    def listener(progress: engine.RunProgress) -> None:
        raise ZeroDivisionError("no bar")

    with pytest.raises(GenerationError, match="ZeroDivisionError: no bar"):
        shop.generate(progress=listener)

    (run,) = shop.runs()
    assert (run.status, run.error) == ("FAILED", "ZeroDivisionError: no bar")
    assert "Traceback (most recent call last)" in str(run.traceback)
    assert "in listener" in str(run.traceback)


def test_a_run_in_the_background(shop: engine.Experiment):
    run = shop.start(rows=30, seed=3)
    assert run.status == "RUNNING"
    assert run.row_counts == {"customers": 30, "orders": 30}

    until(lambda: shop.run(1).finished_at is not None)

    assert shop.run(1).status == "COMPLETED"
    assert shop.row_counts() == {"customers": 30, "orders": 30}


def test_every_other_change_waits_for_a_run(workbench: engine.Workbench, busy: engine.Experiment):
    changes = (busy.generate, busy.start, busy.load, busy.reset, lambda: workbench.delete("shop"))
    for change in changes:
        with pytest.raises(BusyError, match=r"generating data .*since") as caught:
            change()
        assert "cancel run 1" in caught.value.hint

    assert [run.status for run in busy.runs()] == ["RUNNING"]


def test_reading_continues_during_a_run(workbench: engine.Workbench, busy: engine.Experiment):
    assert workbench.query("select count(*) from shop__orders").records() == [(0,)]
    assert busy.preview("orders", 2).height == 2
    progress = busy.progress()
    assert progress is not None
    assert (progress.run_id, progress.status, progress.rows_total) == (1, "RUNNING", ENDLESS + 20)


def test_a_cancelled_run_is_aborted(busy: engine.Experiment):
    assert busy.cancel().id == 1
    busy.cancel(1)
    until(lambda: busy.run(1).finished_at is not None)

    run = busy.run(1)
    assert (run.status, run.error, run.is_loaded) == ("ABORTED", "The run was cancelled.", False)
    assert 0 <= run.row_counts["orders"] < ENDLESS
    assert busy.cancel(1) == run
    with pytest.raises(ConflictError, match="No run"):
        busy.cancel()


def test_the_caller_hears_of_a_cancelled_run(home: Path):
    shop = engine.Workbench(settings=engine.Settings(home, chunk_rows=10)).create(SHOP)

    with pytest.raises(CancelledError):
        shop.generate(progress=lambda told: shop.cancel(told.run_id) and None)

    (run,) = shop.runs()
    assert (run.status, run.row_counts) == ("ABORTED", {"customers": 10, "orders": 0})
    assert shop.generate().status == "COMPLETED"


def test_a_failed_load_fails_the_run_and_keeps_the_data_before(
    shop: engine.Experiment, monkeypatch: pytest.MonkeyPatch
):
    shop.generate(seed=1)
    before = shop.query("select * from orders").frame

    def failing(*args: object, **options: object) -> None:
        raise LoadError("The disk is full.", where="orders")

    with monkeypatch.context() as patch:
        patch.setattr("engine.runs.loading.build_warehouse", failing)
        with pytest.raises(LoadError, match="disk is full"):
            shop.generate(seed=2)

    run = shop.run(2)
    assert (run.status, run.is_loaded) == ("FAILED", False)
    assert run.error == "The data could not be loaded: orders: The disk is full."
    assert shop.query("select * from orders").frame.equals(before)
    assert shop.loaded_run_id == 1


@pytest.mark.parametrize("end", ["COMPLETED", "FAILED", "ABORTED"])
@pytest.mark.parametrize("change", ["reset", "delete_run", "generate", "delete"])
def test_whoever_hears_that_a_run_has_ended_may_change_the_experiment(home: Path, end: str, change: str):
    changed = []

    def change_at_the_end(progress: engine.RunProgress) -> None:
        if progress.status == "RUNNING":
            if end == "ABORTED":
                other["shop"].cancel()
            elif end == "FAILED":
                raise RuntimeError("no")
            return
        assert progress.status == end
        if change == "delete_run":
            other["shop"].reset()
            other["shop"].delete_run(1)
        elif change == "delete":
            other.delete("shop")
        else:
            getattr(other["shop"], change)()
        changed.append(change)

    with engine.Workbench(home) as own, engine.Workbench(home) as other:
        shop = own.create(SHOP)
        with suppress(engine.WorkbenchError):
            shop.generate(5, progress=change_at_the_end)
    assert changed == [change]


@pytest.mark.parametrize("change", ["reset", "load", "start"])
def test_a_change_right_after_a_run_has_ended_is_not_rejected(shop: engine.Experiment, home: Path, change: str):
    with engine.Workbench(home) as other:
        seen = other["shop"]
        for _ in range(4):
            run = shop.start(5)
            while seen.run(run.id).status == "RUNNING":
                pass
            getattr(seen, change)()
            until(lambda: seen.runs()[0].status != "RUNNING")
