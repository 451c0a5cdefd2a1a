"""Iceberg tables are the exported files, registered once; PyIceberg, Polars and the workbench read them back."""

import json
import sys
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import engine
from engine.errors import WorkbenchError
from tests.engine.export.test_exporting import StoppedError, stop_after

needs_iceberg = pytest.mark.skipif("not __import__('importlib.util').util.find_spec('pyiceberg')")
pytestmark = pytest.mark.filterwarnings("ignore")


@needs_iceberg
def test_the_files_of_an_export_are_iceberg_tables(kin: engine.Experiment, rows, tmp_path: Path):
    from pyiceberg.table import StaticTable

    home = tmp_path / "a lake"
    made = kin.export(home, format="iceberg", target="redshift", rows_per_file=200)

    assert [len(table.files) for table in made.tables] == [2, 3, 1, 1]
    assert made.notes == []
    assert len(list(home.rglob("*.parquet"))) == 7
    for table in made.tables:
        expected = rows[table.key]
        place = f"file://{home}/{table.folder}/metadata/v1.metadata.json"
        found = pl.DataFrame(StaticTable.from_metadata(place).scan().to_arrow())
        assert_frame_equal(found.cast(dict(expected.schema)), expected)
        scanned = pl.scan_iceberg(place).collect()
        assert_frame_equal(scanned.cast(dict(expected.schema)), expected, check_row_order=False)
        assert StaticTable.from_metadata(f"file://{home}/{table.folder}").name()
    others = {file["name"] for file in json.loads((home / "manifest.json").read_text())["other_files"]}
    assert {path.relative_to(home).as_posix() for path in home.rglob("metadata/*")} <= others


@needs_iceberg
def test_an_iceberg_export_is_resumed_and_attached(kin: engine.Experiment, rows, tmp_path: Path):
    with pytest.raises(StoppedError):
        kin.export(tmp_path / "lake", format="iceberg", rows_per_file=100, progress=stop_after(3))
    made = kin.export(tmp_path / "lake", format="iceberg", rows_per_file=100, resume=True)
    assert made.made_files == 7
    kept = {path: path.read_bytes() for path in tmp_path.rglob("metadata/*")}
    for name in ("_SUCCESS", "manifest.json"):
        (tmp_path / "lake" / name).unlink()

    kin.export(tmp_path / "lake", format="iceberg", rows_per_file=100, resume=True)

    assert {path: path.read_bytes() for path in tmp_path.rglob("metadata/*")} == kept
    with engine.Workbench(tmp_path / "home") as workbench:
        attached = workbench.attach(tmp_path / "lake", name="again")
        found = attached.query("select * from single").frame
    assert_frame_equal(found, rows["single"], check_row_order=False)


@needs_iceberg
@pytest.mark.parametrize("arguments", [{"zipped": True}, {"to": "s3://bucket/lake"}])
def test_a_place_that_is_no_folder_is_refused(arguments, kin: engine.Experiment, tmp_path: Path):
    with pytest.raises(WorkbenchError, match="An Iceberg table is written to a folder of this machine"):
        kin.export(**{"to": tmp_path / "out", "format": "iceberg", **arguments})


def test_without_pyiceberg_its_extra_is_named(kin: engine.Experiment, tmp_path: Path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyiceberg.catalog.sql", None)
    with pytest.raises(WorkbenchError, match="The format iceberg needs the library pyiceberg") as caught:
        kin.export(tmp_path / "out", format="iceberg")
    assert caught.value.hint == "Install it: pip install 'dw-simulator[iceberg]'"
    assert not (tmp_path / "out").exists()
