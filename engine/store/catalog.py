"""The catalog of the home folder: experiments, runs, and the loaded data.

It is one SQLite file for all processes. Its state is always valid: a run is RUNNING only while its process holds the
experiment's lock, and a warehouse file exists before the catalog points to it.
"""

from __future__ import annotations

from pathlib import Path

from engine.store.database import Database
from engine.store.draft_rows import DraftRows
from engine.store.experiment_rows import ExperimentRows
from engine.store.part_rows import PartRows
from engine.store.query_rows import QueryRows
from engine.store.restored_rows import RestoredRows
from engine.store.run_rows import RunRows
from engine.store.timing_rows import TimingRows
from engine.store.version_rows import VersionRows
from engine.store.workload_rows import WorkloadRows
from engine.store.workplace_rows import WorkplaceRows


class Catalog(
    ExperimentRows,
    VersionRows,
    RunRows,
    PartRows,
    QueryRows,
    WorkplaceRows,
    WorkloadRows,
    DraftRows,
    RestoredRows,
    TimingRows,
):
    """The catalog in the file `path`, created if missing; safe for many threads and processes."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path)

    def close(self) -> None:
        """Close the connections to the file."""
        self._database.close()
