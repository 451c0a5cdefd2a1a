"""The home folder: the paths of the catalog, the warehouse files and the runs of each experiment.

Every path is built here, from names that are checked here: no name of an experiment, table or run can point outside
the home folder. Folders of experiments are lower case, because names are case-insensitive.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from engine.errors import NotFoundError, WorkbenchError
from engine.schema.names import name_fault
from engine.store.own_files import (
    EXPERIMENT_MARK,
    LOCK,
    LOCK_NOTE,
    RUN_MARK,
    STABLE,
    move_aside,
    remove_experiment_files,
    remove_path,
    remove_run_files,
    run_folders,
    unfinished_files,
)

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)?")
_LONGEST_PLAIN_KEY = 130
_VERSION_NAME = re.compile(r"schema-([0-9]{1,18})\.json")
_WAREHOUSE_NAME = re.compile(r"warehouse-([0-9]{1,18})\.duckdb")


class Home:
    """The home folder `root`, created if missing (unless `is_made=False`, to only read it)."""

    def __init__(self, root: Path, *, is_made: bool = True) -> None:
        self.root = Path(root).expanduser().absolute()
        self.experiments_dir = self.root / "experiments"
        self.temp_dir = self.root / "temp"
        self.cache_dir = self.root / "cache"
        if "?" in str(self.root):  # DuckDB parses what follows as options
            raise WorkbenchError(
                "The path of the home folder contains a question mark, which DuckDB cannot open.",
                where=str(self.root),
                hint="Choose another folder in DW_SIM_HOME.",
            )
        if not is_made:
            return
        try:
            self.experiments_dir.mkdir(parents=True, exist_ok=True)
            self.temp_dir.mkdir(exist_ok=True)
        except OSError as error:
            raise WorkbenchError(
                f"The home folder cannot be used: {error.strerror}.",
                where=str(self.root),
                hint="Set DW_SIM_HOME to a writable folder.",
            ) from error

    @property
    def catalog_path(self) -> Path:
        """The SQLite file of the catalog."""
        return self.root / "catalog.sqlite"

    def experiment_dir(self, name: str) -> Path:
        """Return the folder of an experiment; raises `NotFoundError` for a text that cannot be a name."""
        fault = name_fault(name)
        if fault:
            raise NotFoundError(f'There is no experiment "{name[:100]}": the name {fault}')
        return self.experiments_dir / name.lower()

    def lock_path(self, name: str) -> Path:
        """Return the file whose OS lock is held during every change of the experiment."""
        return self.experiment_dir(name) / LOCK

    def runs_dir(self, name: str) -> Path:
        """Return the folder of the runs of an experiment."""
        return self.experiment_dir(name) / "runs"

    def run_dir(self, name: str, run_id: int) -> Path:
        """Return the folder of the Parquet files of one run."""
        return self.runs_dir(name) / str(int(run_id))

    @staticmethod
    def table_dir(run_dir: Path, table_key: str) -> Path:
        """Return the folder of one table of a run: its key, or a safe unique name if the key has special characters."""
        if _PLAIN_KEY.fullmatch(table_key) and len(table_key) <= _LONGEST_PLAIN_KEY:
            return run_dir / table_key
        readable = re.sub(r"[^A-Za-z0-9_]+", "_", table_key)[:60]
        return run_dir / f"{readable}-{hashlib.sha256(table_key.encode()).hexdigest()[:16]}"

    def warehouse_path(self, name: str, load_id: int) -> Path:
        """Return the file of one load; it is written once and never changed."""
        return self.experiment_dir(name) / f"warehouse-{int(load_id)}.duckdb"

    def warehouse_files(self, name: str) -> dict[int, Path]:
        """Return the existing warehouse files by load id."""
        found = self.experiment_dir(name).glob("warehouse-*.duckdb")
        matches = ((_WAREHOUSE_NAME.fullmatch(path.name), path) for path in found)
        return {int(match[1]): path for match, path in matches if match}

    def stable_path(self, name: str) -> Path:
        """Return the file of the copy of the loaded tables that other programs may open."""
        return self.experiment_dir(name) / STABLE

    def version_path(self, name: str, number: int) -> Path:
        """Return the file of a version of an experiment's schema; it is written once and never changed."""
        return self.experiment_dir(name) / f"schema-{int(number)}.json"

    def version_files(self, name: str) -> dict[int, Path]:
        """Return the existing files of schema versions by number."""
        found = self.experiment_dir(name).glob("schema-*.json")
        matches = ((_VERSION_NAME.fullmatch(path.name), path) for path in found)
        return {int(match[1]): path for match, path in matches if match}

    def unfinished(self, name: str) -> list[Path]:
        """Return the unfinished files and spill folders of the experiment."""
        return list(unfinished_files(self.experiment_dir(name)))

    def mark_path(self, name: str) -> Path:
        """Return the file that marks the folder of an experiment as made by the workbench."""
        return self.experiment_dir(name) / EXPERIMENT_MARK

    def run_mark_path(self, name: str, run_id: int) -> Path:
        """Return the file that marks the folder of a run as made by the workbench."""
        return self.run_dir(name, run_id) / RUN_MARK

    def run_folders(self, name: str) -> dict[int, Path]:
        """Return the existing run folders by run id."""
        return run_folders(self.runs_dir(name))

    def experiment_folders(self) -> list[str]:
        """Return the names of the folders that can be experiments: lower case, and not links."""
        folders = (path.name for path in self.experiments_dir.iterdir() if path.is_dir() and not path.is_symlink())
        return sorted(name for name in folders if name == name.lower() and not name_fault(name))

    def size_bytes(self, name: str) -> int:
        """Return the size of everything in the folder of an experiment; files that disappear meanwhile are ignored."""
        total = 0
        for folder, _, files in os.walk(self.experiment_dir(name)):
            for file in files:
                with suppress(FileNotFoundError):
                    total += (Path(folder) / file).stat().st_size
        return total

    def remove_run(self, name: str, run_id: int, tables: Iterable[str] | None = None) -> list[Path]:
        """Delete the files of a run; return the other files, which stay.

        `tables` are the keys of its tables, if known.
        """
        run_dir = self.run_dir(name, run_id)
        folders = None if tables is None else {self.table_dir(run_dir, key).name for key in tables}
        return remove_run_files(run_dir, folders)

    def remove_experiment(self, name: str, tables: Iterable[str] | None = None) -> list[Path]:
        """Delete the workbench files in the folder of an experiment, whose lock must be held.

        Returns the other files, which stay; of a link to another folder only the link is deleted. An empty folder is
        first renamed, so that it is never visible without its mark.
        """
        folder = self.experiment_dir(name)
        if folder.is_symlink():
            target = folder.resolve()
            remove_path(folder)
            return [target]
        if not folder.is_dir():
            return []
        self.remove_contents(name, tables)
        ending = (LOCK_NOTE, EXPERIMENT_MARK, LOCK)
        left = sorted(path for path in folder.iterdir() if path.name not in ending)
        if not left:
            folder = move_aside(folder)
        for file_name in ending:
            remove_path(folder / file_name)
        with suppress(OSError):
            folder.rmdir()
        return left

    def remove_contents(self, name: str, tables: Iterable[str] | None = None) -> None:
        """Delete the workbench files in the folder of an experiment, except the lock file and the mark."""
        if self.experiment_dir(name).is_symlink():
            return
        keys = None if tables is None else list(tables)
        for run_id in self.run_folders(name):
            self.remove_run(name, run_id, keys)
        for path in self.unfinished(name):
            remove_path(path)
        with suppress(OSError):
            self.runs_dir(name).rmdir()
        remove_experiment_files(self.experiment_dir(name))
