"""Damage: each kind is answered with what happened, where, and what to do next, and the rest stays usable."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import engine
from app.api import create_api
from engine.errors import WorkbenchError


def schema(name: str) -> dict:
    key = {"name": "id", "data_type": "BIGINT", "is_unique": True}
    token = {"name": "token", "data_type": "UUID"}
    return {"name": name, "tables": [{"name": table, "columns": [key, token]} for table in ("a", "b")]}


def quietly(progress):
    pass


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> Path:
    """A home with two experiments; `shop` has two runs, the second one loaded, and a query in its book."""
    home = tmp_path_factory.mktemp("damage") / "home"
    with engine.Workbench(home) as workbench:
        for name in ("shop", "crm"):
            experiment = workbench.create(schema(name))
            experiment.generate(2000, seed=1, progress=quietly)
            experiment.generate(3000, seed=2, progress=quietly)
            experiment.queries.save("all", "select * from a")
            experiment.queries.note("select 1", "duckdb", experiment.query("select 1"))
    return home


@pytest.fixture
def home(template, tmp_path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "home"))


def sql(statement: str) -> Callable[[Path], None]:
    def damage(home: Path) -> None:
        with closing(sqlite3.connect(home / "catalog.sqlite")) as connection, connection:
            connection.execute("pragma ignore_check_constraints = on")
            assert connection.execute(statement).rowcount > 0

    return damage


def column(table: str, name: str, value: str) -> Callable[[Path], None]:
    """Put a value (in SQL) into a column of `shop`, or of its first run."""
    where = {
        "experiments": "name = 'shop'",
        "runs": "id = 1 and experiment_id = (select id from experiments where name = 'shop')",
        "parts": "run_id = 2 and table_key = 'a' and experiment_id = (select id from experiments where name = 'shop')",
        "saved_queries": "experiment_id = (select id from experiments where name = 'shop')",
        "past_queries": "experiment_id = (select id from experiments where name = 'shop')",
    }[table]
    return sql(f"update {table} set {name} = {value} where {where}")


BAD_TEXT = "cast(x'fffe41' as text)"


def flipped(path: Path, start: float, length: int = 64) -> None:
    data = bytearray(path.read_bytes())
    first = int(len(data) * start)
    for index in range(first, min(first + length, len(data))):
        data[index] ^= 0xFF
    path.write_bytes(data)


def warehouse(change: Callable[[Path], object]) -> Callable[[Path], None]:
    def damage(home: Path) -> None:
        (path,) = (home / "experiments/shop").glob("warehouse-*.duckdb")
        change(path)

    return damage


def part(change: Callable[[Path], object], table: str = "a") -> Callable[[Path], None]:
    return lambda home: change(home / f"experiments/shop/runs/2/{table}/part-00000.parquet") and None


def catalog(change: Callable[[Path], object]) -> Callable[[Path], None]:
    return lambda home: change(home / "catalog.sqlite") and None


def as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma user_version = 999")


def text_of(size: int, byte: bytes = b"\0") -> Callable[[Path], object]:
    return lambda path: path.write_bytes(byte * size)


def halved(path: Path) -> object:
    return path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def use_loaded(workbench: engine.Workbench) -> object:
    return workbench["shop"].query("select count(*), count(distinct token), max(id) from a").records()


def use_loaded_b(workbench: engine.Workbench) -> object:
    return workbench["shop"].audit()


def load_again(workbench: engine.Workbench) -> object:
    return workbench["shop"].load(2)


def compare(workbench: engine.Workbench) -> object:
    return workbench["shop"].compare(1, 2)


def resume(workbench: engine.Workbench) -> object:
    return workbench["shop"].resume(1, progress=quietly)


def open_shop(workbench: engine.Workbench) -> object:
    return workbench["shop"]


EXPERIMENT = {
    "schema not JSON": column("experiments", "schema", "'{'"),
    "schema of other keys": column("experiments", "schema", '\'{"name": "shop", "shape": 3}\''),
    "schema not UTF-8": column("experiments", "schema", BAD_TEXT),
    "schema of another": sql(
        "update experiments set schema = (select schema from experiments where name = 'crm') where name = 'shop'"
    ),
    "schema nested without end": column("experiments", "schema", "'" + "[" * 3000 + "'"),
    "created_at no date": column("experiments", "created_at", "'yesterday'"),
    "created_at not UTF-8": column("experiments", "created_at", BAD_TEXT),
    "created_at without a zone": column("experiments", "created_at", "'2024-01-01T00:00:00'"),
    "row_counts a list": column("experiments", "row_counts", "'[1]'"),
    "row_counts negative": column("experiments", "row_counts", "'{\"a\": -1}'"),
    "row_counts not UTF-8": column("experiments", "row_counts", BAD_TEXT),
}
RUN = {
    "status unknown": column("runs", "status", "'DONE'"),
    "status not UTF-8": column("runs", "status", BAD_TEXT),
    "seed no number": column("runs", "seed", "'x'"),
    "run row_counts no JSON": column("runs", "row_counts", "'{'"),
    "run row_counts of texts": column("runs", "row_counts", '\'{"a": "b"}\''),
    "started_at no date": column("runs", "started_at", "'?'"),
    "finished_at no date": column("runs", "finished_at", "'?'"),
    "error not UTF-8": column("runs", "error", BAD_TEXT),
    "traceback not UTF-8": column("runs", "traceback", BAD_TEXT),
    "output_dir not UTF-8": column("runs", "output_dir", BAD_TEXT),
    "notes no list": column("runs", "notes", "'{}'"),
    "requested_rows no JSON": column("runs", "requested_rows", "'nul'"),
}
FILES = {
    "warehouse missing": (warehouse(Path.unlink), use_loaded),
    "warehouse empty": (warehouse(text_of(0)), use_loaded),
    "warehouse of zeros": (warehouse(text_of(300_000)), use_loaded),
    "warehouse of text": (warehouse(text_of(300_000, b"a")), use_loaded_b),
    "warehouse halved": (warehouse(halved), use_loaded),
    "warehouse cut within the data": (warehouse(lambda path: os.truncate(path, 290_000)), use_loaded),
    "warehouse a byte short, audited": (warehouse(lambda path: path.write_bytes(path.read_bytes()[:-1])), use_loaded_b),
    "warehouse head flipped": (warehouse(lambda path: flipped(path, 0)), use_loaded),
    "warehouse data flipped": (warehouse(lambda path: flipped(path, 0.37, 50_000)), use_loaded),
    "warehouse data flipped, audited": (warehouse(lambda path: flipped(path, 0.37, 50_000)), use_loaded_b),
    "warehouse a folder": (warehouse(as_folder), use_loaded),
    "warehouse of another format": (
        warehouse(lambda path: path.write_bytes(path.read_bytes()[:12] + b"\x07\x07" + path.read_bytes()[14:])),
        use_loaded,
    ),
    "part truncated": (part(halved), load_again),
    "part empty": (part(text_of(0)), load_again),
    "part of zeros": (part(text_of(5000)), load_again),
    "part flipped": (part(lambda path: flipped(path, 0.5, 1)), compare),
    "part missing": (part(Path.unlink), compare),
    "part a folder": (part(as_folder), load_again),
    "part of another table": (part(lambda path: shutil.copy(path.parents[1] / "b" / path.name, path)), compare),
    "part of another run": (part(lambda path: shutil.copy(path.parents[2] / "1/a" / path.name, path)), load_again),
    "part too many": (part(lambda path: shutil.copy(path, path.with_name("part-00001.parquet"))), compare),
    "run folder missing": (lambda home: shutil.rmtree(home / "experiments/shop/runs/2"), load_again),
    "checksum changed": (column("parts", "checksum", "1"), load_again),
    "part of no table": (column("parts", "table_key", BAD_TEXT), load_again),
    "lock a folder": (lambda home: as_folder(home / "experiments/shop/lock"), load_again),
    "output folder missing": (column("runs", "output_dir", "'/nowhere'"), lambda bench: bench["shop"].load(1)),
}
CATALOG = {
    "a folder": catalog(as_folder),
    "of text": catalog(text_of(9000, b"a")),
    "of zeros": catalog(text_of(9000)),
    "truncated": catalog(halved),
    "head flipped": catalog(lambda path: flipped(path, 0, 16)),
    "tables flipped": catalog(lambda path: flipped(path, 0, 4000)),
    "newer": catalog(newer),
}


def told(error: WorkbenchError) -> None:
    assert error.message and error.hint, str(error)
    assert error.where or '"shop"' in error.message, str(error)


def others_work(workbench: engine.Workbench) -> None:
    crm = workbench["crm"]
    assert crm.query("select count(*) from a").records() == [(3000,)]
    assert crm.reset().row_counts == {"a": 0, "b": 0}
    assert crm.load(1).row_counts == {"a": 2000, "b": 2000}


@pytest.mark.parametrize("kind", EXPERIMENT)
def test_a_damaged_record_of_an_experiment(home, kind):
    EXPERIMENT[kind](home)
    with engine.Workbench(home) as workbench:
        assert [each.name for each in workbench.experiments()] == ["crm"]
        (damaged,) = workbench.damaged_experiments()
        assert damaged.name == "shop"
        told(damaged.error)
        with pytest.raises(WorkbenchError) as caught:
            open_shop(workbench)
        told(caught.value)
        assert "shop" in workbench
        others_work(workbench)
        workbench.delete("SHOP")
        assert workbench.damaged_experiments() == []
        assert not (home / "experiments/shop").exists()
        workbench.create(schema("shop"))


def test_a_damaged_name_of_an_experiment(home):
    column("experiments", "name", BAD_TEXT)(home)
    with engine.Workbench(home) as workbench:
        (damaged,) = workbench.damaged_experiments()
        told(damaged.error)
        others_work(workbench)
        workbench.delete(damaged.name)
        assert workbench.damaged_experiments() == []


@pytest.mark.parametrize("value", ["cast(x'ff00' as text)", "'{'", "'{\"tables\": 3}'", None])
def test_a_damaged_schema_of_the_loaded_version_damages_no_more_than_the_loaded_tables(home, value):
    with engine.Workbench(home) as workbench:
        changed = schema("shop")
        changed["tables"][0]["columns"].append({"name": "fee", "data_type": "INT"})
        workbench["shop"].update(changed)
    damaged = "version = 1 and experiment_id = (select id from experiments where name = 'shop')"
    sql(f"delete from schema_versions where {damaged}" if value is None else
        f"update schema_versions set schema = {value} where {damaged}")(home)  # fmt: skip
    with engine.Workbench(home) as workbench:
        assert (workbench.notes, workbench.damaged_experiments()) == ([], [])
        shop = workbench["shop"]
        assert (shop.version, shop.loaded_version, shop.row_counts()) == (2, 1, {"a": 3000, "b": 3000})
        for use in (
            lambda: shop.loaded_schema, lambda: shop.query("from a"), lambda: shop.audit(), lambda: shop.profile("a"),
            lambda: workbench.query("from shop__a"), lambda: shop.load(1), lambda: shop.version_schema(1),
            lambda: shop.rename("store"),
        ):  # fmt: skip
            with pytest.raises(WorkbenchError, match="version 1") as caught:
                use()
            told(caught.value)
        others_work(workbench)
        with pytest.raises(WorkbenchError, match="crm__a"):
            workbench.query("from nothing")
        shop.generate(1000, seed=3, progress=quietly)
        assert (shop.loaded_version, shop.audit().passed) == (2, True)
        with pytest.raises(WorkbenchError, match="version 1"):
            shop.load(1)
        assert shop.reset().row_counts == {"a": 0, "b": 0}
        shop.rename("store")
    with engine.Workbench(home) as workbench:
        assert (workbench.notes, workbench["store"].version) == ([], 2)


@pytest.mark.parametrize("kind", RUN)
def test_a_damaged_record_of_a_run(home, kind):
    RUN[kind](home)
    with engine.Workbench(home) as workbench:
        shop = workbench["shop"]
        run = shop.run(1)
        assert [each.id for each in shop.runs()] == [2, 1]
        assert (run.status, run.is_damaged) == ("FAILED", True)
        assert "is damaged" in run.error and "delete it" in run.error
        for use in (resume, compare, lambda bench: bench["shop"].load(1)):
            with pytest.raises(WorkbenchError) as caught:
                use(workbench)
            told(caught.value) if caught.value.where else None
            assert caught.value.hint
        assert use_loaded(workbench) == [(3000, 3000, 3000)]
        shop.delete_run(1)
        assert [each.id for each in shop.runs()] == [2]
        others_work(workbench)


@pytest.mark.parametrize("kind", FILES)
def test_a_damaged_file(home, kind):
    damage, use = FILES[kind]
    damage(home)
    with engine.Workbench(home) as workbench:
        with pytest.raises(WorkbenchError) as caught:
            use(workbench)
        told(caught.value)
        others_work(workbench)
        if kind != "lock a folder":
            workbench["shop"].generate(10, seed=3, progress=quietly)  # what is advised
            assert use_loaded(workbench)[0][0] == 10


@pytest.mark.parametrize("kind", CATALOG)
def test_a_damaged_catalog(home, kind):
    CATALOG[kind](home)
    files = sorted(home.rglob("*.parquet"))
    with pytest.raises(WorkbenchError) as caught:
        engine.Workbench(home).experiments()
    told(caught.value)
    assert "catalog.sqlite" in caught.value.where
    assert sorted(home.rglob("*.parquet")) == files


@pytest.mark.parametrize("seed", range(12))
def test_any_flipped_bytes_in_the_catalog_are_reported(home, seed):
    source = random.Random(seed)
    path = home / "catalog.sqlite"
    data = bytearray(path.read_bytes())
    for index in source.sample(range(100, len(data)), 300):
        data[index] = source.randrange(256)
    path.write_bytes(data)
    try:
        with engine.Workbench(home) as workbench:
            for experiment in workbench.experiments():
                experiment.runs()
                experiment.queries.history()
                experiment.queries.saved()
                experiment.load()
            workbench.damaged_experiments()
    except WorkbenchError as error:
        assert error.hint, str(error)


@pytest.mark.parametrize(
    ("table", "name", "value"),
    [
        ("saved_queries", "sql", BAD_TEXT),
        ("saved_queries", "dialect", BAD_TEXT),
        ("saved_queries", "saved_at", "'?'"),
        ("past_queries", "sql", BAD_TEXT),
        ("past_queries", "asked_at", "'?'"),
        ("past_queries", "error", BAD_TEXT),
    ],
)
def test_a_damaged_query_reports_it(home, table, name, value):
    column(table, name, value)(home)
    with engine.Workbench(home) as workbench:
        book = workbench["shop"].queries
        (saved,), (past,) = book.saved(), book.history()
        assert "is damaged" in (saved.sql if table == "saved_queries" else past.error)
        book.remove("all")
        assert book.saved() == []


def test_damaged_progress_counts_as_none(home):
    column("runs", "progress", BAD_TEXT)(home)
    with engine.Workbench(home) as workbench:
        assert workbench["shop"].progress(1).rows_done == 4000


def test_the_command_line_and_the_api_show_and_delete_what_is_damaged(home):
    EXPERIMENT["schema not UTF-8"](home)
    with engine.Workbench(home) as workbench:
        client = TestClient(create_api(workbench), base_url="http://127.0.0.1")
        listed = client.get("/experiments").json()
        assert [each["name"] for each in listed["experiments"]] == ["crm"]
        assert [each["name"] for each in listed["damaged"]] == ["shop"]
        shown = client.get("/experiments/shop")
        assert shown.status_code == 500
        assert "is damaged" in shown.json()["error"] and shown.json()["hint"]
        done = command(home, "list")
        assert done.returncode == 0
        assert "\nshop\t" in done.stdout and "DAMAGED" in done.stdout
        assert "its schema cannot be read" in done.stderr
        assert client.delete("/experiments/shop").json() == {"name": "shop"}
    sql("update experiments set schema = '{' where name = 'crm'")(home)
    done = command(home, "delete", "crm", "--yes")
    assert (done.returncode, done.stdout.strip()) == (0, "Deleted crm.")


def test_the_command_line_reports_a_damaged_catalog(home):
    CATALOG["of text"](home)
    done = command(home, "list")
    assert done.returncode == 1
    assert "The catalog is damaged" in done.stderr and "backup" in done.stderr
    assert "Traceback" not in done.stderr


def command(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from engine.cli import main; main()", "experiment", *arguments],
        env={**os.environ, "DW_SIM_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("experiments/shop/runs", "A file is where a folder is needed. Move it away"),
        ("experiments/shop/runs/3", "A file is where a folder is needed. Move it away"),
        ("experiments/shop", 'The folder of "shop" is missing: there is a file instead. Move that file away'),
    ],
)
def test_a_file_instead_of_a_folder_is_reported(home, place, message):
    path = home / place
    if path.is_dir():
        shutil.rmtree(path)
    path.write_text("something else")
    with engine.Workbench(home) as workbench:
        with pytest.raises(WorkbenchError) as caught:
            workbench["shop"].generate(10, seed=3, progress=quietly)
        assert str(caught.value).startswith(f"{path}: {message}")
        path.unlink()
        assert workbench["shop"].generate(10, seed=3, progress=quietly).row_counts


def test_an_unknown_run_lists_the_existing_runs_without_damaged_numbers(home):
    sql("update runs set id = -5 where id = 1 and experiment_id = (select id from experiments where name = 'shop')")(
        home
    )
    with engine.Workbench(home) as workbench, pytest.raises(WorkbenchError, match=r"Its only run is 2\."):
        workbench["shop"].run(1)
