"""Queries of a home folder: which experiments a text names, a session on what they hold now, and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.durable import written
from engine.errors import NotFoundError, WorkbenchError
from engine.schema.models import TableSchema
from engine.settings import Settings
from engine.sql.starters import table_name
from engine.sql.translation import translate
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.records import ExperimentRecord
from engine.warehouse.audit import AuditResult, audit
from engine.warehouse.export import CsvStream, open_csv_stream, write_csv
from engine.warehouse.handle import QueryHandle
from engine.warehouse.layout import qualified_names
from engine.warehouse.parquet_stream import ParquetStream, open_parquet_stream
from engine.warehouse.profile import Profile, profile
from engine.warehouse.query import QueryResult, run_query
from engine.warehouse.session import Attachment, Session, experiments_named_in, open_latest

SUFFIX = ".sql"


@dataclass(frozen=True)
class Querying:
    """Answers queries over the experiments of one home folder."""

    home: Home
    catalog: Catalog
    settings: Settings

    def query(
        self,
        sql: str,
        *,
        dialect: str | None,
        experiment: str | None,
        limit: int | None,
        handle: QueryHandle | None = None,
    ) -> QueryResult:
        """Answer one SELECT; at most `limit` rows."""
        text = translate(sql, dialect)
        with self._session(text, experiment) as session, (handle or QueryHandle()).stopping(session.interrupt):
            return run_query(session, text, limit=limit)

    def stream_csv(self, sql: str, *, dialect: str | None, experiment: str | None) -> CsvStream:
        """Return the full result as CSV in pieces; the stream ends its session itself."""
        text = translate(sql, dialect)
        return open_csv_stream(self._session(text, experiment), text)

    def stream_parquet(self, sql: str, *, dialect: str | None, experiment: str | None) -> ParquetStream:
        """Return the full result as a Parquet file in pieces; the stream ends its session itself."""
        text = translate(sql, dialect)
        return open_parquet_stream(self._session(text, experiment), text)

    def profile(self, experiment: str, table: TableSchema) -> Profile:
        """Return what the columns of a loaded table hold."""
        schema = self.catalog.experiment(experiment).schema
        with self._session("", experiment) as session:
            relation = session.connection.sql(f"from {table_name(schema, table)}")
            return profile(relation, [column.name for column in table.columns])

    def export_csv(self, sql: str, path: Path, *, dialect: str | None, experiment: str | None) -> int:
        """Write the full result to `path`, whole or not at all; return the number of rows."""
        target = _target(path)
        stream = self.stream_csv(sql, dialect=dialect, experiment=experiment)
        try:
            write_csv(target, stream)
        finally:
            stream.close()
        return stream.rows

    def audit(self, experiment: str) -> AuditResult:
        """Prove every promise of an experiment's schema on its loaded data."""
        with self._session("", experiment) as session:
            record = self.catalog.experiment(experiment)
            return audit(session, record.schema, record.row_counts, record.loaded_run_id)

    def save(self, sql: str, path: Path) -> Path:
        """Write the text to a `.sql` file (the suffix is added) and return its path."""
        if not sql.strip():
            raise WorkbenchError("There is no query to save.", hint="Write a query first.")
        target = _target(path if path.suffix.lower() == SUFFIX else path.with_name(path.name + SUFFIX))
        with written(target) as unfinished:
            unfinished.write_text(sql.rstrip() + "\n", "utf-8")
        return target

    def _session(self, sql: str, experiment: str | None) -> Session:
        current = None if experiment is None else self.catalog.experiment(experiment).name

        def attachments() -> list[Attachment]:
            records = {record.name: record for record in self.catalog.experiments()}
            if current is not None and current not in records:
                raise NotFoundError(f'There is no experiment "{current}" any more.')
            named = experiments_named_in(sql, list(records))
            if current is not None:
                named = [current, *(name for name in named if name != current)]
            return [self._attachment(records[name]) for name in named]

        return open_latest(
            attachments,
            current=current,
            settings=self.settings,
            temp_dir=self.home.temp_dir,
            known_tables=self._table_names,
        )

    def _attachment(self, record: ExperimentRecord) -> Attachment:
        path = None if record.load_id is None else self.home.warehouse_path(record.name, record.load_id)
        return Attachment(record.name, path, record.schema)

    def _table_names(self) -> list[str]:
        return [name for record in self.catalog.experiments() for name in qualified_names(record.schema)]


def _target(path: Path) -> Path:
    target = path.expanduser()
    if not target.parent.is_dir():
        raise WorkbenchError(f"There is no folder {target.parent}.", where=str(path), hint="Make it first.")
    if target.is_dir():
        raise WorkbenchError("This is a folder, not a file.", where=str(path), hint="Add a file name.")
    return target
