"""The home folder: where the catalog, the warehouse files and the runs of each experiment lie.

Every path is made here, from names that are checked here: no name of an experiment, table or run can point outside
the home folder. Folders of experiments are lower case, because names differ in more than case.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

from engine.durable import TEMPORARY_PATTERN
from engine.errors import NotFoundError, WorkbenchError
from engine.schema.names import name_fault

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)?")
_LONGEST_PLAIN_KEY = 130
_WAREHOUSE_NAME = re.compile(r"warehouse-(\d+)\.duckdb")


class Home:
    """The home folder `root`, made if it is not there."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root).expanduser().absolute()
        self.experiments_dir = self.root / "experiments"
        self.temp_dir = self.root / "temp"
        if "?" in str(self.root):  # DuckDB takes what follows for options
            raise WorkbenchError(
                "The path of the home folder contains a question mark, which DuckDB cannot open.",
                where=str(self.root),
                hint="Name another folder in DW_SIM_HOME.",
            )
        try:
            self.experiments_dir.mkdir(parents=True, exist_ok=True)
            self.temp_dir.mkdir(exist_ok=True)
        except OSError as error:
            raise WorkbenchError(
                f"The home folder cannot be used: {error.strerror}.",
                where=str(self.root),
                hint="Name a folder that you may write to in DW_SIM_HOME.",
            ) from error

    @property
    def catalog_path(self) -> Path:
        """The SQLite file that knows the experiments and runs."""
        return self.root / "catalog.sqlite"

    def experiment_dir(self, name: str) -> Path:
        """Return the folder of an experiment; raises `NotFoundError` for a text that cannot be a name."""
        fault = name_fault(name)
        if fault:
            raise NotFoundError(f'There is no experiment "{name[:100]}": the name {fault}')
        return self.experiments_dir / name.lower()

    def lock_path(self, name: str) -> Path:
        """Return the file whose OS lock is held through every change of the experiment."""
        return self.experiment_dir(name) / "lock"

    def runs_dir(self, name: str) -> Path:
        """Return the folder of the runs of an experiment."""
        return self.experiment_dir(name) / "runs"

    def run_dir(self, name: str, run_id: int) -> Path:
        """Return the folder of the Parquet files of one run."""
        return self.runs_dir(name) / str(int(run_id))

    @staticmethod
    def table_dir(run_dir: Path, table_key: str) -> Path:
        """Return the folder of one table of a run: its key, or a safe name of its own if the key is not plain."""
        if _PLAIN_KEY.fullmatch(table_key) and len(table_key) <= _LONGEST_PLAIN_KEY:
            return run_dir / table_key
        readable = re.sub(r"[^A-Za-z0-9_]+", "_", table_key)[:60]
        return run_dir / f"{readable}-{hashlib.sha256(table_key.encode()).hexdigest()[:16]}"

    def warehouse_path(self, name: str, load_id: int) -> Path:
        """Return the file of one load; it is written once and never changed."""
        return self.experiment_dir(name) / f"warehouse-{int(load_id)}.duckdb"

    def warehouse_files(self, name: str) -> dict[int, Path]:
        """Return the warehouse files that are there, by load id."""
        found = self.experiment_dir(name).glob("warehouse-*.duckdb")
        matches = ((_WAREHOUSE_NAME.fullmatch(path.name), path) for path in found)
        return {int(match[1]): path for match, path in matches if match}

    def unfinished(self, name: str) -> list[Path]:
        """Return the files, and folders of spilled memory, that a process began to write and has not finished."""
        return list(self.experiment_dir(name).rglob(TEMPORARY_PATTERN))

    def experiment_folders(self) -> list[str]:
        """Return the names of the folders of experiments that are there."""
        folders = (path.name for path in self.experiments_dir.iterdir() if path.is_dir())
        return sorted(name for name in folders if not name_fault(name))

    def size_bytes(self, name: str) -> int:
        """Return the size of everything in the folder of an experiment; files that vanish meanwhile count nothing."""
        total = 0
        for folder, _, files in os.walk(self.experiment_dir(name)):
            for file in files:
                with suppress(FileNotFoundError):
                    total += (Path(folder) / file).stat().st_size
        return total

    def remove_experiment(self, name: str) -> None:
        """Remove the folder of an experiment, whose lock must be held: the lock's file goes last.

        Whoever creates the experiment anew the moment the lock's file is gone keeps the folder.
        """
        folder = self.experiment_dir(name)
        lock = self.lock_path(name)
        self.remove_contents(name)
        with suppress(OSError):
            lock.unlink(missing_ok=True)
            folder.rmdir()

    def remove_contents(self, name: str) -> None:
        """Remove all in the folder of an experiment but the lock's file."""
        folder, lock = self.experiment_dir(name), self.lock_path(name)
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path != lock:
                path.unlink(missing_ok=True)
