"""The audit: a proof, on the loaded data, of every promise that an experiment's schema makes.

Each table is read in one query that computes all its checks; keys are proved by grouping and anti-joins, which spill
to disk beyond the memory limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb
import polars as pl

from engine.errors import WorkbenchError
from engine.schema.models import ExperimentSchema
from engine.warehouse.audit_checks import Check, table_checks
from engine.warehouse.layout import stored
from engine.warehouse.session import Session

_SCHEMA = {
    "check": pl.String,
    "table": pl.String,
    "column": pl.String,
    "expected": pl.String,
    "found": pl.String,
    "passed": pl.Boolean,
}


@dataclass(frozen=True)
class Finding:
    """What one check found; `failing_sql` lists rows that break the promise (empty where no single row does)."""

    check: str
    table: str
    column: str
    expected: str
    found: str
    passed: bool
    failing_sql: str


@dataclass(frozen=True)
class AuditResult:
    """All findings of an audit of one experiment's loaded data."""

    experiment: str
    run_id: int | None
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether every promise holds."""
        return all(finding.passed for finding in self.findings)

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The findings that did not pass."""
        return tuple(finding for finding in self.findings if not finding.passed)

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The findings as a frame: check, table, column, expected, found, passed."""
        rows = [[getattr(finding, name) for name in _SCHEMA] for finding in self.findings]
        return pl.DataFrame(rows, schema=_SCHEMA, orient="row")

    def __repr__(self) -> str:
        verdict = "passed" if self.passed else f"{len(self.failures)} FAILED"
        return f"AuditResult({self.experiment!r}, run {self.run_id}, {len(self.findings)} checks, {verdict})"


def audit(
    session: Session, schema: ExperimentSchema, expected_rows: Mapping[str, int], run_id: int | None
) -> AuditResult:
    """Check every table of the session's current experiment; `expected_rows` by table key.

    Raises `WorkbenchError` when a check cannot be computed.
    """
    findings: list[Finding] = []
    for table in schema.tables:
        checks = list(table_checks(schema, table, expected_rows[table.key]))
        aggregates = ", ".join(f"{check.aggregate} as c{place}" for place, check in enumerate(checks))
        statement = f"select count(*), {aggregates} from {stored(table)} as t"
        try:
            rows, *found = session.connection.execute(statement).fetchall()[0]
        except duckdb.Error as error:
            raise WorkbenchError(
                f"The audit could not be computed: {str(error).splitlines()[0]}", where=table.key
            ) from error
        findings += [_finding(check, value, rows) for check, value in zip(checks, found, strict=True)]
    return AuditResult(schema.name, run_id, tuple(findings))


def _finding(check: Check, found: Any, rows: int) -> Finding:
    passed = check.passes(found, rows)
    return Finding(
        check.name,
        check.table.key,
        check.column,
        check.expected,
        _shown(check, found),
        passed,
        "" if passed else check.failing_sql(),
    )


def _shown(check: Check, found: Any) -> str:
    if found is None:
        return ""
    if isinstance(found, float):
        return f"{found:.4g}"
    if check.failing:
        return f"{found:,} rows" if check.name not in ("unique", "composite_unique") else f"{found:,} repeated"
    return f"{found:,}" if isinstance(found, int) else str(found)
