"""What is counted of the loaded tables: profiles, the coverage of keys, the audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from engine.schema.models import ExperimentSchema, TableSchema
from engine.warehouse.audit.audit import AuditResult, Finding, audit
from engine.warehouse.audit.key_coverage import coverage_frame, key_coverage
from engine.warehouse.loading.layout import stored
from engine.warehouse.profiling.column_profile import Profile
from engine.warehouse.profiling.profile import profile
from engine.warehouse.querying.session import Session


@dataclass(frozen=True)
class ProfileTask:
    """What each column of a loaded table holds."""

    table: TableSchema

    def run(self, session: Session) -> Any:
        """Return the statistics of the profile."""
        names = [column.name for column in self.table.columns]
        relation = session.connection.sql(f"from {stored(self.table)}")
        return profile(relation, names, unique=self.table.unique_columns, fetch=session.fetched).to_statistics()

    def read(self, data: Any) -> Profile:
        """Return the profile."""
        return Profile.from_statistics(data)


@dataclass(frozen=True)
class CoverageTask:
    """How the foreign keys of the loaded tables are covered."""

    schema: ExperimentSchema

    def run(self, session: Session) -> Any:
        """Return a row for each foreign key."""
        return key_coverage(session, self.schema)

    def read(self, data: Any) -> pl.DataFrame:
        """Return the rows as a frame."""
        return coverage_frame(data)


@dataclass(frozen=True)
class AuditTask:
    """The proof of every promise of a schema on the loaded tables; `expected_rows` by table key."""

    schema: ExperimentSchema
    expected_rows: Mapping[str, int]
    run_id: int | None

    def run(self, session: Session) -> Any:
        """Return the findings."""
        return [asdict(finding) for finding in audit(session, self.schema, self.expected_rows, self.run_id).findings]

    def read(self, data: Any) -> AuditResult:
        """Return the result of the audit."""
        return AuditResult(self.schema.name, self.run_id, tuple(Finding(**finding) for finding in data))
