import polars as pl
import pytest

from engine.errors import QueryError, WorkbenchError
from engine.warehouse.querying.execution import WarehouseGoneError, open_session, run_query
from engine.warehouse.querying.session import retry_when_replaced
from tests.engine.warehouse.conftest import schema_of


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('{file}')",
        "select * from read_text('{file}')",
        "select * from read_blob('{file}')",
        "select * from read_parquet('{file}')",
        "select * from read_json('{file}')",
        "select * from glob('{folder}/*')",
        "select * from '{file}'",
        "select * from parquet_metadata('{file}')",
        "select * from read_csv('https://example.com/a.csv')",
        "select * from query('select * from read_text(''{file}'')')",
        "select * from query_table('{file}')",
        "select * from duckdb_secrets()",
        "select getenv('HOME')",
        "select * from sniff_csv('{file}')",
    ],
)
def test_a_query_reaches_nothing_outside(opened, tmp_path, sql):
    file = tmp_path / "secret.csv"
    file.write_text("a\nsecret\n")
    with pytest.raises(QueryError) as caught:
        run_query(opened(), sql.format(file=file, folder=tmp_path))
    assert "secret\n" not in str(caught.value)


def test_the_lock_cannot_be_undone(opened):
    for name in ("enable_external_access = true", "lock_configuration = false", "memory_limit = '99GB'"):
        with pytest.raises(Exception, match="locked"):
            opened().connection.execute(f"set {name}")


def test_a_table_name_is_never_a_python_variable(opened):
    secret = pl.DataFrame({"a": [1]})
    with pytest.raises(Exception, match="secret"):
        opened().connection.sql("from secret")
    assert secret.height == 1


def test_times_are_in_utc(query):
    noon = "timestamptz '2024-07-01 12:00:00+00'"
    assert query(f"select cast({noon} as varchar), hour({noon})").records() == [("2024-07-01 12:00:00+00", 12)]


def test_a_missing_file_has_its_own_error(made, opened):
    shop = made(schema_of("shop", "orders"))
    shop.path.unlink()
    with pytest.raises(WarehouseGoneError):
        opened(shop)


def test_a_damaged_file_is_reported(made, opened):
    shop = made(schema_of("shop", "orders"))
    shop.path.write_bytes(b"garbage" * 1000)
    with pytest.raises(WorkbenchError, match='warehouse file of "shop" cannot be opened'):
        opened(shop)


def test_the_latest_file_is_found_when_a_load_replaces_it_meanwhile(made, tmp_path, settings):
    new = made(schema_of("shop", "orders"), 7)
    gone = type(new)("shop", tmp_path / "gone.duckdb", new.schema)
    latest = iter([[gone], [gone], [new]])

    def opened():
        return open_session(next(latest), current="shop", settings=settings, temp_dir=tmp_path / "temp")

    with retry_when_replaced(opened) as session:
        assert run_query(session, "from orders").records() == [(7,)]


def test_an_open_session_still_reads_a_deleted_file(made, opened):
    shop = made(schema_of("shop", "orders"), 5)
    session = opened(shop, current="shop")
    shop.path.unlink()
    assert run_query(session, "from orders").records() == [(5,)]


def test_an_interrupt_stops_a_query_that_starts_after_it(opened):
    session = opened()
    session.interrupt()
    with pytest.raises(QueryError, match="Interrupted"):
        run_query(session, "select count(*) from range(100000) a, range(200000) b where a.range + b.range = 7")
