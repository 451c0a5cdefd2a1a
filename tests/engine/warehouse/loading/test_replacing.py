"""Reads during a replacement of the warehouse file, and loads that cannot finish."""

import subprocess
import sys
import threading

import polars as pl

from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.lock import ExperimentLock
from engine.store.sweep import sweep_experiment
from engine.warehouse.loading.load import build_warehouse
from engine.warehouse.querying.execution import Attachment, open_session, run_query
from engine.warehouse.querying.session import retry_when_replaced
from tests.engine.warehouse.conftest import schema_of

LOADS = 20

_LOAD_ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
from engine.errors import LoadError
from engine.warehouse.loading.load import build_warehouse
from tests.engine.warehouse.conftest import schema_of
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
folder = Path(sys.argv[1])
try:
    parts = {"orders": [folder / "p.parquet"]}
    build_warehouse(folder / "out" / "warehouse-2.duckdb", schema_of("shop", "orders"), parts)
except LoadError as error:
    print(error.message)
"""


def test_readers_see_the_old_or_the_new_rows_and_no_error(tmp_path, settings):
    home = Home(tmp_path / "workbench")
    catalog = Catalog(home.catalog_path)
    schema = schema_of("shop", "orders")
    catalog.create_experiment(schema)
    is_over, seen, errors = threading.Event(), [], []

    def load(number):
        file = tmp_path / "part.parquet"
        pl.DataFrame({"Id": [number] * number}, schema={"Id": pl.Int32}).write_parquet(file)
        with ExperimentLock(home, "shop", "load"):
            load_id = catalog.next_load_id("shop")
            counts = build_warehouse(home.warehouse_path("shop", load_id), schema, {"orders": [file]})
            catalog.set_warehouse("shop", load_id, None, counts)
            sweep_experiment(home, "shop", load_id)

    def current():
        record = catalog.experiment("shop")
        return [Attachment("shop", home.warehouse_path("shop", record.load_id), record.schema)]

    def opened():
        return open_session(current(), current="shop", settings=settings, temp_dir=home.temp_dir)

    def read():
        while not is_over.is_set():
            try:
                with retry_when_replaced(opened) as session:
                    seen.append(run_query(session, "select count(*), min(id), max(id) from orders").records()[0])
            except Exception as error:
                errors.append(error)

    load(1)
    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(2, LOADS + 1):
        load(number)
    is_over.set()
    for reader in readers:
        reader.join()
    assert errors == []
    assert seen
    assert all(count == low == high for count, low, high in seen)
    assert list(home.warehouse_files("shop")) == [LOADS]
    catalog.close()


def test_a_full_disk_leaves_nothing_behind(tmp_path):
    pl.DataFrame({"Id": range(1_000_000)}, schema={"Id": pl.Int32}).sample(
        fraction=1, shuffle=True, seed=1
    ).write_parquet(tmp_path / "p.parquet")
    (tmp_path / "out").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", _LOAD_ON_A_FULL_DISK, str(tmp_path)], check=True, capture_output=True, text=True
    )
    assert "cannot be written: File too large" in done.stdout
    assert list((tmp_path / "out").iterdir()) == []
