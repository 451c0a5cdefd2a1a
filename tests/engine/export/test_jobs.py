"""Exports in the background: zips made while they are read, and folders that end with their process."""

import json
import os
import tracemalloc
import zipfile
from pathlib import Path

import pytest

import engine
from engine.errors import ConflictError, NotFoundError
from engine.export import jobs
from engine.export.zipping import zip_blocks


def test_a_zip_is_made_while_it_is_read(tmp_path: Path):
    folder = tmp_path / "export"
    (folder / "main/t").mkdir(parents=True)
    (folder / "_dw_sim").mkdir()
    (folder / "_dw_sim/export.json").touch()
    (folder / "load.sql").write_text("copy into t;\n" * 1000)
    (folder / "empty.csv").touch()
    with (folder / "main/t/part-0000000.parquet").open("wb") as part:
        for number in range(50):
            part.write(bytes([number]) * 1_000_000)

    tracemalloc.start()
    with (tmp_path / "a.zip").open("wb") as packed:
        for block in zip_blocks(folder):
            packed.write(block)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        kinds = {each.filename: each.compress_type for each in archive.infolist()}
        assert archive.read("main/t/part-0000000.parquet") == (folder / "main/t/part-0000000.parquet").read_bytes()
    stored, deflated = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
    assert kinds == {"empty.csv": deflated, "load.sql": deflated, "main/t/part-0000000.parquet": stored}
    assert peak < 10_000_000


def test_folders_of_dead_processes_are_swept_and_others_stay(tmp_path: Path):
    temp = tmp_path / "temp"
    temp.mkdir()

    def folder(process: int, digit: str, mark: dict[str, str] | None) -> Path:
        made = temp / f".export-{process}-{digit * 16}.tmp"
        (made / "files").mkdir(parents=True)
        if mark is not None:
            (made / "dw_sim_export.json").write_text(json.dumps(mark | {"folder": made.name}))
        return made

    own = {"made_by": "dw-sim"}
    dead = folder(2**22 + 7, "a", own)
    before = folder(os.getpid(), "b", own)  # of an earlier process that had the id of this one
    living = folder(os.getppid(), "c", own)
    foreign = folder(2**22 + 7, "d", None)
    other = folder(2**22 + 7, "e", {"made_by": "somebody"})
    link = temp / f".export-{2**22 + 7}-{'f' * 16}.tmp"
    link.symlink_to(living)

    with engine.Workbench(tmp_path) as workbench:
        shop = workbench.create(
            {"name": "s", "tables": [{"name": "t", "columns": [{"name": "a", "data_type": "INT"}]}]}
        )
        job = shop.start_export(rows=3, seed=1)
        workbench._services.exports.wait(job)
        with engine.Workbench(tmp_path):
            assert job.folder is not None
            assert job.folder.is_dir()
    assert set(temp.iterdir()) >= {living, foreign, other, link}
    assert not {dead, before, job.folder} & set(temp.iterdir())


def test_the_last_exports_are_kept_and_those_that_are_read(kin: engine.Experiment, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jobs, "_KEPT", 2)

    def export() -> jobs.ExportJob:
        made = kin.start_export(tables=["single"], format="csv")
        kin._services.exports.wait(made)
        return made

    first, second = export(), export()
    reading = first.download()
    next(reading)
    third = export()
    assert [job.id for job in kin.export_jobs()] == [third.id, first.id]
    with pytest.raises(ConflictError, match="being downloaded"):
        kin.delete_export(first.id)
    reading.close()
    export()
    with pytest.raises(NotFoundError, match=f"has no export {second.id}"):
        kin.export_job(second.id)
    with pytest.raises(NotFoundError):
        kin.export_job(first.id)


def test_an_export_to_a_place_is_resumed_in_the_background(kin: engine.Experiment, tmp_path: Path):
    for resume, made_files in ((False, 1), (True, 0)):
        job = kin.start_export(tmp_path / "a", tables=["single"], resume=resume)
        kin._services.exports.wait(job)
        assert job.result is not None
        assert job.result.made_files == made_files
    with pytest.raises(ConflictError, match="in another place"):
        job.download()


def test_the_formats_of_one_file_name_it_with_its_size(kin: engine.Experiment, tmp_path: Path):
    made = kin.export(tmp_path, format="sql", tables=["single"])
    assert made.only_file is not None
    assert (made.only_file.name, made.tables[0].format) == ("load.sql", "sql")
    assert made.size_bytes == (tmp_path / "load.sql").stat().st_size


def test_an_estimate_has_the_scripts_of_the_export(kin: engine.Experiment, tmp_path: Path):
    made = kin.export(tmp_path, format="jsonl", target="redshift", location="s3://lake/kin")
    assert "load.sql" in made.files
    scripts = kin.estimate_export(format="jsonl", target="redshift", location="s3://lake/kin").scripts
    assert scripts == {name: (tmp_path / name).read_text() for name in ("ddl.sql", "load.sql")}
