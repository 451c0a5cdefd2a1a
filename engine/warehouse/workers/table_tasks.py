"""Tasks on the loaded tables: profile, key coverage, audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from engine.schema.models import ExperimentSchema, TableSchema
from engine.warehouse.audit.key_coverage import coverage_frame, key_coverage
from engine.warehouse.loading.layout import stored_name
from engine.warehouse.profiling.profile import profile
from engine.warehouse.profiling.profile_records import Profile
from engine.warehouse.querying.session import Session

if TYPE_CHECKING:
    from engine.warehouse.audit.audit import AuditResult


@dataclass(frozen=True)
class ProfileTask:
    """Profiles each column of a loaded table."""

    table: TableSchema

    def run(self, session: Session) -> Any:
        """Return the statistics of the profile."""
        names = [column.name for column in self.table.columns]
        relation = session.connection.sql(f"from {stored_name(self.table)}")
        return profile(relation, names, unique=self.table.unique_columns, fetch=session.fetch_rows).to_statistics()

    def read(self, data: Any) -> Profile:
        """Return the profile."""
        return Profile.from_statistics(data)


@dataclass(frozen=True)
class CoverageTask:
    """Computes the key coverage of the loaded tables."""

    schema: ExperimentSchema

    def run(self, session: Session) -> Any:
        """Return a row for each foreign key."""
        return key_coverage(session, self.schema)

    def read(self, data: Any) -> pl.DataFrame:
        """Return the rows as a frame."""
        return coverage_frame(data)


@dataclass(frozen=True)
class AuditTask:
    """Audits the loaded tables against a schema; `expected_rows` by table key, `made_rows` are those of the run."""

    schema: ExperimentSchema
    expected_rows: Mapping[str, int]
    run_id: int | None
    made_rows: Mapping[str, int] | None = None

    def run(self, session: Session) -> Any:
        """Return the findings."""
        from engine.warehouse.audit.audit import audit  # with all rules, which queries do not need

        result = audit(session, self.schema, self.expected_rows, self.run_id, self.made_rows)
        return [asdict(finding) for finding in result.findings]

    def read(self, data: Any) -> AuditResult:
        """Return the result of the audit."""
        from engine.warehouse.audit.audit import AuditResult, Finding

        return AuditResult(self.schema.name, self.run_id, tuple(Finding(**finding) for finding in data))
