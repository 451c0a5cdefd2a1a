"""Connections of one's own and the file for other programs: what they show, and until when."""

import duckdb
import pytest

import engine
from engine.errors import ConflictError, StorageError

COUNT = "select count(*) from orders"
SCHEMAS = {
    "name": "mart",
    "tables": [
        {"schema_name": home, "name": name, "target_rows": 3, "columns": [{"name": "id", "data_type": "INT"}]}
        for home, name in (("sales", "orders"), ("old", "orders"), ("sales", "items"))
    ],
}


def quietly(now):
    pass


@pytest.fixture
def loaded(shop: engine.Experiment) -> engine.Experiment:
    shop.generate(seed=1, progress=quietly)
    return shop


def leftovers(workbench: engine.Workbench) -> list[str]:
    return [path.name for path in (workbench.settings.home / "temp").glob(".spill-*")]


def one(connection, sql: str):
    return connection.execute(sql).fetchone()[0]


def test_a_connection_reads_tables_by_their_plain_names_and_writes_nothing(loaded):
    with loaded.connect() as connection:
        assert isinstance(connection, duckdb.DuckDBPyConnection)
        assert one(connection, COUNT) == 50
        assert one(connection, "select count(*) from shop.orders join customers using (customer_id)") == 50
        assert one(connection, "select current_setting('TimeZone')") == "UTC"
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            connection.execute("delete from orders")


def test_tables_of_several_schemas_keep_them(workbench):
    mart = workbench.create(SCHEMAS)
    mart.generate(seed=1, progress=quietly)

    with mart.connect() as connection:
        assert one(connection, "select count(*) from items") == 3
        assert one(connection, "select count(*) from old.orders") == 3


def test_a_connection_keeps_its_tables_through_loads_and_deletion(workbench, loaded):
    with loaded.connect() as connection, loaded.connect() as other:
        loaded.generate(rows={"orders": 7}, seed=2, progress=quietly)
        with loaded.connect() as newer:
            assert one(newer, COUNT) == 7
        loaded.reset()
        workbench.delete("shop")
        assert one(connection, COUNT) == one(other, COUNT) == 50
        assert len(leftovers(workbench)) >= 2
    del connection, other, newer

    assert leftovers(workbench) == []


def test_without_loaded_data_there_is_neither(shop):
    for ask in (shop.connect, shop.path):
        with pytest.raises(ConflictError, match=r'Nothing is loaded in "shop"\. Generate data, or load'):
            ask()


def test_a_missing_or_damaged_warehouse_file_is_named(workbench, loaded):
    (file,) = (workbench.settings.home / "experiments" / "shop").glob("warehouse-*.duckdb")
    file.write_bytes(b"x" * 5000)
    with pytest.raises(StorageError, match=r"cannot be opened: .*\"warehouse-2.duckdb\" exists, but"):
        loaded.connect()
    file.unlink()
    for ask in (loaded.connect, loaded.path):
        with pytest.raises(StorageError, match="is missing"):
            ask()
    assert leftovers(workbench) == []


def test_the_path_stays_and_its_tables_change_only_when_asked(loaded):
    path = loaded.path()
    before = path.stat()
    loaded.generate(rows={"orders": 7}, seed=2, progress=quietly)

    with duckdb.connect(str(path), read_only=True) as connection:
        assert one(connection, COUNT) == 50
        assert loaded.path() == path
        assert one(connection, COUNT) == 50
    with duckdb.connect(str(path), read_only=True) as connection:
        assert one(connection, COUNT) == 7
    after = path.stat()
    assert after.st_ino != before.st_ino
    assert loaded.path().stat() == after


def test_a_program_that_writes_into_the_file_changes_nothing_else(loaded):
    path = loaded.path()
    with duckdb.connect(str(path)) as connection:
        connection.execute("delete from orders")
        connection.execute("checkpoint")
        assert loaded.query(COUNT).frame.item() == 50

    with duckdb.connect(str(loaded.path()), read_only=True) as connection:
        assert one(connection, COUNT) == 50


def test_the_file_goes_with_the_experiment_and_its_name(workbench, loaded):
    first = loaded.path()
    loaded.rename("store")
    assert not first.parent.exists()
    second = workbench["store"].path()
    with duckdb.connect(str(second), read_only=True) as connection:
        assert one(connection, "select count(*) from store.orders") == 50

    assert workbench.delete("store") == []
    assert not second.parent.exists()
