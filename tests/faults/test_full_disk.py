"""A disk that is really full: a small tmpfs where one may be mounted, else a limit on the size of files."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import engine
from engine.errors import GenerationError, LoadError, WorkbenchError
from engine.settings import Settings

EVENTS = {
    "name": "events",
    "tables": [
        {
            "name": "events",
            "target_rows": 1000,
            "columns": [
                {"name": "event_id", "data_type": "BIGINT", "is_unique": True},
                {"name": "token", "data_type": "UUID"},
            ],
        }
    ],
}
ONE_MB = 1_000_000

_LIMITED = """
import resource, sys
import engine
from engine.errors import GenerationError, LoadError
from engine.settings import Settings
from pathlib import Path
workbench = engine.Workbench(settings=Settings(home=Path(sys.argv[1]), chunk_rows=int(sys.argv[3])))
events = workbench["events"]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    events.generate(200_000, seed=2, progress=lambda progress: None)
except (GenerationError, LoadError) as error:
    print(type(error).__name__, error)
"""


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 24 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if (
        shutil.which("mount") is None
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("this account may not mount a file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def filled(home: Path) -> engine.Experiment:
    events = engine.Workbench(settings=Settings(home=home, chunk_rows=20_000)).create(EVENTS)
    events.generate(seed=1, progress=quietly)
    return events


def quietly(progress):
    pass


def checked(events: engine.Experiment, home: Path) -> engine.Run:
    """The second run FAILED for want of room, nothing of it is half there, and the old data is intact."""
    run = events.runs()[0]
    assert (run.id, run.status) == (2, "FAILED")
    assert run.traceback
    assert not [path for path in home.rglob("*") if ".tmp" in path.name or ".spill" in path.name]
    assert len(list(home.rglob("*.duckdb"))) == 1
    assert events.loaded_run_id == 1
    assert events.query("select count(*), count(distinct token) from events").records() == [(1000, 1000)]
    assert events.audit().passed
    return run


def test_a_run_that_fills_the_disk(small_disk):
    """There is room for it when it begins; after its first rows something else takes nearly all of that."""
    home = small_disk / "home"
    events = filled(home)
    ballast = small_disk / "ballast"

    def fill_up(progress):
        if progress.rows_done and not ballast.exists():
            ballast.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - ONE_MB))

    with pytest.raises(GenerationError, match="disk is full"):
        events.generate(300_000, seed=2, progress=fill_up)
    run = checked(events, home)
    assert run.error is not None
    assert "disk is full" in run.error
    assert run.notes == ("The disk was full: the files of this run were removed to give the space back.",)
    assert not list(home.rglob("runs/2/*/*"))
    ballast.unlink()
    assert shutil.disk_usage(small_disk).free > 15 * ONE_MB
    assert events.resume(2, progress=quietly).row_counts == {"events": 300_000}
    assert events.audit().passed


def test_a_load_that_fills_the_disk_and_a_resumption_with_room(small_disk):
    home = small_disk / "home"
    events = filled(home)
    expected = events.preview("events", 150_000, seed=2, counts=150_000)
    ballast = small_disk / "ballast"

    def fill_up(progress):
        if progress.phase == "loading" and progress.status == "RUNNING" and not ballast.exists():
            ballast.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - ONE_MB))

    with pytest.raises(LoadError, match="No space left"):
        events.generate(150_000, seed=2, progress=fill_up)
    run = checked(events, home)
    assert run.row_counts == {"events": 150_000}
    ballast.unlink()
    assert events.resume(2, progress=quietly).status == "COMPLETED"
    loaded = events.query("from events order by event_id").frame
    assert loaded.equals(expected.cast(loaded.schema).sort("event_id"))


def test_a_disk_that_stays_full_lets_queries_go_on(small_disk):
    home = small_disk / "home"
    events = filled(home)
    (small_disk / "ballast").write_bytes(b"x" * shutil.disk_usage(small_disk).free)
    for change in (lambda: events.generate(10, seed=2, progress=quietly), events.load, events.reset):
        with pytest.raises(WorkbenchError):
            change()
    assert events.query("select count(*) from events").records() == [(1000,)]
    (small_disk / "ballast").unlink()
    assert all(run.status != "RUNNING" for run in events.runs())
    assert events.generate(10, seed=2, progress=quietly).status == "COMPLETED"


@pytest.mark.parametrize(("limit", "chunk_rows", "kind"), [(300_000, 100_000, "Generation"), (700_000, 8_000, "Load")])
def test_a_limit_on_the_size_of_files(tmp_path, limit, chunk_rows, kind):
    home = tmp_path / "home"
    events = filled(home)
    command = [sys.executable, "-c", _LIMITED, str(home), str(limit), str(chunk_rows)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.startswith(f"{kind}Error"), done.stdout
    checked(events, home)
    resumed = events.resume(2, progress=quietly)
    assert resumed.row_counts == {"events": 200_000}
    assert events.audit().passed
