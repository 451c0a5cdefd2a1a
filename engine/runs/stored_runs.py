"""The stored runs of an experiment: file sizes, comparison of two runs, and deletion."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from engine.errors import ConflictError
from engine.runs.run_files import verify_files
from engine.schema.differences import common_tables
from engine.schema.hidden import stored_schema
from engine.schema.models import ExperimentSchema
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.lock import ExperimentLock
from engine.store.mark_sync import folder_tables, mark_run
from engine.store.marks import MarkState
from engine.store.records import Run, RunStatus
from engine.store.reserve import retry_with_space

if TYPE_CHECKING:
    from engine.warehouse.audit.run_comparison import ComparisonTask

_COMPARISON_SCHEMA = {
    "table": pl.String,
    "rows_first": pl.Int64,
    "rows_second": pl.Int64,
    "bytes_first": pl.Int64,
    "bytes_second": pl.Int64,
}


@dataclass(frozen=True)
class StoredRuns:
    """The runs of one experiment and their files."""

    home: Home
    catalog: Catalog
    name: str

    def sizes(self, run_id: int) -> dict[str, int]:
        """Return the size in bytes of each table of a run, by table key."""
        parts = self.catalog.parts(self.name, run_id)
        keys = [table.key for table in self._schema(self.catalog.run(self.name, run_id)).tables]
        return {key: sum(part.size_bytes for part in parts.get(key, ())) for key in keys}

    def comparison(self, first: int, second: int) -> ComparisonTask:
        """Return the task that compares two runs column by column.

        Runs of different versions of the schema are compared in the columns that both have. Raises `ConflictError` for
        a run that is not COMPLETED, and `LoadError` for a damaged file.
        """
        runs = [self._completed(first), self._completed(second)]
        from engine.warehouse.audit.run_comparison import ComparisonTask

        schemas = [stored_schema(self._schema(run)) for run in runs]
        return ComparisonTask(common_tables(*schemas), *(self._files(run) for run in runs))

    def compare_tables(self, first: int, second: int) -> pl.DataFrame:
        """Return the rows and bytes of two runs, one row for each table; raises `ConflictError`."""
        runs = [self._completed(first), self._completed(second)]
        counts, sizes = [run.row_counts for run in runs], [self.sizes(run.id) for run in runs]
        keys = dict.fromkeys(table.key for run in runs for table in self._schema(run).tables)
        frame = pl.DataFrame(
            [[key, *(side.get(key, 0) for pair in (counts, sizes) for side in pair)] for key in keys],
            schema=_COMPARISON_SCHEMA,
            orient="row",
        )
        return frame.with_columns(
            (pl.col(f"{measure}_second") - pl.col(f"{measure}_first")).alias(f"{measure}_difference")
            for measure in ("rows", "bytes")
        )

    def remove(self, run_id: int) -> list[Path]:
        """Delete a run with its files; raises `ConflictError` while it is running or loaded.

        Returns the files in its folder that are not deleted, because they are not workbench files.
        """
        name = self.name
        with ExperimentLock(self.home, name, action="delete a run"):
            run = self.catalog.run(name, run_id)
            if run.is_loaded:
                raise ConflictError(
                    f"Run {run_id} is loaded.", hint="Load another run or reset the tables, then delete it."
                )
            if run.status is RunStatus.RUNNING:
                raise ConflictError(f"Run {run_id} is running.", hint="Cancel it first.")
            mark_run(self.home, self.catalog, run, MarkState.DELETING)  # so that a killed deletion is completed
            retry_with_space(lambda: self.catalog.remove_run(name, run_id), lambda: self._remove_files(run))
            return self._remove_files(run)

    def _remove_files(self, run: Run) -> list[Path]:
        record = self.catalog.experiment(self.name)
        return self.home.remove_run(self.name, run.id, [*run.requested_rows, *folder_tables(self.home, record)])

    def _schema(self, run: Run) -> ExperimentSchema:
        return self.catalog.version_schema(self.name, run.schema_version)

    def _completed(self, run_id: int) -> Run:
        run = self.catalog.run(self.name, run_id)
        if run.status is not RunStatus.COMPLETED:
            raise ConflictError(f"Run {run_id} is {run.status}.", hint="Only completed runs can be compared.")
        return run

    def _files(self, run: Run) -> dict[str, list[str]]:
        files = verify_files(self.home, self.catalog, self._schema(run), run)
        return {key: [str(path) for path in found] for key, found in files.items()}
