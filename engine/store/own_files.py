"""The workbench files in the folder of an experiment, and their deletion.

Files are only deleted by the exact name that the workbench gives them, and folders only when they are empty: other
files next to the data stay. Links to other folders are not followed.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from engine.system.durable_files import temporary_name

EXPERIMENT_MARK = "experiment.json"
RUN_MARK = "run.json"
LOCK = "lock"
LOCK_NOTE = "lock.owner"
STABLE = "experiment_tables.duckdb"
"""The copy of the loaded tables for other programs."""

_TEMPORARY = re.compile(r"\.(?P<name>.+)\.(?P<process>[0-9]+)-[0-9a-f]{8}\.tmp(?:\.\w+)*")
_OF_EXPERIMENT = re.compile(
    r"experiment\.json|schema-[0-9]{1,18}\.json|lock\.owner|(?:warehouse-[0-9]{1,18}|experiment_tables)\.duckdb(?:\.wal)?"
)
_OF_RUN = re.compile(r"run\.json")
_OF_TABLE = re.compile(r"part-[0-9]{5,18}\.parquet")
# Numbers have at most 18 digits: the catalog holds no larger ones.
_RUN_FOLDER = re.compile(r"[1-9][0-9]{0,17}")


def run_folders(runs_dir: Path) -> dict[int, Path]:
    """Return the numbered folders in the folder of the runs, by run id, without links."""
    found = (path for path in _folders(runs_dir) if _RUN_FOLDER.fullmatch(path.name))
    return {int(path.name): path for path in sorted(found)}


def unfinished_files(folder: Path) -> Iterator[Path]:
    """Yield the files and folders below an experiment's folder that were not completely written or deleted."""
    yield from _unfinished(folder, _OF_EXPERIMENT)
    yield from (path for path in _folders(folder / "runs") if _is_unfinished(path, _RUN_FOLDER))
    for run in run_folders(folder / "runs").values():
        yield from _unfinished(run, _OF_RUN)
        for table in _folders(run):
            yield from _unfinished(table, _OF_TABLE)


def remove_run_files(run: Path, tables: Collection[str] | None = None) -> list[Path]:
    """Delete the files of a run, its mark last; return the other files, which stay.

    `tables` are the names of its table folders, if known; other folders then stay.
    """
    if run.is_symlink() or not run.is_dir():
        return [run] if run.is_symlink() else []
    for table in _folders(run):
        if tables is None or table.name in tables:
            remove_table_files(table)
    left = [path for path in _entries(run) if not _is_named(path, _OF_RUN)]
    _remove_marks(run if left else move_aside(run))
    return left


def move_aside(folder: Path) -> Path:
    """Rename a folder before its mark is deleted, so that it is never visible without one; return the new path."""
    moved = temporary_name(folder)
    try:
        folder.rename(moved)
    except OSError:  # Windows moves no folder that holds an open file
        return folder
    return moved


def remove_table_files(table: Path) -> None:
    """Delete the parts of one table of a run, and its folder if it is then empty."""
    _remove_named(table, _OF_TABLE)
    _remove_empty(table)


def remove_experiment_files(folder: Path) -> None:
    """Delete the warehouse files and unfinished files; runs, the lock and the mark stay."""
    for path in _entries(folder):
        if path.name not in (EXPERIMENT_MARK, LOCK_NOTE) and _is_named(path, _OF_EXPERIMENT):
            remove_path(path)


def is_made_by_lock(folder: Path) -> bool:
    """Return whether a folder has no files other than those of a lock."""
    return all(path.name in (LOCK, LOCK_NOTE) or _is_unfinished(path, _OF_EXPERIMENT) for path in _entries(folder))


def process_of_temporary(path: Path, name: str | None = None) -> int | None:
    """Return the id of the process in a temporary name (of `name`, if given); None for any other name."""
    match = _TEMPORARY.fullmatch(path.name)
    return int(match["process"]) if match and name in (None, match["name"]) else None


def remove_path(path: Path) -> None:
    """Delete a file, a link, a spill folder or a renamed run folder.

    If the system refuses, deletion is retried next time.
    """
    if path.is_dir() and not path.is_symlink():
        if process_of_temporary(path) is not None and path.name.endswith(".spill"):
            shutil.rmtree(path, ignore_errors=True)
        elif _is_unfinished(path, _RUN_FOLDER):
            _remove_marks(path)
        return
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _remove_marks(run: Path) -> None:
    _remove_named(run, _OF_RUN)
    _remove_empty(run)


def _remove_named(folder: Path, pattern: re.Pattern[str]) -> None:
    for path in _entries(folder):
        if _is_named(path, pattern):
            remove_path(path)


def _is_named(path: Path, pattern: re.Pattern[str]) -> bool:
    return pattern.fullmatch(path.name) is not None or _is_unfinished(path, pattern)


def _is_unfinished(path: Path, pattern: re.Pattern[str]) -> bool:
    match = _TEMPORARY.fullmatch(path.name)
    return match is not None and pattern.fullmatch(match["name"]) is not None


def _unfinished(folder: Path, pattern: re.Pattern[str]) -> list[Path]:
    return [path for path in _entries(folder) if _is_unfinished(path, pattern)]


def _folders(folder: Path) -> list[Path]:
    if folder.is_symlink():
        return []
    return [path for path in _entries(folder) if path.is_dir() and not path.is_symlink()]


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()
