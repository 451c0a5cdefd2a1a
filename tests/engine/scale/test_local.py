"""Files made by several processes are those of one; a lost process costs nothing but time."""

import json
import os
import signal
from pathlib import Path

import pytest

import engine
from engine.errors import GenerationError, WorkbenchError
from engine.scale import making
from engine.scale.choosing import open_executor
from engine.scale.tasks import library_versions, pack
from tests.engine.scale.conftest import OPTIONS, SEED, bytes_of, hashes_of
from tests.engine.scale.tasks import kin_task


def test_two_processes_make_the_bytes_of_one_and_another_cut_has_the_same_rows(kin, alone, tmp_path: Path):
    seen = []
    made = kin.export(tmp_path / "a", on="local", workers=2, progress=seen.append, **OPTIONS)
    kin.export(tmp_path / "b", seed=SEED, rows_per_file=170, codec="zstd")

    assert made.made_files == 10
    assert seen[-1].rows_done == seen[-1].rows_total == 850
    assert sum(p.table_rows_done == 300 for p in seen if p.table == "hr.people") == 1
    assert bytes_of(tmp_path / "a") == alone
    assert hashes_of(bytes_of(tmp_path / "b")) == hashes_of(alone)


class StoppedError(Exception):
    """The end of an export in the middle."""


def test_an_export_of_processes_that_was_stopped_is_resumed(kin: engine.Experiment, alone, tmp_path: Path):
    def stop(progress):
        if progress.files == 3:
            raise StoppedError

    with pytest.raises(StoppedError):
        kin.export(tmp_path, workers=1, progress=stop, **OPTIONS)
    kept = {path: path.stat().st_ino for path in tmp_path.rglob("part-*.parquet")}
    assert 3 <= len(kept) < 10
    assert not (tmp_path / "_SUCCESS").exists()
    (tmp_path / ".dw-sim-killed").mkdir()  # as a process that is killed leaves it

    made = kin.export(tmp_path, resume=True, **OPTIONS)

    assert made.made_files == 10 - len(kept)
    assert {path: path.stat().st_ino for path in kept} == kept
    assert bytes_of(tmp_path) == alone
    assert not (tmp_path / ".dw-sim-killed").exists()


def test_a_killed_process_is_started_again_and_a_task_is_safe_to_repeat(tmp_path: Path):
    executor = open_executor("local", 1)
    try:
        text = pack(kin_task(tmp_path), library_versions())
        first = making.read_answer(executor.submit(text).result(60))
        (process,) = executor.process_ids
        os.kill(process, signal.SIGKILL)
        lost = executor.submit(text)
        if lost.exception(60) is not None:  # it may have been noticed before
            lost = executor.submit(text)
        assert making.read_answer(lost.result(60)) == first
        assert executor.process_ids != [process]
    finally:
        executor.close()
    assert executor.process_ids == []


def test_a_worker_with_other_libraries_is_refused_by_name(tmp_path: Path):
    versions = library_versions() | {"polars": "1.0.0", "faker": "9.9"}
    answer = making.run_task(pack(kin_task(tmp_path), versions))

    here = library_versions()
    message = f"polars 1.0.0 there, {here['polars']} at the worker; faker 9.9 there, {here['faker']} at the worker"
    with pytest.raises(WorkbenchError, match=message):
        making.read_answer(answer)
    assert not list(tmp_path.iterdir())


def test_tasks_are_compiled_once_and_errors_come_back(tmp_path: Path):
    task = kin_task(tmp_path)
    assert making.compiled(task) is making.compiled(kin_task(tmp_path / "other"))
    first = making.make_part(task)
    assert making.make_part(task) == first

    (tmp_path / task.name).write_bytes(b"other")
    with pytest.raises(WorkbenchError, match="A file of the export has been changed") as caught:
        making.read_answer(making.run_task(pack(task, library_versions())))
    assert caught.value.where == f"{tmp_path}/{task.name}"
    with pytest.raises(GenerationError, match="A worker failed: KeyError"):
        making.read_answer(making.run_task(json.dumps({"versions": {}})))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"on": "flink"}, "There is no engine 'flink'"),
        ({"workers": 0}, "It is not a number of workers"),
        ({"on": "local", "format": "xlsx"}, "The format xlsx is one file"),
        ({"on": "local", "zipped": True}, "A zip is one file of this machine"),
        ({"retries": -1}, "It is not a number of retries"),
        ({"endpoint": "minio:9000"}, "not the URL of a storage service"),
    ],
)
def test_what_cannot_be_distributed_is_refused_before_anything_is_written(arguments, message, kin, tmp_path: Path):
    with pytest.raises(WorkbenchError, match=message):
        kin.export(tmp_path / "out", seed=SEED, **arguments)
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())
