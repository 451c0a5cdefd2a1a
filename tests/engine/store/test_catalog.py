import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC

import pytest

from engine.errors import BusyError, ConflictError, DamagedError, NotFoundError, WorkbenchError
from engine.store.catalog import Catalog
from engine.store.records import RunStatus
from tests.engine.store.conftest import schema_named

COUNTS = {"customers": 10, "orders": 30}


def test_a_new_experiment_is_found_regardless_of_case(catalog, shop):
    found = catalog.experiment("SHOP")
    assert found == shop
    assert found.schema == schema_named("shop")
    assert found.created_at.tzinfo == UTC
    assert (found.load_id, found.loaded_run_id) == (None, None)
    assert found.row_counts == {"customers": 0, "orders": 0}


def test_a_name_is_taken_regardless_of_case(catalog, shop):
    with pytest.raises(ConflictError, match='already an experiment "shop"'):
        catalog.create_experiment(schema_named("Shop"))


def test_an_unknown_experiment_names_the_nearest(catalog, shop):
    with pytest.raises(NotFoundError, match=r'no experiment "shpo"\. Did you mean "shop"'):
        catalog.experiment("shpo")
    with pytest.raises(NotFoundError, match="The experiments are: shop"):
        catalog.experiment("warehouse")


def test_a_schema_of_another_version_is_rejected_with_a_message(home, catalog, shop):
    with closing(sqlite3.connect(home.catalog_path)) as connection, connection:
        connection.execute("""update experiments set schema = '{"name": "shop", "shape": 3, "tables": []}'""")
    with pytest.raises(WorkbenchError, match="its schema cannot be read"):
        catalog.experiment("shop")


def test_an_unknown_experiment_in_an_empty_catalog(catalog):
    with pytest.raises(NotFoundError, match="Create an experiment first"):
        catalog.experiment("shop")


def test_experiments_are_sorted_by_name(catalog):
    for name in ("b", "C", "a"):
        catalog.create_experiment(schema_named(name))
    assert [record.name for record in catalog.experiments()] == ["a", "b", "C"]


def test_delete_removes_experiment_and_runs(catalog, shop):
    catalog.start_run("shop", 1, COUNTS)
    catalog.delete_experiment("Shop")
    assert catalog.experiments() == []
    with pytest.raises(NotFoundError):
        catalog.delete_experiment("shop")
    catalog.create_experiment(schema_named("shop"))
    assert catalog.runs("shop") == []


def test_runs_count_from_one_in_each_experiment(catalog, shop):
    catalog.create_experiment(schema_named("crm"))
    for name in ("shop", "crm"):
        assert catalog.start_run(name, 1, COUNTS).id == 1
    catalog.finish_run("shop", 1, RunStatus.COMPLETED)
    assert catalog.start_run("shop", 1, COUNTS).id == 2


def test_a_started_run(catalog, shop, tmp_path):
    run = catalog.start_run("SHOP", 2**64 - 1, COUNTS, tmp_path)
    assert run == catalog.run("shop", 1)
    assert (run.experiment, run.status, run.seed) == ("shop", RunStatus.RUNNING, 2**64 - 1)
    assert (run.row_counts, run.output_dir) == (COUNTS, str(tmp_path))
    assert (run.finished_at, run.seconds, run.error, run.is_loaded, run.notes) == (None, None, None, False, ())


def test_a_second_run_is_rejected_while_one_is_running(catalog, shop):
    catalog.start_run("shop", 1, COUNTS)
    with pytest.raises(BusyError):
        catalog.start_run("shop", 2, COUNTS)
    assert len(catalog.runs("shop")) == 1


def test_a_failed_run_keeps_its_story(catalog, shop):
    catalog.start_run("shop", 1, COUNTS)
    run = catalog.finish_run(
        "shop", 1, RunStatus.FAILED, {"customers": 4, "orders": 0}, "broke", "Traceback ...", ["a note"]
    )
    assert run == catalog.run("shop", 1)
    assert (run.status, run.error, run.traceback) == (RunStatus.FAILED, "broke", "Traceback ...")
    assert (run.row_counts, run.notes) == ({"customers": 4, "orders": 0}, ("a note",))
    assert run.seconds >= 0


def test_a_run_ends_once(catalog, shop):
    catalog.start_run("shop", 1, COUNTS)
    catalog.finish_run("shop", 1, RunStatus.ABORTED)
    with pytest.raises(ConflictError, match="ended already: ABORTED"):
        catalog.finish_run("shop", 1, RunStatus.COMPLETED)


def test_a_run_that_ends_loaded_moves_the_pointer_with_it(catalog, shop):
    catalog.start_run("shop", 1, COUNTS)
    assert catalog.finish_run("shop", 1, RunStatus.COMPLETED, COUNTS, load_id=5).is_loaded
    found = catalog.experiment("shop")
    assert (found.load_id, found.loaded_run_id, found.row_counts) == (5, 1, COUNTS)


def test_the_pointer_moves_to_empty_tables(catalog, shop):
    catalog.start_run("shop", 1, COUNTS)
    catalog.finish_run("shop", 1, RunStatus.COMPLETED, load_id=1)
    catalog.set_warehouse("shop", 2, None, {})
    found = catalog.experiment("shop")
    assert (found.load_id, found.loaded_run_id, found.row_counts) == (2, None, {"customers": 0, "orders": 0})
    assert not catalog.run("shop", 1).is_loaded


def test_load_ids_are_never_given_twice(catalog, shop):
    assert [catalog.next_load_id("shop") for _ in range(3)] == [1, 2, 3]


def test_runs_come_newest_first(catalog, shop):
    for _ in range(3):
        run = catalog.start_run("shop", 1, COUNTS)
        catalog.finish_run("shop", run.id, RunStatus.COMPLETED)
    assert [run.id for run in catalog.runs("shop")] == [3, 2, 1]


def test_an_unknown_run_says_which_there_are(catalog, shop):
    with pytest.raises(NotFoundError, match="no runs yet"):
        catalog.run("shop", 1)
    catalog.start_run("shop", 1, COUNTS)
    with pytest.raises(NotFoundError, match=r'no run 9 of "shop"\. Its only run is 1'):
        catalog.run("shop", 9)


def test_a_cancel_is_seen_and_harmless_twice(catalog, shop):
    catalog.start_run("shop", 1, COUNTS)
    assert not catalog.is_cancel_requested("shop", 1)
    for _ in range(2):
        assert catalog.request_cancel("shop", 1).status is RunStatus.RUNNING
    assert catalog.is_cancel_requested("shop", 1)


def test_a_cancel_of_a_run_that_has_ended_changes_nothing(catalog, shop):
    catalog.start_run("shop", 1, COUNTS)
    ended = catalog.finish_run("shop", 1, RunStatus.COMPLETED)
    assert catalog.request_cancel("shop", 1) == ended
    assert not catalog.is_cancel_requested("shop", 1)


def test_progress_before_the_first_note(catalog, shop):
    catalog.start_run("shop", 1, COUNTS)
    progress = catalog.progress("shop", 1)
    assert (progress.phase, progress.rows_done, progress.rows_total, progress.fraction) == ("waiting", 0, 40, 0)
    assert (progress.rows_per_second, progress.seconds_left) == (0, None)


def test_progress_of_a_running_run(catalog, shop):
    catalog.start_run("shop", 1, COUNTS)
    catalog.set_progress("shop", 1, "generating", {"customers": (10, 10, 0.5), "orders": (5, 30, 0.25)})
    progress = catalog.progress("shop", 1)
    customers, orders = progress.tables
    assert (customers.table, customers.rows_per_second, customers.seconds_left) == ("customers", 20, 0)
    assert (orders.rows_done, orders.rows_total, orders.rows_per_second, orders.seconds_left) == (5, 30, 20, 1.25)
    assert (progress.rows_done, progress.rows_total, progress.fraction) == (15, 40, 15 / 40)
    assert progress.seconds_left == pytest.approx(25 / progress.rows_per_second)


def test_progress_of_a_completed_run_is_whole(catalog, shop):
    catalog.start_run("shop", 1, COUNTS)
    catalog.set_progress("shop", 1, "loading", {"customers": (10, 10, 0.5), "orders": (30, 30, 0.25)})
    catalog.finish_run("shop", 1, RunStatus.COMPLETED, COUNTS)
    progress = catalog.progress("shop", 1)
    assert (progress.status, progress.phase, progress.fraction) == (RunStatus.COMPLETED, "done", 1)
    assert (progress.rows_done, progress.seconds_left) == (40, 0)


def test_progress_of_no_rows_is_whole_at_its_end(catalog, shop):
    catalog.start_run("shop", 1, {"customers": 0, "orders": 0})
    assert catalog.progress("shop", 1).fraction == 0
    catalog.finish_run("shop", 1, RunStatus.COMPLETED)
    progress = catalog.progress("shop", 1)
    assert [each.fraction for each in (progress, *progress.tables, *progress.phases)] == [1] * 6


def test_an_orphan_is_aborted(catalog, shop):
    catalog.start_run("shop", 1, COUNTS)
    (run,) = catalog.abort_orphans("shop", lambda: False)
    assert (run.status, run.error) == (RunStatus.ABORTED, "Its process ended before the run did.")
    assert catalog.abort_orphans("shop", lambda: False) == []


def test_a_run_whose_lock_is_held_is_no_orphan(catalog, shop):
    catalog.start_run("shop", 1, COUNTS)
    assert catalog.abort_orphans("shop", lambda: True) == []
    assert catalog.run("shop", 1).status is RunStatus.RUNNING


def test_another_process_sees_the_same(catalog, shop, home):
    code = (
        "import sys; from pathlib import Path; from engine.store.catalog import Catalog\n"
        "catalog = Catalog(Path(sys.argv[1])); print(catalog.start_run('shop', 3, {'customers': 1}).id)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(home.catalog_path)], check=True, capture_output=True, text=True
    )
    assert done.stdout == "1\n"
    assert catalog.run("shop", 1).seed == 3


def test_many_threads_write_at_once(catalog, shop):
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: catalog.next_load_id("shop"), range(80)))
    assert sorted(ids) == list(range(1, 81))


def test_of_many_threads_one_creates(catalog):
    barrier = threading.Barrier(8)

    def create(_):
        barrier.wait()
        try:
            catalog.create_experiment(schema_named("shop"))
        except ConflictError:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(create, range(8))) == 1


def test_many_catalogs_open_a_new_file_at_once(tmp_path):
    barrier = threading.Barrier(8)

    def use(number):
        barrier.wait()
        catalog = Catalog(tmp_path / "catalog.sqlite")
        catalog.create_experiment(schema_named(f"e{number}"))
        catalog.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, range(8)))
    catalog = Catalog(tmp_path / "catalog.sqlite")
    assert len(catalog.experiments()) == 8
    catalog.close()


def test_an_error_undoes_the_whole_change(catalog, shop):
    with pytest.raises(NotFoundError):
        catalog.finish_run("shop", 4, RunStatus.COMPLETED, load_id=3)
    assert catalog.experiment("shop").load_id is None


def test_it_works_after_close(catalog, shop):
    catalog.close()
    assert catalog.experiment("shop").name == "shop"


def test_a_newer_catalog_is_rejected(tmp_path):
    path = tmp_path / "catalog.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("pragma user_version = 99")
    connection.close()
    with pytest.raises(WorkbenchError, match="newer version"):
        Catalog(path)


def test_a_damaged_catalog_is_reported(tmp_path):
    path = tmp_path / "catalog.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(WorkbenchError, match="catalog is damaged"):
        Catalog(path)


def test_a_column_type_that_is_none_makes_the_record_damaged(home, catalog, shop):
    with closing(sqlite3.connect(home.catalog_path)) as connection, connection:
        connection.execute("update experiments set schema = replace(schema, '\"INT\"', '\"IN7\"')")
    with pytest.raises(DamagedError, match=r'customers\.id: "IN7" is not a type'):
        catalog.experiment("shop")
