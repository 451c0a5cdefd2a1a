"""Queries of a home folder: which experiments a text names, a session on what they hold now, and the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import polars as pl

from engine.errors import NotFoundError, QueryError, WorkbenchError
from engine.schema.limits import check_text, text_fault
from engine.schema.models import TableSchema
from engine.settings import Settings
from engine.sql.translation import Variables
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.records import ExperimentRecord
from engine.system.durable_files import write_atomically
from engine.warehouse.audit.audit import AuditResult
from engine.warehouse.audit.run_comparison import ComparisonTask
from engine.warehouse.loading.layout import qualified_names
from engine.warehouse.profiling.column_profile import Profile
from engine.warehouse.querying.csv_stream import CsvStream, open_csv_stream, write_csv
from engine.warehouse.querying.execution import QueryResult, run_query
from engine.warehouse.querying.handle import QueryHandle
from engine.warehouse.querying.json_stream import json_answer
from engine.warehouse.querying.limits import Limits
from engine.warehouse.querying.macros import macro_file
from engine.warehouse.querying.page import Page
from engine.warehouse.querying.parquet_stream import ParquetStream, open_parquet_stream
from engine.warehouse.querying.request import Question, check_length, words_of
from engine.warehouse.querying.session import (
    Attachment,
    Session,
    WarehouseGoneError,
    experiments_named_in,
    open_latest,
    open_session,
)
from engine.warehouse.workers.answer import WorkerFile
from engine.warehouse.workers.pool import WorkerPool
from engine.warehouse.workers.protocol import FileFormat, Request
from engine.warehouse.workers.task import Task, counting_settings, run_task
from engine.warehouse.workers.tasks import AuditTask, CoverageTask, ProfileTask

SUFFIX = ".sql"
_ATTEMPTS = 20
_NOTHING = Question("")
T = TypeVar("T")


@dataclass(frozen=True)
class Querying:
    """Answers queries over the experiments of one home folder."""

    home: Home
    catalog: Catalog
    settings: Settings
    pool: WorkerPool | None = None
    """The workers that run the queries; None runs them in this process."""

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
        """Answer one SELECT with the rows of the page; `variables` fill its `$name` and `:name`."""
        question = self._question(sql, dialect, experiment, variables)
        settings = (limits or Limits()).within(self.settings)
        known, pool = handle or QueryHandle(), self.pool
        if pool is not None:
            return self._in_worker(
                question, experiment, settings, page, lambda asked: pool.query(asked, self._table_names, known)
            )
        with self._session(question, experiment, settings) as session, known.stopping(session.interrupt):
            return run_query(session, question, page=page)

    def query_json(
        self, sql: str, *, dialect: str | None, experiment: str | None, page: Page, variables: Variables | None = None
    ) -> list[bytes]:
        """Answer one SELECT with the rows of the page as the text of a JSON object, in pieces."""
        question, pool = self._question(sql, dialect, experiment, variables), self.pool
        if pool is not None:
            return self._in_worker(
                question,
                experiment,
                self.settings,
                page,
                lambda asked: pool.json(asked, self._table_names, QueryHandle()),
            )
        with self._session(question, experiment, self.settings) as session:
            return list(json_answer(session, question, page))

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
        question, pool = self._question(sql, dialect, experiment, variables), self.pool
        if pool is not None:
            return self._file_of_worker(pool, question, experiment, "csv", spreadsheet_safe=spreadsheet_safe)
        session = self._session(question, experiment, self.settings)
        return open_csv_stream(session, question, spreadsheet_safe=spreadsheet_safe)

    def stream_parquet(
        self, sql: str, *, dialect: str | None, experiment: str | None, variables: Variables | None = None
    ) -> ParquetStream | WorkerFile:
        """Return the full result as a Parquet file in pieces; the stream ends its session itself."""
        question, pool = self._question(sql, dialect, experiment, variables), self.pool
        if pool is not None:
            return self._file_of_worker(pool, question, experiment, "parquet")
        return open_parquet_stream(self._session(question, experiment, self.settings), question)

    def profile(self, experiment: str, table: TableSchema, handle: QueryHandle | None = None) -> Profile:
        """Return what the columns of a loaded table hold."""
        return self._counted(experiment, lambda _: ProfileTask(table), handle)

    def key_coverage(self, experiment: str, handle: QueryHandle | None = None) -> pl.DataFrame:
        """Return how the foreign keys of the loaded tables are covered."""
        return self._counted(experiment, lambda record: CoverageTask(record.schema), handle)

    def audit(self, experiment: str, handle: QueryHandle | None = None) -> AuditResult:
        """Prove every promise of an experiment's schema on its loaded data."""
        return self._counted(experiment, lambda now: AuditTask(now.schema, now.row_counts, now.loaded_run_id), handle)

    def compare(self, task: ComparisonTask, handle: QueryHandle | None = None) -> pl.DataFrame:
        """Return a comparison of two runs."""
        return self._done([], None, task, handle, task.folders)

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
        target = _target(path)
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
        target = _target(path if path.suffix.lower() == SUFFIX else path.with_name(path.name + SUFFIX))
        with write_atomically(target) as unfinished:
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
        if dialect is None or dialect.lower() == "duckdb":
            schemas = [] if experiment is None else [self.catalog.experiment(experiment).schema]
            return Question(sql, None, schemas, current, variables)
        records = {record.name: record for record in self.catalog.experiments()}
        names = dict.fromkeys(
            [*([current] if current else []), *experiments_named_in(words_of(sql, variables), list(records))]
        )
        schemas = [records[name].schema for name in names if name in records]
        return Question(sql, dialect, schemas, current, variables)

    def _session(self, question: Question, experiment: str | None, settings: Settings) -> Session:
        current = self._current(experiment)
        return open_latest(
            lambda: self._attachments(words_of(question.sql, question.variables), current),
            current=current,
            settings=settings,
            temp_dir=self.home.temp_dir,
            known_tables=self._table_names,
            macros=self._macros(question),
        )

    def _file_of_worker(
        self,
        pool: WorkerPool,
        question: Question,
        experiment: str | None,
        file: FileFormat,
        *,
        spreadsheet_safe: bool = False,
    ) -> WorkerFile:
        def ask(request: Request) -> WorkerFile:
            return pool.stream(replace(request, spreadsheet_safe=spreadsheet_safe), self._table_names, file)

        return self._in_worker(question, experiment, self.settings, Page(), ask)

    def _in_worker(
        self,
        question: Question,
        experiment: str | None,
        settings: Settings,
        page: Page,
        ask: Callable[[Request], T],
    ) -> T:
        """Ask for what the experiments hold now, and again when a load replaces a file meanwhile."""
        current, macros = self._current(experiment), self._macros(question)

        def ask_now() -> T:
            attached = self._attachments(words_of(question.sql, question.variables), current)
            return ask(Request(attached, current, settings, self.home.temp_dir, macros, question, page))

        return _of_latest(ask_now)

    def _counted(
        self, experiment: str, task_of: Callable[[ExperimentRecord], Task[T]], handle: QueryHandle | None
    ) -> T:
        """Do a task on what an experiment holds now."""

        def count_now() -> T:
            record = self.catalog.experiment(experiment)
            return self._done([self._attachment(record)], record.name, task_of(record), handle)

        return _of_latest(count_now)

    def _done(
        self,
        attached: Sequence[Attachment],
        current: str | None,
        task: Task[T],
        handle: QueryHandle | None,
        folders: Sequence[Path] = (),
    ) -> T:
        """Do a task in a worker, or here without one, with the limits of counting."""
        known, temp_dir, settings = handle or QueryHandle(), self.home.temp_dir, counting_settings(self.settings)
        if self.pool is not None:
            request = Request(attached, current, settings, temp_dir, None, _NOTHING, Page(), task=task, folders=folders)
            return task.read(self.pool.run_task(request, known))
        with (
            open_session(attached, current=current, settings=settings, temp_dir=temp_dir, folders=folders) as session,
            known.stopping(session.interrupt),
        ):
            return task.read(run_task(session, task))

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
        return Attachment(record.name, path, record.schema)

    def _table_names(self) -> list[str]:
        return [name for record in self.catalog.experiments() for name in qualified_names(record.schema)]


def _of_latest(ask: Callable[[], T]) -> T:
    """Return what `ask` finds, and ask it again when a load replaces a file meanwhile."""
    for attempt in range(_ATTEMPTS):
        try:
            return ask()
        except WarehouseGoneError:
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError


def _target(path: Path) -> Path:
    target = path.expanduser()
    if not target.parent.is_dir():
        raise WorkbenchError(f"There is no folder {target.parent}.", where=str(path), hint="Make it first.")
    if target.is_dir():
        raise WorkbenchError("This is a folder, not a file.", where=str(path), hint="Add a file name.")
    return target
