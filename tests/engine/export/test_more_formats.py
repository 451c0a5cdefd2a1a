"""Delta tables, workbooks, INSERTs, dbt projects and zip files."""

import sys
import zipfile
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import engine
from engine.errors import ConflictError, WorkbenchError
from tests.engine.export.kin import TABLES
from tests.engine.export.test_exporting import StoppedError, bytes_of, stop_after
from tests.engine.export.test_formats import assert_equal_rows


def test_delta_tables_are_read_back(kin: engine.Experiment, rows, tmp_path: Path):
    made = kin.export(tmp_path, format="delta", rows_per_file=200)

    assert made.notes == ["hr.people: TIME is text: Delta has no time of day."]
    assert [len(table.files) for table in made.tables] == [2, 3, 1, 1]
    for table in made.tables:
        expected = rows[table.key]
        if table.key == "hr.people":
            expected = expected.with_columns(pl.col("clock").dt.strftime("%H:%M:%S%.6f"))
        assert_frame_equal(pl.read_delta((tmp_path / table.folder).as_posix()), expected, check_row_order=False)


def test_a_workbook_has_a_sheet_for_each_table(kin: engine.Experiment, rows, tmp_path: Path):
    kin.export(tmp_path, format="xlsx", rows_per_file=200)

    sheets = pd.read_excel(
        tmp_path / "kin.xlsx", sheet_name=None, keep_default_na=False, na_values=[""], dtype={"b": str}
    )
    assert list(sheets) == ["people", "Select", "single", "nothing"]
    expected, found = rows["hr.people"], sheets["people"]
    assert [None if value != value else value for value in found["note"]] == [text or None for text in expected["note"]]
    assert [None if value != value else int(value) for value in found["boss"]] == list(expected["boss"])
    assert [None if value is pd.NaT else value.date() for value in found["born"]] == list(expected["born"])
    assert [None if value is pd.NaT else value for value in found["ts"]] == list(expected["ts"])
    assert list(found["f"].dropna()) == pytest.approx(list(expected["f"].drop_nulls()))
    assert list(found["b"].dropna()) == [value.hex() for value in expected["b"].drop_nulls()]
    assert list(sheets["Select"]["Order"]) == list(rows["Select"]["Order"])


@pytest.mark.parametrize(("form", "most"), [("xlsx", "1,048,575"), ("sql", "10,000")])
def test_too_many_rows_are_refused_before_the_first(form: str, most: str, kin: engine.Experiment, tmp_path: Path):
    with pytest.raises(WorkbenchError, match=f"single: It has 2,000,000 rows, and .* holds {most}"):
        kin.export(tmp_path / "out", format=form, rows={"single": 2_000_000}, seed=1)
    assert not (tmp_path / "out").exists()


def test_inserts_make_the_rows_of_the_run(kin: engine.Experiment, rows, tmp_path: Path):
    kin.export(tmp_path / "duckdb", format="sql", target="duckdb")

    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute((tmp_path / "duckdb/ddl.sql").read_text())
        connection.execute((tmp_path / "duckdb/load.sql").read_text())
        for key in TABLES:
            assert_equal_rows(connection, key, rows[key])


def test_inserts_of_the_warehouses_make_json_and_binary_values(kin: engine.Experiment, tmp_path: Path):
    kin.export(tmp_path / "redshift", format="sql", target="redshift", tables=["people"])
    kin.export(tmp_path / "snowflake", format="sql", target="snowflake", tables=["people"])

    redshift = (tmp_path / "redshift/load.sql").read_text()
    assert "to_varbyte('" in redshift
    assert "json_parse('" in redshift
    snowflake = (tmp_path / "snowflake/load.sql").read_text()
    assert "to_binary(column11, 'HEX'), column12, parse_json(column13) from values\n    (1, null, ''," in snowflake


def test_a_dbt_project_has_seeds_and_sources(kin: engine.Experiment, rows, tmp_path: Path):
    made = kin.export(tmp_path, format="dbt", target="snowflake")

    assert [file.stored.name for table in made.tables for file in table.files] == [
        "seeds/people.csv", "seeds/Select.csv", "seeds/single.csv", "seeds/nothing.csv"
    ]  # fmt: skip
    seed = pd.read_csv(tmp_path / "seeds/people.csv", keep_default_na=False, dtype=str)
    assert list(seed["note"]) == [note or "" for note in rows["hr.people"]["note"]]
    seeds = (tmp_path / "seeds/_seeds.yml").read_text()
    assert "      alias: people\n      schema: hr\n      column_types:\n        id: INT\n" in seeds
    assert 'amount: "DECIMAL(38,4)"' in seeds
    lines = [line.strip() for line in (tmp_path / "models/_sources.yml").read_text().splitlines()]
    assert lines[2:5] == ["- name: hr", 'schema: "{{ target.schema }}_hr"', "tables:"]
    assert lines[7:11] == ["- name: id", "data_tests:", "- not_null", "- unique"]
    place = lines.index("- relationships:")
    assert lines[place + 2 : place + 4] == ["to: \"source('hr', 'people')\"", "field: id"]
    place = lines.index("- q")
    assert lines[place - 4 : place + 2] == ["- accepted_values:", "arguments:", "values:", '- ""', "- q", "quote: true"]


def test_dbt_seeds_above_5_mb_are_refused_unless_asked(kin: engine.Experiment, tmp_path: Path):
    with pytest.raises(WorkbenchError, match=r"hr\.people: Its seed would have about .* up to 5(\.0)? MB"):
        kin.export(tmp_path / "a", format="dbt", rows=100_000, seed=1)
    assert kin.estimate_export(format="dbt", rows=100_000, seed=1, any_size=True).rows == 400_000


def test_an_extra_that_is_missing_is_named(kin: engine.Experiment, tmp_path: Path, monkeypatch):
    for module in ("xlsxwriter", "deltalake"):
        monkeypatch.setitem(sys.modules, module, None)
    for form, library in (("xlsx", "xlsxwriter"), ("delta", "deltalake")):
        with pytest.raises(WorkbenchError, match=f"The format {form} needs the library {library}") as caught:
            kin.export(tmp_path / "out", format=form)
        assert caught.value.hint == "Install it: pip install 'dw-simulator[export]'"
    assert not (tmp_path / "out").exists()


def test_a_zip_file_is_the_export_and_resumes(kin: engine.Experiment, tmp_path: Path):
    kin.export(tmp_path / "folder", format="csv", rows_per_file=100)
    with pytest.raises(StoppedError):
        kin.export(tmp_path / "a.zip", format="csv", rows_per_file=100, zipped=True, progress=stop_after(3))
    assert not (tmp_path / "a.zip").exists()

    made = kin.export(tmp_path / "a", format="csv", rows_per_file=100, zipped=True, resume=True)

    assert made.made_files == 7
    assert made.url == (tmp_path / "a.zip").as_posix()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    expected = bytes_of(tmp_path / "folder")
    assert packed == {name: data for name, data in expected.items() if not name.startswith("_dw_sim/")}
    assert {path.name for path in tmp_path.iterdir()} >= {"a.zip", "folder"}
    assert not (tmp_path / "a.zip.unfinished").exists()
    with pytest.raises(ConflictError, match="The file exists already"):
        kin.export(tmp_path / "a.zip", format="csv", zipped=True)
