"""Queries of a home folder: the experiments a query names, the request for what they hold now, and files of results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import polars as pl

from engine.errors import DamagedError, NotFoundError, QueryError, WorkbenchError
from engine.queries.query_dialects import DUCKDB, choose_dialect
from engine.queries.runner import QueryRunner, query_runner
from engine.schema.growth import with_batches
from engine.schema.limits import check_text, text_fault
from engine.schema.models import ExperimentSchema, TableSchema
from engine.settings import Settings
from engine.sql.translation import Variables
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.records import ExperimentRecord
from engine.system.user_files import check_target, write_user_file
from engine.warehouse.loading.layout import qualified_names
from engine.warehouse.profiling.profile_records import Profile
from engine.warehouse.querying.csv_stream import CsvStream, write_csv
from engine.warehouse.querying.execution import QueryResult
from engine.warehouse.querying.handle import QueryHandle
from engine.warehouse.querying.limits import Limits
from engine.warehouse.querying.macros import macro_file
from engine.warehouse.querying.page import Page
from engine.warehouse.querying.parquet_stream import ParquetStream
from engine.warehouse.querying.plan import QueryPlan, explaining, in_the_query, read_plan
from engine.warehouse.querying.request import Question, check_length, words_of
from engine.warehouse.querying.session import Attachment, experiments_named_in, retry_when_replaced
from engine.warehouse.workers.protocol import Request
from engine.warehouse.workers.response import WorkerFile
from engine.warehouse.workers.table_tasks import AuditTask, CoverageTask, ProfileTask
from engine.warehouse.workers.task import Task, counting_settings

if TYPE_CHECKING:
    from engine.warehouse.audit.audit import AuditResult
    from engine.warehouse.audit.run_comparison import ComparisonTask

SUFFIX = ".sql"
_NO_QUESTION = Question("")
T = TypeVar("T")


@dataclass(frozen=True)
class Querying:
    """Runs queries over the experiments of one home folder."""

    home: Home
    catalog: Catalog
    settings: Settings
    runner: QueryRunner

    def query(
        self,
        sql: str,
        *,
        dialect: str | None,
        experiment: str | None,
        page: Page,
        limits: Limits | None = None,
        handle: QueryHandle | None = None,
        variables: Variables | None = None,
    ) -> QueryResult:
        """Run one SELECT and return the rows of the page; `variables` fill its `$name` and `:name`."""
        question = self._question(sql, dialect, experiment, variables)
        settings = (limits or Limits()).within(self.settings)
        known = handle or QueryHandle()
        return self._run(
            lambda request: self.runner.run_query(replace(request, settings=settings, page=page), known),
            question,
            experiment,
        )

    def explain(
        self,
        sql: str,
        *,
        dialect: str | None,
        experiment: str,
        analyze: bool = False,
        handle: QueryHandle | None = None,
    ) -> QueryPlan:
        """Return the plan of a query; `analyze` runs the query for its rows and times."""
        try:
            result = self.query(
                explaining(sql, analyze=analyze), dialect=dialect, experiment=experiment, page=Page(), handle=handle
            )
        except QueryError as error:
            raise in_the_query(error) from error
        return read_plan(result.records(), analyze=analyze)

    def query_json(
        self, sql: str, *, dialect: str | None, experiment: str | None, page: Page, variables: Variables | None = None
    ) -> list[bytes]:
        """Run one SELECT and return the rows of the page as the text of a JSON object, in pieces."""
        question = self._question(sql, dialect, experiment, variables)
        return self._run(lambda request: self.runner.run_json(replace(request, page=page)), question, experiment)

    def stream_csv(
        self,
        sql: str,
        *,
        dialect: str | None,
        experiment: str | None,
        spreadsheet_safe: bool = False,
        variables: Variables | None = None,
    ) -> CsvStream | WorkerFile:
        """Return the full result as CSV in pieces; the stream ends its session itself."""
        question = self._question(sql, dialect, experiment, variables)
        return self._run(
            lambda request: self.runner.stream_csv(replace(request, spreadsheet_safe=spreadsheet_safe)),
            question,
            experiment,
        )

    def stream_parquet(
        self, sql: str, *, dialect: str | None, experiment: str | None, variables: Variables | None = None
    ) -> ParquetStream | WorkerFile:
        """Return the full result as a Parquet file in pieces; the stream ends its session itself."""
        question = self._question(sql, dialect, experiment, variables)
        return self._run(self.runner.stream_parquet, question, experiment)

    def profile(self, experiment: str, table: TableSchema, handle: QueryHandle | None = None) -> Profile:
        """Return a profile of each column of a loaded table."""
        return self._run_task(experiment, lambda _: ProfileTask(table), handle)

    def key_coverage(self, experiment: str, handle: QueryHandle | None = None) -> pl.DataFrame:
        """Return the share of parents with children for each foreign key of the loaded tables."""
        return self._run_task(experiment, lambda record: CoverageTask(record.loaded_schema), handle)

    def audit(self, experiment: str, handle: QueryHandle | None = None) -> AuditResult:
        """Check every constraint of an experiment's schema on its loaded data."""
        return self._run_task(experiment, self._audit_task, handle)

    def _audit_task(self, record: ExperimentRecord) -> AuditTask:
        schema, run_id = record.made_schema, record.loaded_run_id
        if run_id is None:
            return AuditTask(schema, record.row_counts, None)
        run = self.catalog.run(record.name, run_id)
        return AuditTask(with_batches(schema, run.batches), record.row_counts, run_id, run.requested_rows)

    def compare(self, task: ComparisonTask, handle: QueryHandle | None = None) -> pl.DataFrame:
        """Return a comparison of two runs."""
        request = replace(self._task_request([], None), folders=task.folders)
        return self.runner.run_task(request, task, handle or QueryHandle())

    def export_csv(
        self,
        sql: str,
        path: Path,
        *,
        dialect: str | None,
        experiment: str | None,
        spreadsheet_safe: bool = False,
        variables: Variables | None = None,
    ) -> int:
        """Write the full result to `path`, whole or not at all; return the number of rows."""
        target = check_target(path)
        stream = self.stream_csv(
            sql, dialect=dialect, experiment=experiment, spreadsheet_safe=spreadsheet_safe, variables=variables
        )
        try:
            write_csv(target, stream)
        finally:
            stream.close()
        return stream.rows

    def save(self, sql: str, path: Path) -> Path:
        """Write the text to a `.sql` file (the suffix is added) and return its path."""
        check_text(sql, "The query")
        if not sql.strip():
            raise WorkbenchError("There is no query to save.", hint="Write a query first.")
        target = check_target(path if path.suffix.lower() == SUFFIX else path.with_name(path.name + SUFFIX))
        with write_user_file(target) as unfinished:
            unfinished.write_text(sql.rstrip() + "\n", "utf-8")
        return target

    def _question(self, sql: str, dialect: str | None, experiment: str | None, variables: Variables | None) -> Question:
        """Return a query with the schemas of the experiments it may name; it is translated where it runs."""
        if not isinstance(sql, str):
            raise WorkbenchError(f"A query is text, not {type(sql).__name__}.", hint="Write a SELECT.")
        check_length(sql)
        if fault := text_fault(sql):
            raise QueryError(f"The query {fault}.", hint="Remove the character.")
        for subject, given in (("The dialect", dialect), ("The experiment name", experiment)):
            check_text(given or "", subject)
        current = self._current(experiment)
        if dialect is not None and dialect.lower() == DUCKDB:
            schemas = [] if experiment is None else [self.catalog.experiment(experiment).loaded_schema]
            return Question(sql, None, schemas, current, variables)
        records = {record.name: record for record in self.catalog.experiments()}
        names = dict.fromkeys(
            [*([current] if current else []), *experiments_named_in(words_of(sql, variables), list(records))]
        )
        schemas = [records[name].loaded_schema for name in names if name in records]
        note = ""
        if dialect is None:
            own = records[current].loaded_schema if current in records else None
            dialect, note = choose_dialect(own, schemas)
            if dialect == DUCKDB:
                return Question(sql, None, [own] if own else [], current, variables, note)
        return Question(sql, dialect, schemas, current, variables, note)

    def _run(self, run: Callable[[Request], T], question: Question, experiment: str | None) -> T:
        """Run a query on what the experiments hold now; again when a load replaces a file meanwhile."""
        current, macros = self._current(experiment), self._macros(question)
        return retry_when_replaced(lambda: run(self._request(question, current, macros)))

    def _request(self, question: Question, current: str | None, macros: Path | None) -> Request:
        attached = self._attachments(words_of(question.sql, question.variables), current)
        return Request(attached, current, self.settings, self.home.temp_dir, macros, question, Page())

    def _run_task(
        self, experiment: str, task_of: Callable[[ExperimentRecord], Task[T]], handle: QueryHandle | None
    ) -> T:
        """Run a task on what an experiment holds now; again when a load replaces its file meanwhile."""

        def run_now() -> T:
            record = self.catalog.experiment(experiment)
            request = self._task_request([self._attachment(record)], record.name, self._macros_of(record.loaded_schema))
            return self.runner.run_task(request, task_of(record), handle or QueryHandle())

        return retry_when_replaced(run_now)

    def _task_request(self, attached: Sequence[Attachment], current: str | None, macros: Path | None = None) -> Request:
        settings = counting_settings(self.settings)
        return Request(attached, current, settings, self.home.temp_dir, macros, _NO_QUESTION, Page())

    def _macros_of(self, schema: ExperimentSchema) -> Path | None:
        """Return the functions that the checks of a schema call, None when it has no checks of a warehouse."""
        if schema.dialect in (None, "duckdb") or not any(table.checks for table in schema.tables):
            return None
        return macro_file(self.home.temp_dir, schema.dialect)

    def _current(self, experiment: str | None) -> str | None:
        return None if experiment is None else self.catalog.experiment(experiment).name

    def _attachments(self, sql: str, current: str | None) -> list[Attachment]:
        records = {record.name: record for record in self.catalog.experiments()}
        if current is not None and current not in records:
            raise NotFoundError(f'There is no experiment "{current}" any more.')
        named = experiments_named_in(sql, list(records))
        if current is not None:
            named = [current, *(name for name in named if name != current)]
        return [self._attachment(records[name]) for name in named]

    def _macros(self, question: Question) -> Path | None:
        if not question.is_of_warehouse or question.dialect is None:
            return None
        return macro_file(self.home.temp_dir, question.dialect.lower())

    def _attachment(self, record: ExperimentRecord) -> Attachment:
        path = None if record.load_id is None else self.home.warehouse_path(record.name, record.load_id)
        return Attachment(record.name, path, record.loaded_schema)


def open_querying(home: Home, catalog: Catalog, settings: Settings) -> Querying:
    """Return the queries of a home folder, run as the settings say."""
    return Querying(home, catalog, settings, query_runner(settings, lambda: _table_names(catalog)))


def _table_names(catalog: Catalog) -> list[str]:
    """Return the qualified names of all tables of a catalog's experiments, but of damaged schemas."""
    names: list[str] = []
    for record in catalog.experiments():
        with suppress(DamagedError):
            names += qualified_names(record.loaded_schema)
    return names
