"""A disk that is really full: a small tmpfs where one may be mounted, else a limit on the size of files."""

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import engine
from app.api import create_api
from engine.errors import GenerationError, LoadError, WorkbenchError
from engine.settings import Settings
from engine.store.reserve import RESERVE_BYTES

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
    assert run.notes == ("The disk was full: the files of this run were deleted to free space.",)
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


def fill_to_the_last_byte(disk: Path) -> Path:
    """Leave no room at all, as a log that grows without end does."""
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * (1 << 20))
    with suppress(OSError), ballast.open("ab", buffering=0) as file:
        while True:
            file.write(b"x")
    assert shutil.disk_usage(disk).free == 0
    return ballast


def test_a_disk_that_stays_full_lets_queries_and_deletions_continue(small_disk):
    home = small_disk / "home"
    events = filled(home)
    events.generate(100, seed=3, load=False, progress=quietly)
    ballast = fill_to_the_last_byte(small_disk)
    for change in (lambda: events.generate(10, seed=2, progress=quietly), events.load):
        with pytest.raises(WorkbenchError):
            change()
    assert events.query("select count(*) from events").records() == [(1000,)]
    assert all(run.status != "RUNNING" for run in events.runs())
    events.delete_run(2)
    assert [run.id for run in events.runs()] == [1]
    ballast.unlink()
    assert events.generate(10, seed=2, progress=quietly).status == "COMPLETED"


def closed_home(small_disk: Path, *, has_reserve: bool = True) -> tuple[Path, dict[str, str]]:
    """A home with data whose catalog is closed, on a full disk; and the environment of commands on it."""
    home = small_disk / "home"
    with engine.Workbench(settings=Settings(home=home, chunk_rows=20_000)) as workbench:
        events = workbench.create(EVENTS)
        events.generate(seed=1, progress=quietly)
        events.generate(3000, seed=2, load=False, progress=quietly)
    assert not list(home.glob("catalog.sqlite-*"))
    if not has_reserve:
        (home / "catalog.reserve").unlink()
    fill_to_the_last_byte(small_disk)
    return home, {**os.environ, "DW_SIM_HOME": str(home)}


_ALL_FROM_ONE_PROCESS = """
import sys
from engine.cli import main
for line in sys.argv[1:]:
    sys.argv = ["dw-sim", *line.split("|")]
    try:
        main()
    except SystemExit as end:
        print("exit", end.code)
"""


@pytest.mark.parametrize("has_reserve", [True, False])
def test_the_command_line_helps_itself_on_a_full_disk(small_disk, has_reserve):
    home, environment = closed_home(small_disk, has_reserve=has_reserve)
    lines = [
        "experiment|list",
        "query|execute|select count(*) from events|--experiment|events",
        "query|execute|select nvl(max(len(token)), 0) from events|--experiment|events|--dialect|redshift",
        "experiment|runs|events",
        "experiment|reset|events|--yes",
        "query|execute|select count(*) from events|--experiment|events",
        "experiment|delete|events|--yes",
        "experiment|list",
    ]
    done = subprocess.run(
        [sys.executable, "-c", _ALL_FROM_ONE_PROCESS, *lines],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stderr == ""
    assert done.stdout.count("exit 0") == len(lines)
    assert "Emptied 1 table of events." in done.stdout
    assert not list(home.rglob("*.parquet"))
    assert shutil.disk_usage(small_disk).free > 100_000


@pytest.mark.parametrize("has_reserve", [True, False])
def test_the_api_helps_itself_on_a_full_disk(small_disk, has_reserve):
    home, _ = closed_home(small_disk, has_reserve=has_reserve)
    with engine.Workbench(settings=Settings(home=home)) as workbench:
        client = TestClient(create_api(workbench), base_url="http://127.0.0.1")
        assert [each["name"] for each in client.get("/experiments").json()["experiments"]] == ["events"]
        asked = {"sql": "select count(*) from events__events"}
        assert client.post("/query/execute", json=asked).json()["rows"] == [[1000]]
        assert client.post("/experiments/events/load", json={}).status_code == 500
        reset = client.post("/experiments/events/reset", json={})
        assert (reset.status_code, reset.json()["reset_tables"]) == (200, ["events"])
        assert client.post("/query/execute", json=asked).json()["rows"] == [[0]]
        assert client.delete("/experiments/events").status_code == 200
        assert client.get("/experiments").json()["experiments"] == []


@pytest.mark.parametrize("has_reserve", [True, False])
def test_a_run_is_deleted_from_a_full_disk(small_disk, has_reserve):
    home, _ = closed_home(small_disk, has_reserve=has_reserve)
    with engine.Workbench(settings=Settings(home=home)) as workbench:
        events = workbench["events"]
        events.delete_run(2)
        assert [run.id for run in events.runs()] == [1]
        assert not (home / "experiments/events/runs/2").exists()
        assert events.audit().passed
        assert events.queries.history() == []


def test_the_reserve_comes_back_when_there_is_room(small_disk):
    home, _ = closed_home(small_disk)
    with engine.Workbench(settings=Settings(home=home)) as workbench:
        workbench["events"].delete_run(2)
        assert not (home / "catalog.reserve").exists()
        (small_disk / "ballast").unlink()
        workbench["events"].reset()
        assert (home / "catalog.reserve").stat().st_size == RESERVE_BYTES


def test_a_new_home_on_a_full_disk_is_rejected(small_disk):
    fill_to_the_last_byte(small_disk)
    with pytest.raises(WorkbenchError, match="disk is full") as caught:
        engine.Workbench(settings=Settings(home=small_disk / "home"))
    assert "Free some space" in caught.value.hint


def test_a_home_that_may_only_be_read_answers_queries(small_disk):
    home = small_disk / "home"
    with engine.Workbench(settings=Settings(home=home, chunk_rows=20_000)) as workbench:
        workbench.create(EVENTS).generate(seed=1, progress=quietly)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with engine.Workbench(settings=Settings(home=home)) as workbench:
        events = workbench["events"]
        assert events.query("select count(*) from events").records() == [(1000,)]
        for change in (events.reset, events.load, lambda: workbench.delete("events"), lambda: events.delete_run(1)):
            with pytest.raises(WorkbenchError) as caught:
                change()
            assert caught.value.hint
        assert [run.id for run in events.runs()] == [1]


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
