"""Every format is read back by other libraries with the same values, NULL and empty text included."""

from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from polars.testing import assert_frame_equal

import engine
from engine.settings import Settings
from engine.warehouse.audit.audit import AuditResult, audit
from engine.warehouse.loading.layout import layout
from engine.warehouse.querying.session import Attachment, open_session
from tests.engine.export.kin import TABLES


@pytest.mark.parametrize("form", ["parquet", "csv", "csv.gz", "jsonl"])
def test_the_script_of_duckdb_loads_the_rows_of_the_run(form: str, kin, rows, tmp_path: Path, monkeypatch):
    made = kin.export(tmp_path, format=form, target="duckdb", rows_per_file=120)

    assert [len(table.files) for table in made.tables] == [3, 5, 1, 1]
    monkeypatch.chdir(tmp_path)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(Path("ddl.sql").read_text())
        connection.execute(Path("load.sql").read_text())
        for key in TABLES:
            assert_equal_rows(connection, key, rows[key])


@pytest.mark.parametrize("form", ["parquet", "csv", "csv.gz", "jsonl"])
def test_what_the_script_of_duckdb_loads_passes_the_audit(form: str, kin, tmp_path: Path, monkeypatch):
    kin.export(tmp_path / "out", format=form, target="duckdb", rows_per_file=120)

    monkeypatch.chdir(tmp_path / "out")
    with duckdb.connect(tmp_path / "loaded.duckdb") as connection:
        connection.execute(Path("ddl.sql").read_text() + Path("load.sql").read_text())

    result = audit_file(kin, tmp_path / "loaded.duckdb")
    assert {finding.table for finding in result.findings} == set(TABLES)
    assert {"row_count", "type", "not_null", "unique", "foreign_key", "null_share", "given_rows"} <= {
        each.check for each in result.findings
    }
    assert result.failures == ()
    with duckdb.connect(tmp_path / "loaded.duckdb") as connection:
        connection.execute("update hr.people set note = null where note = ''")
    assert "given_rows" in {each.check for each in audit_file(kin, tmp_path / "loaded.duckdb").failures}


def audit_file(kin: engine.Experiment, path: Path) -> AuditResult:
    """Audit a database that a person filled by ddl.sql and load.sql, as the engine audits its own."""
    with duckdb.connect(path) as connection:
        for name in layout(kin.schema).schema_names:  # of the names by which queries find tables
            connection.execute(f'create schema if not exists "{name}"')
    attached = [Attachment(kin.name, path, kin.schema)]
    settings = Settings(home=path.parent / "home")
    with open_session(attached, current=kin.name, settings=settings, temp_dir=path.parent) as session:
        return audit(session, kin.schema, kin.row_counts(), None)


def test_a_duckdb_file_has_the_rows_of_the_run(kin, rows, tmp_path: Path):
    kin.export(tmp_path, format="duckdb")

    with duckdb.connect(tmp_path / "kin.duckdb", read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for key in TABLES:
            assert_equal_rows(connection, key, rows[key])
    assert {path.name for path in tmp_path.iterdir()} == {
        "kin.duckdb", "ddl.sql", "manifest.json", "_SUCCESS", "_dw_sim"
    }  # fmt: skip


def assert_equal_rows(connection: duckdb.DuckDBPyConnection, key: str, expected: pl.DataFrame) -> None:
    name = key if "." in key else f'"{key}"'
    found = connection.sql(f"from {name}").to_arrow_table()
    frame = pl.DataFrame(found)
    if "u" in frame.columns:
        frame = frame.with_columns(pl.col("u").cast(pl.String))
    assert_frame_equal(frame.cast(dict(expected.schema)), expected)


def test_parquet_for_others(kin, rows, tmp_path: Path):
    kin.export(tmp_path, seed=5, rows_per_file=200, codec="zstd", tables=["people"])

    files = sorted((tmp_path / "hr/people").iterdir())
    assert [file.name for file in files] == ["part-0000000.parquet", "part-0000001.parquet"]
    metadata = pq.ParquetFile(files[0])
    types = {field.name: field.type for field in metadata.schema_arrow}
    assert (types["clock"], types["ts"], types["r"]) == (pa.time64("us"), pa.timestamp("us"), pa.float32())
    column = metadata.metadata.row_group(0).column(0)
    assert column.compression == "ZSTD"
    assert column.is_stats_set
    table = pa.concat_tables(map(pq.read_table, files))
    assert_frame_equal(pl.DataFrame(table).cast(dict(rows["hr.people"].schema)), rows["hr.people"])
    frame = pd.read_parquet(tmp_path / "hr/people")
    assert [None if value is None or value != value else value for value in frame["note"]] == list(
        rows["hr.people"]["note"]
    )


def test_snappy_is_the_default_of_parquet(kin, tmp_path: Path):
    kin.export(tmp_path, tables=["single"])

    column = pq.read_metadata(tmp_path / "main/single/part-0000000.parquet").row_group(0).column(0)
    assert column.compression == "SNAPPY"
    assert column.statistics.null_count > 0


def test_pandas_reads_text_files(kin, rows, tmp_path: Path):
    kin.export(tmp_path / "csv", format="csv.gz", tables=["people"])
    kin.export(tmp_path / "jsonl", format="jsonl", tables=["people"])

    expected = rows["hr.people"]
    texts = pd.read_csv(tmp_path / "csv/hr/people/part-0000000.csv.gz", dtype=str, keep_default_na=False)
    assert list(texts["note"]) == [note or "" for note in expected["note"]]
    assert list(texts["amount"]) == [str(amount) if amount is not None else "" for amount in expected["amount"]]
    lines = pd.read_json(tmp_path / "jsonl/hr/people/part-0000000.jsonl", lines=True, dtype=False)
    assert [None if note != note else note for note in lines["note"]] == list(expected["note"])


def test_a_surrogate_key_and_hidden_columns_are_not_exported(tmp_path: Path):
    script = "create table links (a int, b int, primary key (a, b));"
    with engine.Workbench(tmp_path / "home") as workbench:
        links = workbench.create(engine.import_sql(script, name="links", dialect="redshift"))
        links.export(tmp_path / "out", rows=10, seed=1, format="csv")

    first, *_ = (tmp_path / "out/main/links/part-0000000.csv").read_text().splitlines()
    assert first == "a,b"
