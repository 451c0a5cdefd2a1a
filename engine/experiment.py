"""An experiment: a schema, its runs, and its loaded tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from engine.display.html_tables import html_table
from engine.display.wording import counted
from engine.errors import ConflictError, NotFoundError, did_you_mean
from engine.generation.estimates import Estimate, estimate
from engine.generation.preview import preview
from engine.generation.requested_counts import check_seed, row_counts
from engine.queries.query_dialects import dialect_of
from engine.queries.saved_queries import ExperimentQueries
from engine.rules.keys.table_rows import followed_tables
from engine.runs.jobs import Jobs
from engine.runs.loading import Loader, LoadResult
from engine.runs.progress_bar import show_progress
from engine.runs.run import ProgressListener, RunRequest, RunWork, prepare, prepare_resume
from engine.runs.stored_runs import StoredRuns
from engine.schema.diagram import er_diagram
from engine.schema.files import schema_to_json
from engine.schema.limits import check_text
from engine.schema.models import ExperimentSchema, TableSchema
from engine.settings import Settings
from engine.sql.ddl_export import export_ddl
from engine.sql.first_query import first_query, first_rows_query
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.lock import is_held
from engine.store.records import ExperimentRecord, Run, RunProgress, RunStatus
from engine.warehouse.querying.handle import QueryHandle
from engine.warehouse.querying.page import Page

if TYPE_CHECKING:
    from engine.queries.home_queries import Querying
    from engine.sql.translation import Variables
    from engine.warehouse.audit.audit import AuditResult
    from engine.warehouse.profiling.profile_records import Profile
    from engine.warehouse.querying.execution import QueryResult


@dataclass(frozen=True)
class Services:
    """The services that all experiments of a workbench share."""

    home: Home
    catalog: Catalog
    settings: Settings
    jobs: Jobs

    @cached_property
    def querying(self) -> Querying:
        """The queries of the home folder; imported by the first one, as a run needs no query."""
        from engine.queries.home_queries import open_querying

        return open_querying(self.home, self.catalog, self.settings)

    def close(self) -> None:
        """Close the catalog and stop the query workers."""
        if "querying" in vars(self):
            self.querying.runner.close()
        self.catalog.close()


class Experiment:
    """An experiment; returned by `Workbench.create` and `workbench[name]`."""

    def __init__(self, services: Services, record: ExperimentRecord) -> None:
        self._services = services
        self._record = record

    @property
    def name(self) -> str:
        """The name, as it was created."""
        return self._record.name

    @property
    def schema(self) -> ExperimentSchema:
        """The schema: `.tables[i].name`, `.tables[i].columns[j].name`."""
        return self._record.schema

    @property
    def warnings(self) -> list[str]:
        """Warnings about the schema, such as an added surrogate key."""
        return self.schema.warnings

    @property
    def created_at(self) -> datetime:
        """When the experiment was created (UTC)."""
        return self._record.created_at

    @property
    def loaded_run_id(self) -> int | None:
        """The id of the loaded run; None when the tables are empty."""
        return self._load_record().loaded_run_id

    def row_counts(self) -> dict[str, int]:
        """Return the number of loaded rows by table key."""
        return dict(self._load_record().row_counts)

    def planned_rows(
        self, rows: int | Mapping[str, int] | None = None, *, total_rows: int | None = None
    ) -> dict[str, int]:
        """Return the number of rows that `generate(rows, total_rows=...)` would generate, by table key."""
        return row_counts(self.schema, rows, total_rows=total_rows)

    def followed_tables(self) -> dict[str, str]:
        """Return the tables whose row count follows from another table unless given: key by key."""
        return followed_tables(self.schema)

    def estimate(
        self, rows: int | Mapping[str, int] | None = None, *, total_rows: int | None = None, load: bool = True
    ) -> Estimate:
        """Estimate `generate(rows)`: `.bytes` of disk space, `.free_bytes` of the disk, `.seconds` and `.fits`."""
        request = prepare(self.schema, self._requested(rows, total_rows), 0, load=load, output_dir=None)
        return estimate(request.plans, self._services.home.root, load=load)

    @property
    def queries(self) -> ExperimentQueries:
        """The recent queries, `.history()`, and the saved ones, `.saved()`."""
        return ExperimentQueries(self._services.catalog, self.name)

    def size_bytes(self) -> int:
        """Return the size of the experiment's folder: its runs and its warehouse file."""
        return self._services.home.size_bytes(self.name)

    def to_json(self) -> str:
        """Return the schema as the JSON text of a schema file."""
        return schema_to_json(self.schema)

    @property
    def dialect(self) -> str:
        """The dialect of queries that name none: that of the script, or duckdb without one."""
        return dialect_of(self.schema)

    def to_ddl(self, dialect: str) -> str:
        """Return the schema as a CREATE TABLE script for redshift, snowflake or duckdb."""
        return export_ddl(self.schema, dialect)

    def diagram(self, around: str | None = None) -> str:
        """Return the tables and keys as a Mermaid diagram: all tables, or one table and its neighbours."""
        return er_diagram(self.schema, around=around)

    def preview(
        self,
        table: str,
        rows: int = 10,
        *,
        offset: int = 0,
        seed: int = 0,
        counts: int | Mapping[str, int] | None = None,
    ) -> pl.DataFrame:
        """Return `rows` rows of a table, starting at row number `offset`; nothing is written.

        They equal the same rows of a run with the same seed and row counts (`counts`, as `rows` of `generate`).
        """
        resolved = row_counts(self.schema, counts, check_seed(seed))
        return preview(self.schema, self.table(table), rows=rows, offset=offset, seed=seed, counts=resolved)

    def table(self, name: str) -> TableSchema:
        """Return the table of that name (`table` or `schema.table`); raises `NotFoundError`."""
        check_text(name, "The name of the table")
        try:
            return self.schema.table(name)
        except KeyError as error:
            known = [table.key for table in self.schema.tables]
            hint = did_you_mean(name, known) or f"The tables are: {', '.join(known[:20])}."
            raise NotFoundError(f'There is no table "{name}" in "{self.name}".', hint=hint) from error

    def generate(
        self,
        rows: int | Mapping[str, int] | None = None,
        *,
        total_rows: int | None = None,
        seed: int | None = None,
        load: bool = True,
        output_dir: str | Path | None = None,
        progress: ProgressListener | None = None,
    ) -> Run:
        """Generate the data of every table and load it; returns the COMPLETED run.

        `rows` is a number for all tables or one for each named table, the schema's by default. `total_rows` is about
        the number of rows in all: it is spread over the tables that `rows` does not name, in proportion of the
        schema's counts; lookups and calendars keep theirs. Without a `seed` a random one is used and recorded. The
        Parquet files go to the run's folder, or to `output_dir`. `progress` is called after every chunk; without it a
        bar is shown on a terminal and in a notebook. An error makes the run
        FAILED or ABORTED and is raised; raises `BusyError` when another change is running.
        """
        home = self._services.home.root
        counts = self._requested(rows, total_rows)
        request = prepare(self.schema, counts, seed, load=load, output_dir=output_dir, home=home)
        with show_progress(progress) as listener:
            work = RunWork(self._services.home, self._services.catalog, self._services.settings, request, listener)
            work.begin()
            return work.work()

    def start(
        self,
        rows: int | Mapping[str, int] | None = None,
        *,
        total_rows: int | None = None,
        seed: int | None = None,
        load: bool = True,
    ) -> Run:
        """Start a run in the background and return it as RUNNING; bad input raises here, as in `generate`."""
        home, counts = self._services.home.root, self._requested(rows, total_rows)
        return self._start_in_background(prepare(self.schema, counts, seed, load=load, output_dir=None, home=home))

    def resume(self, run_id: int, *, progress: ProgressListener | None = None) -> Run:
        """Resume an ABORTED or FAILED run until it is COMPLETED, and load it if the run was started with `load`.

        Chunks already written are reused: the data equals that of an uninterrupted run.
        Raises `NotFoundError`, `ConflictError` for a run in another state, and what `generate` raises.
        """
        request = self._prepare_resume(run_id)
        with show_progress(progress) as listener:
            work = RunWork(self._services.home, self._services.catalog, self._services.settings, request, listener)
            work.begin()
            return work.work()

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
        """Replace the loaded data with the data of a completed run, the newest by default."""
        return self._loader().load(self.schema, run_id)

    def reset(self) -> LoadResult:
        """Delete the rows of every table; the schema and the runs stay."""
        return self._loader().reset(self.schema)

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

    def query(
        self,
        sql: str,
        *,
        dialect: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        variables: Variables | None = None,
    ) -> QueryResult:
        """Run a SELECT over this experiment's tables, by their plain names; `dialect` is the experiment's by default.

        Returns at most `limit` rows after the first `offset`. The values of `variables` fill `$name` and `:name`.
        """
        return self._services.querying.query(
            sql, dialect=dialect, experiment=self.name, page=Page(limit, offset), variables=variables
        )

    def first_query(self) -> str:
        """Return a sample query: a value per month, rows per category, or the first rows of a table."""
        return first_query(self.schema)

    def rows_query(self, table: str) -> str:
        """Return the query for the first rows of a table; raises `NotFoundError`."""
        return first_rows_query(self.schema, self.table(table))

    def profile(self, table: str, *, handle: QueryHandle | None = None) -> Profile:
        """Return a profile of each column of a loaded table: `.columns`, and `.frame` with a row for each.

        Query limits apply, and another thread can call `handle.cancel()`; also for `key_coverage` and `audit`.
        """
        return self._services.querying.profile(self.name, self.table(table), handle)

    def key_coverage(self, *, handle: QueryHandle | None = None) -> pl.DataFrame:
        """Return a row for each foreign key: the share of parents with children, and the children per parent."""
        return self._services.querying.key_coverage(self.name, handle)

    def audit(self, *, handle: QueryHandle | None = None) -> AuditResult:
        """Check the loaded data against every rule of the schema: `.passed`, `.frame`, `.failures`."""
        return self._services.querying.audit(self.name, handle)

    def _repr_html_(self) -> str:
        counts = self.row_counts()
        rows = [
            (
                table.key,
                counts.get(table.key, 0),
                len(table.columns),
                ", ".join(column.name for column in table.columns),
            )
            for table in self.schema.tables
        ]
        notes = f" ({counted(len(self.warnings), 'warning')}, see .warnings)" if self.warnings else ""
        extent = f"{counted(len(rows), 'table')}, {counted(sum(counts.values()), 'row')}"
        caption = f"Experiment {self.name}: {extent}{notes}"
        return html_table(caption, ["table", "rows", "columns", "column names"], rows)

    def __repr__(self) -> str:
        return f"Experiment({self.name!r}, tables={[table.key for table in self.schema.tables]})"

    def _load_record(self) -> ExperimentRecord:
        return self._services.catalog.experiment(self.name)

    def _requested(
        self, rows: int | Mapping[str, int] | None, total_rows: int | None
    ) -> int | Mapping[str, int] | None:
        return rows if total_rows is None else row_counts(self.schema, rows, total_rows=total_rows)

    def _stored_runs(self) -> StoredRuns:
        return StoredRuns(self._services.home, self._services.catalog, self.schema)

    def _loader(self) -> Loader:
        return Loader(self._services.home, self._services.catalog, self._services.settings)

    def _prepare_resume(self, run_id: int) -> RunRequest:
        return prepare_resume(self.schema, self.run(run_id))

    def _start_in_background(self, request: RunRequest) -> Run:
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
