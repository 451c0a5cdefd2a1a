"""The workbench: the experiments of a home folder, and queries across them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from engine.display.html_tables import html_table
from engine.display.wording import counted
from engine.errors import DamagedError, WorkbenchError
from engine.experiment import Experiment
from engine.review.sources import read_source
from engine.runs.creating import create_experiment
from engine.runs.jobs import Jobs
from engine.runs.loading import Loader
from engine.schema.limits import check_text
from engine.schema.models import ExperimentSchema
from engine.schema.names import name_fault
from engine.services import Services
from engine.settings import Settings
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.lock import ExperimentLock, is_held
from engine.store.mark_sync import mark_deleting
from engine.store.records import DamagedExperiment, Run, RunProgress, RunStatus
from engine.store.recovery import (
    Recovery,
    check_catalog,
    find_lost,
    open_filled_catalog,
    rename_damaged_catalog,
    restore,
)
from engine.store.reserve import retry_with_space
from engine.store.sweep import sweep_home
from engine.system.disk_cache import use_folder
from engine.warehouse.querying.handle import QueryHandle
from engine.warehouse.querying.limits import Limits
from engine.warehouse.querying.page import Page

if TYPE_CHECKING:
    from engine.export.sampling import Sample
    from engine.queries.home_queries import Querying
    from engine.queries.runner import QueryRunner
    from engine.review.drafts import EditorDrafts
    from engine.review.review import Review
    from engine.review.rule_catalogue.records import CatalogueRule
    from engine.review.sources import Source
    from engine.sql.translation import Variables
    from engine.warehouse.querying.execution import QueryResult


class Workbench:
    """All experiments of a home folder, which other processes can use at the same time.

    `home` is the folder; by default `$DW_SIM_HOME`, else the user's data folder. `notes` list the
    unknown files found there at opening, which are not touched. Raises `CatalogLostError` when the catalog is missing
    or empty although there is data of experiments: `Workbench.recover` rebuilds it.
    """

    def __init__(self, home: str | Path | None = None, *, settings: Settings | None = None) -> None:
        chosen = settings or Settings.from_environment()
        self.settings = chosen if home is None else chosen.at(home)
        check_catalog(self.settings.home)
        folder = Home(self.settings.home)
        use_folder(folder.cache_dir)
        catalog = Catalog(folder.catalog_path)
        self.notes = sweep_home(folder, catalog)
        self._services = Services(folder, catalog, self.settings, Jobs())

    @classmethod
    def recover(
        cls, home: str | Path | None = None, *, settings: Settings | None = None, dry_run: bool = False
    ) -> Recovery:
        """Restore the experiments and runs that are in a home folder but not in its catalog.

        Returns what was found; with `dry_run` nothing is changed. An experiment whose warehouse file is missing gets
        empty tables: load one of its runs again. Past and saved queries are in the catalog only. A damaged catalog
        is renamed.
        """
        chosen = settings or Settings.from_environment()
        chosen = chosen if home is None else chosen.at(home)
        folder = Home(chosen.home, is_made=False)
        catalog = open_filled_catalog(folder.catalog_path)
        try:
            recovery = find_lost(folder, catalog) if folder.experiments_dir.is_dir() else Recovery(())
            if dry_run or not recovery:
                return recovery
            folder = Home(chosen.home)
            rename_damaged_catalog(folder.catalog_path)
            catalog = catalog or Catalog(folder.catalog_path)
            restore(folder, catalog, recovery)
            loader = Loader(folder, catalog, chosen)
            for lost in recovery.experiments:
                if not lost.is_reattached:
                    loader.reset(lost.name)
        finally:
            if catalog is not None:
                catalog.close()
        return recovery

    def create(self, source: Source, *, name: str | None = None) -> Experiment:
        """Create an experiment with empty tables from a schema: a path, JSON text, a mapping, a schema or a draft.

        Raises `SchemaError` with every problem of the schema and its rules, `NotFoundError` for a missing file and
        `ConflictError` when the name is taken.
        """
        schema = read_source(source, name)
        create_experiment(Loader(self._services.home, self._services.catalog, self.settings), schema)
        return self[schema.name]

    def attach(
        self,
        place: str | Path,
        *,
        name: str | None = None,
        sample: Sample | None = None,
        endpoint: str = "",
        retries: int = 10,
    ) -> Experiment:
        """Read an exported run into an experiment as a completed run, which is loaded; its notes name the place.

        `place` is a folder or a URL, as for `Experiment.export`. The experiment is a new one with the schema of the
        export, or the one of that `name` (by default the exported one's) if a version of it has the same schema.
        `sample` takes a share of the rows (0.01), a number of rows of each table (10_000) or of some
        ({"orders": 10_000}), and the parents of all of them. Every file that is read is compared with the manifest.
        Raises `NotFoundError` where there is no export, `ConflictError` for an experiment of another schema, and
        `WorkbenchError` for an export that is not complete, not Parquet, or damaged; nothing is left of it then.
        """
        from engine.export.object_access import StoreOptions
        from engine.export.opening import open_place
        from engine.export.reading import read_export
        from engine.runs.attaching import Attaching, find_version

        source = open_place(place, StoreOptions(endpoint, retries))
        exported = read_export(source)
        loader = Loader(self._services.home, self._services.catalog, self.settings)
        schema = read_source(exported.schema, name)
        is_new = schema.name not in self
        version = 1 if is_new else find_version(loader, exported, schema)
        if is_new:
            create_experiment(loader, schema)
        try:
            Attaching(loader, source, exported, schema.name, version, sample).work()
        except BaseException:
            if is_new:
                with suppress(WorkbenchError):
                    self.delete(schema.name)
            raise
        return self[schema.name]

    def rules(self, data_type: str, *, search: str = "") -> list[CatalogueRule]:
        """Return the rules that fit a column of a type, with three samples each: all, or those that a search means.

        The column is in a table with an `id` and a `customer_id`, which rules that read others start with. Raises
        `SchemaError` for an unknown type.
        """
        from engine.review.rule_catalogue.by_type import rules_of_type

        return rules_of_type(data_type, search)

    def review(self, source: Source, *, name: str | None = None) -> Review:
        """Return a schema to review and change before `create(review.edited())`; nothing is saved.

        Raises the same errors as `create`.
        """
        schema = read_source(source, name)
        self._services.catalog.check_free(schema.name)
        from engine.review.review import Review

        return Review(schema)

    def blank_review(self, name: str, table: str) -> Review:
        """Return a schema of one table with a key, to be built in a review before `create(review.edited())`.

        Raises `SchemaError` for invalid names, and `ConflictError` when the experiment's name is taken.
        """
        from engine.review.structure import blank_schema

        return self.review(blank_schema(name, table))

    def editor_drafts(self, browser: str, experiment: str | None = None) -> EditorDrafts:
        """Return the drafts of the schema editor of a browser, of an experiment or of a new one."""
        from engine.review.drafts import EditorDrafts

        return EditorDrafts(self._services.catalog, browser, experiment)

    def planned_rows(self, schema: ExperimentSchema) -> dict[str, int]:
        """Return the number of rows that a run of a schema would generate, by table key; nothing is created."""
        from engine.generation.requested_counts import row_counts

        return row_counts(schema, None)

    def experiments(self) -> list[Experiment]:
        """Return all experiments by name, except damaged ones."""
        return [Experiment(self._services, record) for record in self._services.catalog.experiments()]

    def current_runs(self, *, ended_after: datetime | None = None) -> list[tuple[Run, RunProgress]]:
        """Return the RUNNING runs of all experiments and processes with their progress, the oldest first.

        With `ended_after` also those that ended after that time, at most 100. The home folder is not read, only the
        catalog: it is quick enough to call every second.
        """
        home, catalog = self._services.home, self._services.catalog
        found = catalog.current_runs(ended_after)
        is_current = True
        for run, _ in found:
            if run.status is RunStatus.RUNNING:
                is_current &= not catalog.abort_orphans(run.experiment, partial(is_held, home, run.experiment))
        return found if is_current else catalog.current_runs(ended_after)

    def recently_used(self) -> list[str]:
        """Return the names of the experiments, damaged ones included: first the one changed, run or queried last."""
        return self._services.catalog.recently_used()

    def damaged_experiments(self) -> list[DamagedExperiment]:
        """Return the experiments whose records cannot be read: `.name`, `.error`; `delete` deletes one."""
        return self._services.catalog.damaged_experiments()

    def name_of(self, name: str) -> str:
        """Return the name of an experiment as it was created, damaged or not; raises `NotFoundError`."""
        check_text(name.replace("\0", ""), "The experiment name")
        return self._services.catalog.experiment_name(name)

    def delete(self, name: str) -> list[Path]:
        """Delete an experiment with its runs and data; raises `NotFoundError`, or `BusyError` during a change.

        The record is deleted before the files, unless the disk is too full for that. Returns the files in the folder
        that are not deleted, because they are not workbench files.
        """
        home, catalog = self._services.home, self._services.catalog
        check_text(name.replace("\0", ""), "The experiment name")  # a damaged name may hold a NUL
        found = catalog.experiment_name(name)
        if name_fault(found):  # a damaged name, which no folder has
            catalog.delete_experiment(found)
            return []
        with ExperimentLock(home, found, action="delete"):
            catalog.experiment_name(found)  # another process may have just deleted it
            self._services.discard_exports(found)
            tables = mark_deleting(home, found)  # so that a killed deletion is completed
            retry_with_space(lambda: catalog.delete_experiment(found), lambda: home.remove_contents(found, tables))
            return home.remove_experiment(found, tables)

    def query(
        self,
        sql: str,
        *,
        dialect: str | None = None,
        experiment: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        count: bool = False,
        timeout_seconds: float | None = None,
        memory_mb: int | None = None,
        handle: QueryHandle | None = None,
        variables: Variables | None = None,
    ) -> QueryResult:
        """Run a SELECT over `<experiment>__<table>` names; plain names too when an `experiment` is given.

        Without a `dialect` it is read in that of the experiment, or of the experiments it names: the one of their
        scripts, duckdb without a script. Where they differ, the experiment's or duckdb, and a note says so.
        Returns at most `limit` rows after the first `offset`; with `count`, `total` of the result is the number of all
        rows, if known within two seconds. The time and memory limits are those of the settings unless given.
        Another thread can cancel the query with `handle.cancel()`. The values of `variables` fill `$name` and `:name`:
        `query("select $n", variables={"n": 5})`; a value is a number, text, boolean, date, time, timestamp or None.
        """
        limits = Limits(timeout_seconds, memory_mb)
        return self._querying.query(
            sql,
            dialect=dialect,
            experiment=experiment,
            page=Page(limit, offset, count),
            limits=limits,
            handle=handle,
            variables=variables,
        )

    def query_json(
        self,
        sql: str,
        *,
        dialect: str | None = None,
        experiment: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        variables: Variables | None = None,
    ) -> list[bytes]:
        """Run a SELECT as `query` does; return the text of a JSON object in pieces: `columns`, `rows` and the rest.

        Raises `QueryError` for a result of too many values or too many bytes.
        """
        return self._querying.query_json(
            sql, dialect=dialect, experiment=experiment, page=Page(limit, offset), variables=variables
        )

    def warm(self) -> None:
        """Start a query worker before the first query needs it; does nothing when queries run in this process."""
        self._runner.warm()

    def stream_csv(
        self,
        sql: str,
        *,
        dialect: str | None = None,
        experiment: str | None = None,
        spreadsheet_safe: bool = False,
        variables: Variables | None = None,
    ) -> Iterator[bytes]:
        """Return the full result as CSV in pieces, the header first; an invalid query raises at this call.

        `spreadsheet_safe` puts a single quote in front of texts that a spreadsheet would run as formulas.
        """
        return self._querying.stream_csv(
            sql, dialect=dialect, experiment=experiment, spreadsheet_safe=spreadsheet_safe, variables=variables
        )

    def stream_parquet(
        self,
        sql: str,
        *,
        dialect: str | None = None,
        experiment: str | None = None,
        variables: Variables | None = None,
    ) -> Iterator[bytes]:
        """Return the full result as a Parquet file in pieces; an invalid query raises at this call."""
        return self._querying.stream_parquet(sql, dialect=dialect, experiment=experiment, variables=variables)

    def export_csv(
        self,
        sql: str,
        path: str | Path,
        *,
        dialect: str | None = None,
        experiment: str | None = None,
        spreadsheet_safe: bool = False,
        variables: Variables | None = None,
    ) -> int:
        """Write the full result as a CSV file, whole or not at all; return the number of rows.

        `spreadsheet_safe` puts a single quote in front of texts that a spreadsheet would run as formulas.
        """
        return self._querying.export_csv(
            sql,
            Path(path),
            dialect=dialect,
            experiment=experiment,
            spreadsheet_safe=spreadsheet_safe,
            variables=variables,
        )

    def save_query(self, sql: str, path: str | Path) -> Path:
        """Write a query's text as a UTF-8 `.sql` file and return its path."""
        return self._querying.save(sql, Path(path))

    def close(self) -> None:
        """Close the catalog and stop the query workers; background runs continue."""
        self._services.close()

    @property
    def _querying(self) -> Querying:
        return self._services.querying

    @property
    def _runner(self) -> QueryRunner:
        return self._querying.runner

    def __getitem__(self, name: str) -> Experiment:
        """Return an experiment by its case-insensitive name; raises `NotFoundError` with the nearest name."""
        check_text(name, "The experiment name")
        return Experiment(self._services, self._services.catalog.experiment(name))

    def __contains__(self, name: object) -> bool:
        """Return whether an experiment of that name exists."""
        try:
            check_text(str(name), "The experiment name")
            self._services.catalog.experiment(str(name))
        except DamagedError:
            return True
        except WorkbenchError:
            return False
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _repr_html_(self) -> str:
        experiments = self.experiments()
        rows = [(each.name, len(each.schema.tables), sum(each.row_counts().values())) for each in experiments]
        caption = f"Workbench in {self.settings.home}: {counted(len(rows), 'experiment')}"
        return html_table(caption, ["experiment", "tables", "rows"], rows)

    def __repr__(self) -> str:
        return f"Workbench({str(self.settings.home)!r})"
