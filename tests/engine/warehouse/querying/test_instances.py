"""Instances that serve one session after the other: nothing of a query outlives it, and a file only for a moment."""

import os
import time
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

import engine
from engine.errors import QueryError, WorkbenchError
from engine.settings import Settings
from engine.warehouse.querying import instances as instances_module
from engine.warehouse.querying import session as session_module
from engine.warehouse.querying.csv_stream import open_csv_stream
from engine.warehouse.querying.execution import WarehouseGoneError, open_session, run_query
from engine.warehouse.querying.instances import Instances
from engine.warehouse.querying.request import Question
from tests.engine.warehouse.conftest import schema_of
from tests.faults.test_escapes import QUERIES

HUGE = "select count(*) from range(100000) a, range(200000) b where a.range + b.range = 7"


@pytest.fixture
def instances():
    kept = Instances()
    yield kept
    kept.close()


@pytest.fixture
def short(monkeypatch):
    """Files are closed at once, not after a second."""
    monkeypatch.setattr(instances_module, "_OPEN_SECONDS", 0.01)


@pytest.fixture
def warm(tmp_path, settings, instances):
    """Open a session whose instance is kept."""

    def open_(*attached, current="shop", settings=settings):
        return open_session(
            attached, current=current, settings=settings, temp_dir=tmp_path / "temp", instances=instances
        )

    return open_


def instance_after(warm, shop, sql, **options):
    """Run a query, whether it fails or not, and return its instance."""
    with warm(shop, **options) as session:
        try:
            run_query(session, sql)
        except QueryError:
            return session.instance
    return session.instance


def open_files():
    folder = Path("/proc/self/fd")
    if not folder.exists():
        pytest.skip("This system does not list open files.")
    found = set()
    for each in folder.iterdir():
        with suppress(FileNotFoundError):  # the listing's own
            found.add(str(each.readlink()))
    return found


def wait_until_closed(path):
    """Wait until a file, or those in a folder, are closed; fail after ten seconds."""
    until = time.monotonic() + 10
    while any(name.startswith(str(path)) for name in open_files()):
        assert time.monotonic() < until, path
        time.sleep(0.005)


def test_hostile_statements_leave_an_instance_as_it_was(warm, made, tmp_path):
    shop = made(schema_of("shop", "orders"), 7)
    (tmp_path / "secret.csv").write_text("a\nthe secret of this machine\n")
    places = {
        "file": tmp_path / "secret.csv", "csv": tmp_path / "secret.csv", "parquet": tmp_path / "shop-0.parquet",
        "folder": tmp_path, "other": shop.path, "home": tmp_path,
    }  # fmt: skip
    asked = "select name, value from duckdb_settings() where name not in ('threads', 'search_path') order by name"

    def state(session):
        settings = session.connection.execute(asked).fetchall()
        databases = session.connection.execute("select database_name, path from duckdb_databases()").fetchall()
        return settings, databases, session.connection.execute("select current_setting('search_path')").fetchall()

    with warm(shop) as session:
        before, instance = state(session), session.instance
    for sql in QUERIES:
        with warm(shop) as session:
            assert session.instance is instance, sql
            for own in (sql.format(**places), Question(sql.format(**places), "redshift", [shop.schema], "shop")):
                with pytest.raises(WorkbenchError) as caught:
                    run_query(session, own)
                assert "the secret of this machine" not in str(caught.value)
    with warm(shop) as session:
        assert session.instance is instance
        assert state(session) == before
        assert run_query(session, "from orders").records() == [(7,)]
        for statement in ("set memory_limit = '99GB'", f"attach '{tmp_path}/new.duckdb'"):
            with pytest.raises(duckdb.Error, match=r"locked|disabled"):
                session.connection.execute(statement)
    assert not (tmp_path / "new.duckdb").exists()


def test_a_seed_and_what_a_connection_holds_end_with_the_session(warm, made):
    shop = made(schema_of("shop", "orders"))
    drawn = set()
    for _ in range(2):
        with warm(shop) as session:
            drawn.add(run_query(session, "select random()").records()[0])
            run_query(session, "select setseed(0.25)")
            drawn.add(run_query(session, "select random()").records()[0])
            session.connection.execute("begin")
            session.connection.execute("create temp table orders as select 99 as id")
            session.connection.execute("set variable a = 1")
            session.connection.execute("set search_path = 'memory.main'")
        with warm(shop) as session:
            assert session.connection.execute("select getvariable('a')").fetchall() == [(None,)]
            assert run_query(session, "from orders").records() == [(1,)]
    assert len(drawn) == 3  # two draws without a seed, and the seeded one


@pytest.mark.parametrize("sql", ["from orders", "select nothing from orders", "select 1 / 0", "from"])
def test_a_file_is_closed_soon_after_its_session(warm, made, short, sql):
    shop = made(schema_of("shop", "orders"))
    with warm(shop) as session:
        assert str(shop.path) in open_files()
        try:
            held = run_query(session, sql)
        except QueryError as error:
            held = error
    wait_until_closed(shop.path)
    assert held is not None


@pytest.fixture
def opened(monkeypatch):
    """The files that were opened, one for each time."""
    files = []
    attach = session_module._attach
    monkeypatch.setattr(session_module, "_attach", lambda *given: files.append(given[2]) or attach(*given))
    return files


def test_a_file_stays_open_between_queries(warm, made, opened, monkeypatch):
    monkeypatch.setattr(instances_module, "_OPEN_SECONDS", 60)
    shop = made(schema_of("shop", "orders"), 3)
    for _ in range(3):
        instance_after(warm, shop, "from orders")
    assert opened == [shop.path]


def test_a_file_that_was_closed_is_opened_again(warm, made, opened, short):
    shop = made(schema_of("shop", "orders"), 3)
    used = instance_after(warm, shop, "from orders")
    wait_until_closed(shop.path)
    with warm(shop) as session:
        assert session.instance is used
        assert run_query(session, "from orders").records() == [(3,)]
    assert opened == [shop.path] * 2


def test_a_stream_that_is_read_or_left_closes_its_file(warm, made, short):
    shop = made(schema_of("shop", "orders"))
    for is_read in (True, False):
        stream = open_csv_stream(warm(shop), "select range from range(300000), orders")
        assert next(stream) == b"range\r\n"
        assert (len(list(stream)) > 1) is is_read if is_read else True
        stream.close()
        wait_until_closed(shop.path)


def test_a_replaced_a_damaged_and_a_missing_file_are_noticed(warm, made):
    shop = made(schema_of("shop", "orders"), 1)
    first = instance_after(warm, shop, "from orders")
    made(shop.schema, 5)
    with warm(shop) as session:
        assert session.instance is first
        assert run_query(session, "from orders").records() == [(5,)]
    shop.path.write_bytes(b"garbage" * 1000)
    with pytest.raises(WorkbenchError, match="cannot be opened"):
        warm(shop)
    made(shop.schema, 6)
    assert instance_after(warm, shop, "from orders") is not first
    shop.path.unlink()
    with pytest.raises(WarehouseGoneError):
        warm(shop)


def test_an_instance_is_used_for_equal_schemas_and_limits_only(warm, made, settings):
    shop = made(schema_of("shop", "orders"))
    first = instance_after(warm, shop, "from orders")
    assert instance_after(warm, type(shop)("shop", shop.path, schema_of("shop", "orders")), "from orders") is first
    smaller = Settings(home=settings.home, query_memory_mb=128, query_timeout_seconds=30, threads=2)
    renamed = type(shop)("shop", shop.path, schema_of("shop", "orders", "more"))
    assert instance_after(warm, shop, "from orders", settings=smaller) is not first
    assert instance_after(warm, shop, "from orders", current=None) is not first
    assert instance_after(warm, renamed, "from orders") is not first
    assert instance_after(warm, type(shop)("shop", None, shop.schema), "from orders") is not first


def test_a_query_that_was_stopped_failed_or_spilled_ends_its_instance(warm, made, settings, tmp_path):
    shop = made(schema_of("shop", "orders"))
    short = Settings(home=settings.home, query_memory_mb=256, query_timeout_seconds=0.05, threads=2)
    small = Settings(home=settings.home, query_memory_mb=64, query_timeout_seconds=30, threads=1)
    spilling = "select count(*) from (select range as a, md5(range::varchar) from range(900000) order by 2)"
    for sql, limits in ((HUGE, short), ("select 'x'::int", settings), (spilling, small)):
        ended = instance_after(warm, shop, sql, settings=limits)
        assert instance_after(warm, shop, "from orders", settings=limits) is not ended, sql
    with warm(shop) as session:
        session.interrupt()
    with warm(shop) as other:
        assert other.instance is not session.instance
        assert run_query(other, "from orders").records() == [(1,)]
    assert not list((tmp_path / "temp").glob(".spill-*"))


def test_the_least_recently_used_instances_are_closed(warm, made):
    shops = [made(schema_of(f"shop{number}", "orders")) for number in range(6)]
    used = [instance_after(warm, shop, "select 1", current=None) for shop in shops]
    again = [instance_after(warm, shop, "select 1", current=None) for shop in reversed(shops)]
    assert [one is other for one, other in zip(used, reversed(again), strict=True)] == [False] * 2 + [True] * 4
    with pytest.raises(duckdb.ConnectionException):
        used[0].connection.execute("select 1")


@pytest.mark.filterwarnings("ignore:.*fork")  # from Python 3.12 on, as threads run
def test_a_fork_begins_with_instances_of_its_own(instances, warm, made):
    shop = made(schema_of("shop", "orders"))
    used = instance_after(warm, shop, "from orders")
    kept = instances._kept
    with kept._lock:  # held by another thread when the process is forked
        process = os.fork()
        if process == 0:
            try:
                found = kept.take(used.key) is None and kept._inherited == [[used]]
                kept.close()
            finally:
                os._exit(0 if found else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
    assert instance_after(warm, shop, "from orders") is used


def test_a_query_after_a_load_sees_the_new_rows_and_a_delete_leaves_no_file(
    workbench: engine.Workbench, shop: engine.Experiment, home: Path, short: None
):
    hashed = "select farmfingerprint64('a'), count(*) from orders"
    answers = []
    for rows in (3, 5):
        shop.generate({"orders": rows})
        answers += [shop.query(hashed, dialect="redshift").records()[0] for _ in range(2)]
    assert [rows for _, rows in answers] == [3, 3, 5, 5]
    assert len({number for number, _ in answers}) == 1
    assert len(list(home.rglob("warehouse-*.duckdb"))) == 1
    (warehouse,) = home.rglob("warehouse-*.duckdb")
    workbench.delete("shop")
    assert not list(home.rglob("warehouse-*.duckdb"))
    wait_until_closed(warehouse)
