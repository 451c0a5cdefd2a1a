"""What an experiment is now: its schema, its version, its loaded rows."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from engine.errors import NotFoundError, WorkbenchError, did_you_mean
from engine.runs.loading import Loader
from engine.schema.limits import check_text
from engine.schema.models import ExperimentSchema, TableSchema
from engine.services import Services
from engine.store.records import ExperimentRecord


class ExperimentState:
    """An experiment as the catalog has it."""

    def __init__(self, services: Services, record: ExperimentRecord) -> None:
        self._services = services
        self._record = record
        self._seen_version = record.version

    @property
    def name(self) -> str:
        """The name, as it was written when the experiment was created or renamed."""
        return self._record.name

    @property
    def schema(self) -> ExperimentSchema:
        """The current schema, which runs use: `.tables[i].name`, `.tables[i].columns[j].name`."""
        return self._current().schema

    @property
    def description(self) -> str:
        """The description; `describe` sets it."""
        return self.schema.description

    @property
    def version(self) -> int:
        """The number of the current version of the schema: 1, 2, 3, ..."""
        return self._current().version

    @property
    def loaded_schema(self) -> ExperimentSchema:
        """The schema of the loaded tables, which queries, profiles and the audit use: that of the loaded run."""
        return self._current().loaded_schema

    @property
    def loaded_version(self) -> int:
        """The version of the schema of the loaded tables; empty tables have the current one."""
        return self._current().loaded_version

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
        """Return the number of loaded rows by table key, of the tables of `loaded_schema`."""
        return dict(self._load_record().row_counts)

    def size_bytes(self) -> int:
        """Return the size of the experiment's folder: its runs and its warehouse file."""
        return self._services.home.size_bytes(self.name)

    def table(self, name: str) -> TableSchema:
        """Return the table of that name (`table` or `schema.table`); raises `NotFoundError`."""
        return table_of(self.schema, name)

    def loaded_table(self, name: str) -> TableSchema:
        """Return the table of that name in the loaded schema; raises `NotFoundError`."""
        return table_of(self.loaded_schema, name)

    def _current(self) -> ExperimentRecord:
        """Return the record as it is now, or the last known one if the experiment is gone."""
        with suppress(WorkbenchError):
            self._record = self._services.catalog.experiment(self.name)
        return self._record

    def _load_record(self) -> ExperimentRecord:
        return self._services.catalog.experiment(self.name)

    def _loader(self) -> Loader:
        return Loader(self._services.home, self._services.catalog, self._services.settings)


def table_of(schema: ExperimentSchema, name: str) -> TableSchema:
    """Return the table of that name in a schema; raises `NotFoundError` with the nearest name."""
    check_text(name, "The name of the table")
    try:
        return schema.table(name)
    except KeyError as error:
        known = [table.key for table in schema.tables]
        hint = did_you_mean(name, known) or f"The tables are: {', '.join(known[:20])}."
        raise NotFoundError(f'There is no table "{name}" in "{schema.name}".', hint=hint) from error
