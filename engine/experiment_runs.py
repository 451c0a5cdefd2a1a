"""The runs of an experiment: estimates, generation, loading, and what is stored of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import ConflictError
from engine.experiment_versions import ExperimentVersions
from engine.schema.growth import can_grow
from engine.store.lock import is_held
from engine.store.records import Run, RunProgress, RunStatus
from engine.warehouse.querying.handle import QueryHandle

if TYPE_CHECKING:
    import polars as pl

    from engine.generation.estimates import Estimate
    from engine.generation.growth import Batches, Growth, RunBefore
    from engine.runs.loading import LoadResult
    from engine.runs.run import ProgressListener, RunRequest, RunWork
    from engine.runs.stored_runs import StoredRuns


class ExperimentRuns(ExperimentVersions):
    """An experiment that generates data and loads it."""

    def planned_rows(
        self, rows: int | Mapping[str, int] | None = None, *, total_rows: int | None = None, seed: int | None = None
    ) -> dict[str, int]:
        """Return the number of rows that `generate(rows, total_rows=..., seed=...)` would generate, by table key."""
        return self._grown(rows, seed, total_rows).counts

    def followed_tables(self) -> dict[str, str]:
        """Return the tables whose row count follows from another table unless given: key by key."""
        from engine.rules.keys.table_rows import followed_tables

        return followed_tables(self.schema)

    def estimate(
        self,
        rows: int | Mapping[str, int] | None = None,
        *,
        total_rows: int | None = None,
        load: bool = True,
        seed: int | None = None,
    ) -> Estimate:
        """Estimate `generate(rows, seed=seed)`: `.bytes` on the disk, its `.free_bytes`, `.seconds` and `.fits`.

        It learns from earlier runs of the home folder; `.source` says where it comes from.
        """
        from engine.generation.estimates import estimate
        from engine.generation.timings import Earlier
        from engine.runs.run import prepare

        record = self._current()
        request = prepare(
            record.schema,
            rows,
            0 if seed is None else seed,
            total_rows=total_rows,
            before=None if seed is None else self._run_before(),
            load=load,
            output_dir=None,
        )
        earlier = Earlier(self._services.catalog.timings(), record.name, record.version)
        return estimate(request.plans, self._services.home.root, load=load, earlier=earlier)

    def generate(
        self,
        rows: int | Mapping[str, int] | None = None,
        *,
        total_rows: int | None = None,
        seed: int | None = None,
        load: bool = True,
        output_dir: str | Path | None = None,
        progress: ProgressListener | None = None,
        batches: Batches | None = None,
    ) -> Run:
        """Generate the data of every table and load it; returns the COMPLETED run.

        `rows` is a number for all tables or one for each named table, the schema's by default. `total_rows` is about
        the number of rows in all: it is spread over the tables that `rows` does not name, in proportion of the
        schema's counts; lookups and calendars keep theirs. Without a `seed` a random one is used and recorded. The
        Parquet files go to the run's folder, or to `output_dir`. `progress` is called after every chunk; without it a
        bar is shown on a terminal and in a notebook. An error makes the run
        FAILED or ABORTED and is raised; raises `BusyError` when another change is running.

        Where a table `grows`, a run with the seed of the last completed run and at least its rows adds to it, and
        changes none of them: see the run's `batches` and `notes`. With `batches`, it adds to those instead, as when a
        run is repeated: `generate(run.requested_rows, seed=run.seed, batches=run.batches)`; none make all rows anew.
        """
        request = self._prepare(rows, total_rows, seed, load=load, output_dir=output_dir, batches=batches)
        return self._run_here(request, progress)

    def start(
        self,
        rows: int | Mapping[str, int] | None = None,
        *,
        total_rows: int | None = None,
        seed: int | None = None,
        load: bool = True,
        batches: Batches | None = None,
    ) -> Run:
        """Start a run in the background and return it as RUNNING; bad input raises here, as in `generate`."""
        request = self._prepare(rows, total_rows, seed, load=load, output_dir=None, batches=batches)
        return self._start_in_background(request)

    def resume(self, run_id: int, *, progress: ProgressListener | None = None) -> Run:
        """Resume an ABORTED or FAILED run until it is COMPLETED, and load it if the run was started with `load`.

        Chunks already written are reused: the data equals that of an uninterrupted run.
        Raises `NotFoundError`, `ConflictError` for a run in another state, and what `generate` raises.
        """
        return self._run_here(self._prepare_resume(run_id), progress)

    def start_resume(self, run_id: int) -> Run:
        """Resume a run in the background and return it as RUNNING; raises immediately what `resume` rejects."""
        return self._start_in_background(self._prepare_resume(run_id))

    def cancel(self, run_id: int | None = None) -> Run:
        """Request cancellation of a run (the active one by default), of any process; returns the run.

        It stops before its next chunk and becomes ABORTED. A second request, or one after its end, has no effect.
        """
        if run_id is None:
            active = self._active_run()
            if active is None:
                raise ConflictError(f'No run of "{self.name}" is active.', hint="There is nothing to cancel.")
            run_id = active.id
        return self._services.catalog.request_cancel(self.name, run_id)

    def load(self, run_id: int | None = None) -> LoadResult:
        """Replace the loaded data with the data of a completed run, the newest by default.

        The tables are then those of the run's version of the schema.
        """
        return self._loader().load(self.name, run_id)

    def reset(self) -> LoadResult:
        """Delete the rows of every table; the schema with its versions and the runs stay."""
        return self._loader().reset(self.name)

    def runs(self) -> list[Run]:
        """Return all runs, newest first."""
        self._abort_orphans()
        return self._services.catalog.runs(self.name)

    def run(self, run_id: int) -> Run:
        """Return one run; raises `NotFoundError`."""
        self._abort_orphans()
        return self._services.catalog.run(self.name, run_id)

    def progress(self, run_id: int | None = None) -> RunProgress | None:
        """Return the progress of a run, by default of the active one; None when no run is active."""
        if run_id is None:
            active = self._active_run()
            if active is None:
                return None
            run_id = active.id
        return self._services.catalog.progress(self.name, run_id)

    def run_sizes(self, run_id: int) -> dict[str, int]:
        """Return the size in bytes of each table's files of a run."""
        return self._stored_runs().sizes(run_id)

    def compare(self, first: int, second: int, *, handle: QueryHandle | None = None) -> pl.DataFrame:
        """Compare the statistics of two completed runs, one row for each column of each table."""
        return self._services.querying.compare(self._stored_runs().comparison(first, second), handle)

    def compare_tables(self, first: int, second: int) -> pl.DataFrame:
        """Compare the rows and bytes of two completed runs, one row for each table."""
        return self._stored_runs().compare_tables(first, second)

    def delete_run(self, run_id: int) -> list[Path]:
        """Delete a run with its files; raises `ConflictError` while it is running or loaded.

        Returns the files in its folder that are not deleted, because they are not workbench files.
        """
        return self._stored_runs().remove(run_id)

    def _grown(self, rows: int | Mapping[str, int] | None, seed: int | None, total_rows: int | None = None) -> Growth:
        """Return the schema and the row counts of a run with the seed; without one, those of a run that starts anew."""
        from engine.generation.growth import plan_growth

        record = self._current()
        before = None if seed is None else self._run_before()
        return plan_growth(record.schema, rows, seed, before, total_rows=total_rows, schema_version=record.version)

    def _run_before(self) -> RunBefore | None:
        """Return the last completed run, None where no table grows."""
        from engine.generation.growth import RunBefore

        if not can_grow(self.schema):
            return None
        runs = (run for run in self._services.catalog.runs(self.name) if run.status is RunStatus.COMPLETED)
        run = next(runs, None)
        if run is None:
            return None
        return RunBefore(run.id, run.seed, run.requested_rows, run.batches, run.schema_version)

    def _stored_runs(self) -> StoredRuns:
        from engine.runs.stored_runs import StoredRuns

        return StoredRuns(self._services.home, self._services.catalog, self.name)

    def _prepare_resume(self, run_id: int) -> RunRequest:
        from engine.runs.run import prepare_resume

        run = self.run(run_id)
        return prepare_resume(self.version_schema(run.schema_version), run)

    def _prepare(
        self,
        rows: int | Mapping[str, int] | None,
        total_rows: int | None,
        seed: int | None,
        *,
        load: bool,
        output_dir: str | Path | None,
        batches: Batches | None,
    ) -> RunRequest:
        from engine.runs.run import prepare

        record = self._current()
        return prepare(
            record.schema,
            rows,
            seed,
            total_rows=total_rows,
            before=self._run_before(),
            batches=batches,
            load=load,
            output_dir=output_dir,
            home=self._services.home.root,
            schema_version=record.version,
        )

    def _run_here(self, request: RunRequest, progress: ProgressListener | None) -> Run:
        from engine.runs.progress_bar import show_progress
        from engine.runs.run import RunWork

        with show_progress(progress) as listener:
            work = RunWork(self._services.home, self._services.catalog, self._services.settings, request, listener)
            work.begin()
            return work.work()

    def _start_in_background(self, request: RunRequest) -> Run:
        from engine.runs.run import RunWork

        work = RunWork(self._services.home, self._services.catalog, self._services.settings, request)
        run = work.begin()
        self._services.jobs.start(f"{self.name}/{run.id}", lambda: _run_silently(work))
        return run

    def _active_run(self) -> Run | None:
        self._abort_orphans()
        running = (run for run in self._services.catalog.runs(self.name) if run.status is RunStatus.RUNNING)
        return next(running, None)

    def _abort_orphans(self) -> None:
        self._services.catalog.abort_orphans(self.name, lambda: is_held(self._services.home, self.name))


def _run_silently(work: RunWork) -> None:
    """Do the work of a background run; its catalog row records any error."""
    try:
        work.work()
    except Exception:
        return
