"""Loading: building the warehouse file of an experiment, from the Parquet files of a run or with empty tables.

A load writes a new file and moves the pointer; readers of the old file can use it until it is swept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import ConflictError, WorkbenchError
from engine.runs.run_files import verify_files
from engine.schema.models import ExperimentSchema
from engine.settings import Settings
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.lock import ExperimentLock
from engine.store.mark_sync import mark_experiment, mark_versions
from engine.store.records import Run, RunStatus
from engine.store.reserve import retry_with_space
from engine.store.sweep import sweep_experiment
from engine.system.durable_files import is_disk_full
from engine.warehouse.loading.load import build_warehouse


@dataclass(frozen=True)
class LoadResult:
    """The result of a load or reset: the table keys and their row counts.

    `run_id` is the run whose data was loaded, None for a reset.
    """

    experiment: str
    run_id: int | None
    loaded_tables: list[str]
    row_counts: dict[str, int]


@dataclass(frozen=True)
class Loader:
    """Builds warehouse files for the experiments of one home folder; the caller holds the experiment's lock."""

    home: Home
    catalog: Catalog
    settings: Settings

    def build(
        self,
        schema: ExperimentSchema,
        files: Mapping[str, Sequence[Path]] | None,
        counts: Mapping[str, int] | None,
        on_rows: Callable[[str, int], None] | None = None,
    ) -> int:
        """Write a new warehouse file (None: with empty tables) and return its load id; nothing points to it yet.

        `on_rows(table key, rows)` gets the rows loaded so far; an error that it raises stops the load.
        """
        load_id = self.catalog.next_load_id(schema.name)
        self._build(schema, load_id, files, counts, on_rows)
        return load_id

    def create(self, schema: ExperimentSchema) -> None:
        """Create an experiment with empty tables: first the warehouse file, then the catalog row that points to it."""
        load_id = 1
        self._build(schema, load_id, None, None)
        mark_experiment(self.home, self.catalog.create_experiment(schema, load_id))

    def load(self, name: str, run_id: int | None) -> LoadResult:
        """Replace the loaded data with that of a completed run, the newest one when `run_id` is None.

        The tables are those of the run's version of the schema.
        """
        with ExperimentLock(self.home, name, action="load") as lock:
            run = self._completed_run(name, run_id)
            schema = self.catalog.version_schema(name, run.schema_version)
            files = verify_files(self.home, self.catalog, schema, run)
            load_id = self.build(schema, files, run.row_counts)
            lock.note_ending()
            self.catalog.set_warehouse(name, load_id, run.id, run.row_counts, run.schema_version)
            self.sweep(name)
        return LoadResult(schema.name, run.id, list(run.row_counts), dict(run.row_counts))

    def reset(self, name: str) -> LoadResult:
        """Delete the rows of every table; the schema with its versions and the runs stay."""
        with ExperimentLock(self.home, name, action="reset"):
            return self.empty(name)

    def empty(self, name: str) -> LoadResult:
        """Point the experiment to the empty tables of its current schema; the lock must be held.

        On a full disk it points to no file, which means the same. If there is no space even for that change, the old
        file is deleted first: its data is no longer needed.
        """
        record = self.catalog.experiment(name)
        schema, version = record.schema, record.version
        counts = {table.key: 0 for table in schema.tables}
        try:
            self.catalog.set_warehouse(schema.name, self.build(schema, None, None), None, counts, version)
        except WorkbenchError as error:
            if not is_disk_full(error):
                raise
            retry_with_space(
                lambda: self.catalog.set_warehouse(schema.name, None, None, counts, version),
                lambda: sweep_experiment(self.home, schema.name, None),
            )
        self.sweep(schema.name)
        return LoadResult(schema.name, None, list(counts), counts)

    def sweep(self, name: str) -> None:
        """Record in the folder's mark what is loaded, and remove files that are no longer referenced."""
        record = self.catalog.experiment(name)
        mark_versions(self.home, self.catalog, record)
        mark_experiment(self.home, record)
        sweep_experiment(self.home, name, record.load_id)

    def _build(
        self,
        schema: ExperimentSchema,
        load_id: int,
        files: Mapping[str, Sequence[Path]] | None,
        counts: Mapping[str, int] | None,
        on_rows: Callable[[str, int], None] | None = None,
    ) -> None:
        build_warehouse(
            self.home.warehouse_path(schema.name, load_id),
            schema,
            files,
            counts,
            threads=self.settings.threads,
            memory_mb=self.settings.query_memory_mb,
            on_table=on_rows,
        )

    def _completed_run(self, name: str, run_id: int | None) -> Run:
        if run_id is not None:
            run = self.catalog.run(name, run_id)
            if run.status is not RunStatus.COMPLETED:
                raise ConflictError(
                    f'Run {run_id} of "{name}" is {run.status}, so it cannot be loaded.',
                    hint="Load a COMPLETED run, or generate again.",
                )
            return run
        for run in self.catalog.runs(name):
            if run.status is RunStatus.COMPLETED:
                return run
        raise ConflictError(f'"{name}" has no completed run to load.', hint="Generate data first.")
