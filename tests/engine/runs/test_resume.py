"""Resuming: whatever a run has lost is made again, and the data is that of an uninterrupted run."""

import shutil
import sqlite3

import polars as pl
import pytest

import engine
from engine.errors import BusyError, CancelledError, ConflictError, LoadError, NotFoundError
from engine.settings import Settings
from tests.engine.conftest import ENDLESS

SHOP = {
    "name": "shop",
    "tables": [
        {
            "name": "customers",
            "target_rows": 95,
            "columns": [
                {"name": "customer_id", "data_type": "INT", "is_unique": True},
                {"name": "email", "data_type": "VARCHAR(60)", "is_unique": True, "faker_rule": "email"},
            ],
        },
        {
            "name": "orders",
            "target_rows": 250,
            "columns": [
                {"name": "order_id", "data_type": "INT", "is_unique": True},
                {
                    "name": "customer_id",
                    "data_type": "INT",
                    "foreign_key": {"references_table": "customers", "references_column": "customer_id"},
                },
                {"name": "amount", "data_type": "DECIMAL(8,2)", "required": False},
            ],
        },
    ],
}


def workbench_of(home, chunk_rows=20):
    return engine.Workbench(settings=Settings(home=home, chunk_rows=chunk_rows, threads=1))


@pytest.fixture
def shop(home):
    with workbench_of(home) as workbench:
        yield workbench.create(SHOP)


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """The tables of an uninterrupted run."""
    with workbench_of(tmp_path_factory.mktemp("whole")) as workbench:
        whole = workbench.create(SHOP)
        whole.generate(seed=5)
        return tables(whole)


def tables(experiment):
    return {
        table.key: experiment.query(f"select * from {table.key} order by 1").frame for table in experiment.schema.tables
    }


def same(found, expected):
    return all(found[key].equals(expected[key]) for key in expected)


def interrupted(experiment, after_rows, **options):
    """Start a run with seed 5 and cancel it when it has made so many rows."""

    def cancel(progress):
        if progress.rows_done >= after_rows:
            experiment.cancel(progress.run_id)

    with pytest.raises(CancelledError):
        experiment.generate(seed=5, progress=cancel, **options)
    return experiment.runs()[0]


def quietly(progress):
    pass


def parts(home, run_id, table):
    return sorted((home / "experiments/shop/runs" / str(run_id) / table).glob("part-*"))


def stamps(files):
    return {file.name: file.stat().st_mtime_ns for file in files}


@pytest.mark.parametrize("after_rows", [0, 20, 95, 120, 340, 345])
def test_the_data_is_that_of_an_uninterrupted_run(shop, expected, after_rows):
    run = interrupted(shop, after_rows)
    resumed = shop.resume(run.id, progress=quietly)
    assert (resumed.id, resumed.status, resumed.seed) == (1, "COMPLETED", 5)
    assert resumed.row_counts == {"customers": 95, "orders": 250}
    assert (resumed.error, resumed.traceback, resumed.is_loaded) == (None, None, True)
    assert same(tables(shop), expected)


def test_the_earlier_end_becomes_a_note(shop):
    run = interrupted(shop, 100)
    (note,) = shop.resume(run.id, progress=quietly).notes
    assert note.startswith("Resumed after it was ABORTED at 2")
    assert note.endswith("UTC: The run was cancelled.")


def test_written_chunks_are_kept(shop, home):
    run = interrupted(shop, 140)
    before = stamps(parts(home, run.id, "customers")) | {}
    orders = stamps(parts(home, run.id, "orders"))
    shop.resume(run.id, progress=quietly)
    assert stamps(parts(home, run.id, "customers")) == before
    assert len(orders) == 3
    assert stamps(parts(home, run.id, "orders")).items() >= orders.items()


@pytest.mark.parametrize("chunk_rows", [7, 10, 30, 50, 95, 1000])
def test_another_chunk_size_makes_the_same_data(shop, home, expected, chunk_rows):
    run = interrupted(shop, 300)
    with workbench_of(home, chunk_rows) as workbench:
        resumed = workbench["shop"]
        resumed.resume(run.id, progress=quietly)
        assert same(tables(resumed), expected)
        assert len(parts(home, run.id, "orders")) == -(-250 // chunk_rows)
        resumed.reset()
        resumed.load(run.id)
        assert same(tables(resumed), expected)


def test_a_last_part_with_the_length_of_another_chunk_is_generated_again(home, expected):
    """With chunks of 100, orders ends in a part of 50 rows; with chunks of 50, part 2 is other 50 rows."""
    with workbench_of(home, 100) as workbench:
        run = interrupted(workbench.create(SHOP), 345)
        assert len(parts(home, run.id, "orders")) == 3
    with workbench_of(home, 50) as workbench:
        workbench["shop"].resume(run.id, progress=quietly)
        assert same(tables(workbench["shop"]), expected)


def damage(file):
    data = bytearray(file.read_bytes())
    data[len(data) // 3] ^= 1
    file.write_bytes(data)


@pytest.mark.parametrize("harm", [damage, lambda file: file.unlink(), lambda file: file.write_bytes(b"PAR1")])
def test_a_damaged_or_missing_part_is_generated_again(shop, home, expected, harm):
    run = interrupted(shop, 200)
    harm(parts(home, run.id, "orders")[1])
    shop.resume(run.id, progress=quietly)
    assert same(tables(shop), expected)


def test_all_files_gone(shop, home, expected):
    run = interrupted(shop, 200)
    shutil.rmtree(home / "experiments/shop/runs" / str(run.id))
    shop.resume(run.id, progress=quietly)
    assert same(tables(shop), expected)


def test_an_unrecorded_part_is_generated_again(shop, home, expected):
    """Such as one whose note a power failure took."""
    run = interrupted(shop, 200)
    file = parts(home, run.id, "orders")[0]
    pl.read_parquet(file).reverse().write_parquet(file)
    with sqlite3.connect(home / "catalog.sqlite") as connection:
        connection.execute("delete from parts where table_key = 'orders' and number = 0")
    connection.close()
    shop.resume(run.id, progress=quietly)
    assert same(tables(shop), expected)


def test_not_loading_and_the_output_folder_are_kept(shop, tmp_path):
    folder = tmp_path / "out"
    run = interrupted(shop, 200, load=False, output_dir=folder)
    resumed = shop.resume(run.id, progress=quietly)
    assert (resumed.status, resumed.is_loaded, resumed.output_dir) == ("COMPLETED", False, str(folder))
    assert pl.read_parquet(folder / "orders").height == 250
    assert shop.load().row_counts["orders"] == 250


def test_a_run_can_be_interrupted_again(shop, expected):
    run = interrupted(shop, 60)

    def cancel(progress):
        if progress.rows_done >= 200:
            shop.cancel()

    with pytest.raises(CancelledError):
        shop.resume(run.id, progress=cancel)
    assert shop.run(run.id).status == "ABORTED"
    assert shop.run(run.id).row_counts == {"customers": 95, "orders": 120}
    resumed = shop.resume(run.id, progress=quietly)
    assert len(resumed.notes) == 2
    assert same(tables(shop), expected)


def test_in_the_background(shop, expected):
    run = interrupted(shop, 60)
    started = shop.start_resume(run.id)
    assert (started.id, started.status, started.finished_at) == (run.id, "RUNNING", None)
    shop._services.jobs.wait("shop/1")
    assert shop.run(run.id).status == "COMPLETED"
    assert same(tables(shop), expected)


def test_progress_counts_what_was_kept(shop):
    run = interrupted(shop, 200)
    seen = []
    shop.resume(run.id, progress=seen.append)
    assert [progress.rows_done for progress in seen] == sorted(progress.rows_done for progress in seen)
    assert seen[-1].rows_done == 345


def test_what_cannot_be_resumed(shop):
    shop.generate(seed=5)
    with pytest.raises(ConflictError, match="COMPLETED: there is nothing to resume"):
        shop.resume(1)
    with pytest.raises(NotFoundError, match="no run 7"):
        shop.resume(7)


def test_a_running_run(shop):
    shop.start({"customers": 10, "orders": ENDLESS}, load=False)
    with pytest.raises(ConflictError, match="still RUNNING"):
        shop.resume(1)
    shop.cancel(1)
    shop._services.jobs.wait("shop/1")


def test_not_while_another_change_is_under_way(shop):
    run = interrupted(shop, 60)
    shop.start({"customers": 10, "orders": ENDLESS}, load=False)
    with pytest.raises(BusyError, match="generating data"):
        shop.resume(run.id)
    shop.cancel(2)
    shop._services.jobs.wait("shop/2")


def test_a_run_of_an_earlier_version_reports_it(shop, home):
    run = interrupted(shop, 60)
    with sqlite3.connect(home / "catalog.sqlite") as connection:
        connection.execute("update runs set requested_rows = '{}'")
    connection.close()
    with pytest.raises(ConflictError, match="earlier version") as caught:
        shop.resume(run.id)
    assert "seed 5" in caught.value.hint


@pytest.mark.parametrize("position", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_flipped_bit_is_found_at_the_load(shop, home, position):
    shop.generate(seed=5)
    file = parts(home, 1, "orders")[4]
    data = bytearray(file.read_bytes())
    data[int(len(data) * position)] ^= 4
    file.write_bytes(data)
    with pytest.raises(LoadError, match="damaged") as caught:
        shop.load()
    assert caught.value.where == f"orders ({file})"
    assert "seed 5" in caught.value.hint
    assert shop.row_counts()["orders"] == 250


def test_a_missing_part_is_found_at_the_load(shop, home):
    shop.generate(seed=5)
    parts(home, 1, "orders")[12].unlink()
    with pytest.raises(LoadError, match="missing") as caught:
        shop.load()
    assert caught.value.where == "orders (part-00012.parquet)"
