"""The same export has the same bytes; a place belongs to one export; what is finished is not made again."""

import hashlib
import json
import re
from pathlib import Path

import pytest

import engine
from engine.errors import ConflictError, GenerationError, WorkbenchError


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_run_and_its_seed_make_the_same_bytes(kin: engine.Experiment, tmp_path: Path):
    kin.export(tmp_path / "a", run=1, rows_per_file=100)
    kin.export(tmp_path / "b", rows=kin.run(1).requested_rows, seed=5, rows_per_file=100)

    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")


def test_the_manifest_names_every_file_with_its_checksum(kin: engine.Experiment, tmp_path: Path):
    kin.export(tmp_path, tables=["Select"], rows_per_file=300)

    content = json.loads((tmp_path / "manifest.json").read_text())
    assert content["seed"] == "5"
    assert set(content["versions"]) == {"engine", "polars", "pyarrow", "faker", "mimesis"}
    assert [table["name"] for table in content["schema"]["tables"]] == ["people", "Select", "single", "nothing"]
    (table,) = content["tables"]
    assert (table["table"], table["rows"]) == ("Select", 500)
    assert [(file["first_row"], file["rows"]) for file in table["files"]] == [(0, 300), (300, 200)]
    for file in [*table["files"], *content["other_files"]]:
        data = (tmp_path / file["name"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())


class StoppedError(Exception):
    """A listener's own error, in the middle of an export."""


def stop_after(files: int):
    def listen(progress):
        if progress.files == files:
            raise StoppedError

    return listen


@pytest.mark.parametrize("stopped_after", [1, 4, 10])
def test_a_resumed_export_makes_only_the_rest(stopped_after: int, kin: engine.Experiment, tmp_path: Path):
    whole = kin.export(tmp_path / "whole", format="csv", rows_per_file=100)
    with pytest.raises(StoppedError):
        kin.export(tmp_path / "part", format="csv", rows_per_file=100, progress=stop_after(stopped_after))
    stopped = tmp_path / "part"
    assert not {"_SUCCESS", "manifest.json", "load.sql"} & set(bytes_of(stopped))
    inodes = {path: path.stat().st_ino for path in stopped.rglob("part-*.csv")}
    assert len(inodes) == stopped_after

    resumed = kin.export(stopped, format="csv", rows_per_file=100, resume=True)

    assert whole.made_files == 10
    assert resumed.made_files == 10 - stopped_after
    assert {path: path.stat().st_ino for path in inodes} == inodes
    assert bytes_of(stopped) == bytes_of(tmp_path / "whole")


def test_a_file_without_a_record_is_finished_and_a_changed_one_is_refused(kin: engine.Experiment, tmp_path: Path):
    whole = kin.export(tmp_path, format="csv", tables=["single"])
    record = tmp_path / "_dw_sim/parts/main/single/part-0000000.csv.json"
    record.unlink()
    (tmp_path / "_SUCCESS").unlink()

    assert kin.export(tmp_path, format="csv", tables=["single"], resume=True).made_files == 0
    assert record.exists()
    assert kin.export(tmp_path, format="csv", tables=["single"], resume=True).tables == whole.tables

    (tmp_path / "main/single/part-0000000.csv").write_text("x\nother\n")
    with pytest.raises(ConflictError, match="A file of the export has been changed"):
        kin.export(tmp_path, format="csv", tables=["single"], resume=True)


def test_a_place_of_another_export_is_refused_by_name(kin: engine.Experiment, tmp_path: Path):
    kin.export(tmp_path / "a", tables=["single"])
    before = bytes_of(tmp_path / "a")

    there = r"The place has another export: kin as parquet, seed 5, 50 rows\. Its seed: 5, now 6\."
    with pytest.raises(ConflictError, match=there):
        kin.export(tmp_path / "a", tables=["single"], seed=6, resume=True)
    with pytest.raises(ConflictError, match=r"Its rows of hr\.people: None, now 300"):
        kin.export(tmp_path / "a", tables=["single", "people"])
    with pytest.raises(
        ConflictError, match=re.escape("This export is complete there: kin as parquet, seed 5, 50 rows")
    ):
        kin.export(tmp_path / "a", tables=["single"])
    (tmp_path / "b").mkdir()
    (tmp_path / "b/notes.txt").touch()
    with pytest.raises(ConflictError, match=r"The place is not empty: it has notes\.txt, which is no export"):
        kin.export(tmp_path / "b", resume=True)
    assert bytes_of(tmp_path / "a") == before
    assert [path.name for path in (tmp_path / "b").iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"format": "parkett"}, r'There is no format "parkett"\. Did you mean "parquet"\?'),
        ({"target": "oracle"}, 'There is no target "oracle"'),
        ({"run": 1, "seed": 2}, "A run has its own rows and seed"),
        ({"rows": 10}, "An export of given rows needs a seed"),
        ({"run": 9}, "9"),
        ({"tables": ["singel"]}, 'Did you mean "single"?'),
        ({"rows_per_file": 0}, "not a number of rows of a file"),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_written(arguments, message, kin, tmp_path: Path):
    with pytest.raises(WorkbenchError, match=message):
        kin.export(tmp_path / "out", **arguments)
    assert not (tmp_path / "out").exists()


def test_an_experiment_without_a_run_needs_rows_and_a_seed(shop: engine.Experiment, tmp_path: Path):
    with pytest.raises(ConflictError, match="has no completed run"):
        shop.export(tmp_path / "out")
    with pytest.raises(GenerationError):
        shop.export(tmp_path / "out", rows=-1, seed=1)
    assert shop.export(tmp_path / "out", rows=10, seed=1).rows == 20


def test_an_estimate_tells_rows_files_and_bytes(kin: engine.Experiment, tmp_path: Path):
    estimate = kin.estimate_export(format="csv", rows_per_file=100)

    made = kin.export(tmp_path / "real", format="csv", rows_per_file=100)
    assert (estimate.rows, estimate.files) == (850, 10)
    assert estimate.size_bytes == pytest.approx(made.size_bytes, rel=0.01)
    assert estimate.seconds > 0
