"""A home folder of each older format of the catalog opens with its runs and data, and takes everything that is new."""

import json
import sqlite3
from contextlib import closing
from hashlib import sha256

import pytest

import engine
from engine.errors import CancelledError
from engine.settings import Settings
from engine.store.database import _STEPS, _VERSION

SHOP = {
    "name": "shop",
    "tables": [
        {
            "name": "orders",
            "target_rows": 200,
            "columns": [
                {"name": "order_id", "data_type": "INT", "is_unique": True},
                {"name": "amount", "data_type": "DECIMAL(8,2)", "min_value": 1, "max_value": 99},
            ],
        }
    ],
}
NEW_KEYS = {"version", "loaded_version", "description", "renamed_to", "schema_version"}


def opened(home):
    return engine.Workbench(settings=Settings(home=home, chunk_rows=50, threads=1))


def quietly(progress):
    pass


def write_as(home, version):
    """Write the catalog anew as a file of an older format, and the marks of the folders without later keys."""
    path = home / "catalog.sqlite"
    older = path.with_name("older.sqlite")
    with closing(sqlite3.connect(older)) as connection, connection:
        for step in _STEPS[:version]:
            connection.executescript(step)
        connection.execute("attach ? as newer", (str(path),))
        for (table,) in connection.execute("select name from main.sqlite_schema where type = 'table'").fetchall():
            names = ", ".join(name for _, name, *_ in connection.execute(f"pragma main.table_info({table})"))
            connection.execute(f"insert into main.{table} ({names}) select {names} from newer.{table}")
        connection.execute(f"pragma user_version = {version}")
    for left in home.glob("catalog.sqlite*"):
        left.unlink()
    older.rename(path)
    if version > 3:
        return
    for path in home.rglob("*.json"):
        if path.name in ("experiment.json", "run.json"):
            data = json.loads(path.read_text())
            for part in (data, data.get("run", {})):
                for key in NEW_KEYS & part.keys():
                    del part[key]
            path.write_text(json.dumps(data))


@pytest.fixture(params=range(1, _VERSION))
def older(request, tmp_path):
    home = tmp_path / "home"
    with opened(home) as workbench:
        shop = workbench.create(SHOP)
        shop.generate(seed=1, progress=quietly)
        shop.queries.save("all", "from orders")
        shop.queries.note("from orders", "duckdb", shop.query("from orders"))
        with pytest.raises(CancelledError):
            shop.generate(seed=2, progress=lambda now: now.rows_done >= 100 and shop.cancel(2))
    write_as(home, request.param)
    return home, request.param


def test_a_catalog_of_an_older_format_loses_nothing_and_takes_what_is_new(older):
    home, version = older
    with opened(home) as workbench:
        shop = workbench["shop"]
        assert (workbench.notes, workbench.damaged_experiments()) == ([], [])
        assert [(run.id, run.status, run.schema_version) for run in shop.runs()] == [
            (2, "ABORTED", 1), (1, "COMPLETED", 1),
        ]  # fmt: skip
        assert [(each.number, each.is_current, each.run_ids) for each in shop.versions()] == [(1, True, (2, 1))]
        assert shop.versions()[0].saved_at == shop.created_at
        assert (shop.version, shop.loaded_version, shop.loaded_run_id) == (1, 1, 1)
        assert shop.query("select count(*) from orders").frame.item() == 200
        assert [saved.name for saved in shop.queries.saved()] == (["all"] if version > 2 else [])
        if version > 1:  # before that, runs could not be resumed
            assert shop.resume(2, progress=quietly).status == "COMPLETED"

        changed = json.loads(shop.to_json())
        changed["tables"][0]["columns"].append({"name": "fee", "data_type": "INT"})
        assert shop.update(changed).version == 2
        shop.generate(seed=3, progress=quietly)
        assert [each.run_ids for each in shop.versions()] == [(3,), (2, 1)]
        assert shop.load(1).row_counts == {"orders": 200}
        shop.queries.save("all", "from orders")
        shop.board().pin("all", view="table")
        shop.keep_workload({"a.sql": "from orders"})
        shop.rename("store")
    with opened(home) as workbench:
        shop = workbench["store"]
        assert (workbench.notes, shop.version, shop.loaded_version) == ([], 2, 1)
        assert [item.query for item in shop.board().items] == ["all"]
        assert dict(shop.workload.files) == {"a.sql": "from orders"}
        assert shop.audit().passed


def test_a_format_that_was_written_is_never_changed():
    steps = [sha256(step.encode()).hexdigest()[:12] for step in _STEPS]
    assert steps == [
        "1276f34d78c9", "d40dc7122fe1", "d0e7b226686f", "dfeb517c8d87", "8238c6a08ebb", "5ff9e5b828e9", "2c8a740cd91f",
        "bfa05a7c7a0b",
    ]  # fmt: skip
