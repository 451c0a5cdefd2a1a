"""The runs of an experiment that lie on the disk: their sizes, two of them compared, and one removed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from engine.errors import ConflictError
from engine.runs.run_files import checked_files
from engine.schema.models import ExperimentSchema
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.lock import ExperimentLock
from engine.store.marking import mark_run
from engine.store.marks import MarkState
from engine.store.records import Run, RunStatus
from engine.store.reserve import with_room
from engine.warehouse.audit.run_comparison import ComparisonTask

_TABLE_FIGURES = {
    "table": pl.String,
    "rows_first": pl.Int64,
    "rows_second": pl.Int64,
    "bytes_first": pl.Int64,
    "bytes_second": pl.Int64,
}


@dataclass(frozen=True)
class RunShelf:
    """The files of the runs of one experiment."""

    home: Home
    catalog: Catalog
    schema: ExperimentSchema

    def sizes(self, run_id: int) -> dict[str, int]:
        """Return the size in bytes of each table of a run, by table key."""
        parts = self.catalog.parts(self.schema.name, run_id)
        return {table.key: sum(part.size_bytes for part in parts.get(table.key, ())) for table in self.schema.tables}

    def comparison(self, first: int, second: int) -> ComparisonTask:
        """Return the work of comparing two runs column by column.

        Raises `ConflictError` for a run that is not COMPLETED, and `LoadError` when a file is not what was written.
        """
        runs = [self._completed(first), self._completed(second)]
        return ComparisonTask(self.schema.tables, *(self._files(run) for run in runs))

    def tables_compared(self, first: int, second: int) -> pl.DataFrame:
        """Return the rows and bytes of two runs beside each other, a row for each table; raises `ConflictError`."""
        runs = [self._completed(first), self._completed(second)]
        counts, sizes = [run.row_counts for run in runs], [self.sizes(run.id) for run in runs]
        keys = [table.key for table in self.schema.tables]
        frame = pl.DataFrame(
            [[key, *(side.get(key, 0) for figures in (counts, sizes) for side in figures)] for key in keys],
            schema=_TABLE_FIGURES,
            orient="row",
        )
        return frame.with_columns(
            (pl.col(f"{figure}_second") - pl.col(f"{figure}_first")).alias(f"{figure}_difference")
            for figure in ("rows", "bytes")
        )

    def remove(self, run_id: int) -> list[Path]:
        """Remove a run with its files; raises `ConflictError` while it runs or is in the tables.

        Returns what was left in its folder because the workbench did not make it.
        """
        name = self.schema.name
        with ExperimentLock(self.home, name, action="delete a run"):
            run = self.catalog.run(name, run_id)
            if run.is_loaded:
                raise ConflictError(
                    f"Run {run_id} is in the tables.", hint="Load another run or reset the tables, then delete it."
                )
            if run.status is RunStatus.RUNNING:
                raise ConflictError(f"Run {run_id} is under way.", hint="Cancel it first.")
            mark_run(self.home, self.catalog, run, MarkState.DELETING)  # so that a killed deletion is completed
            with_room(lambda: self.catalog.remove_run(name, run_id), lambda: self._remove_files(run_id))
            return self._remove_files(run_id)

    def _remove_files(self, run_id: int) -> list[Path]:
        return self.home.remove_run(self.schema.name, run_id, [table.key for table in self.schema.tables])

    def _completed(self, run_id: int) -> Run:
        run = self.catalog.run(self.schema.name, run_id)
        if run.status is not RunStatus.COMPLETED:
            raise ConflictError(f"Run {run_id} is {run.status}.", hint="Only completed runs can be compared.")
        return run

    def _files(self, run: Run) -> dict[str, list[str]]:
        files = checked_files(self.home, self.catalog, self.schema, run)
        return {key: [str(path) for path in found] for key, found in files.items()}
