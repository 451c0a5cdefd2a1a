"""The audit: checks that the loaded data meets every constraint of an experiment's schema.

Each table is read once for all row checks; keys are checked one by one, by grouping and anti-joins, which spill to disk
beyond the memory limit.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb
import polars as pl

from engine.display.html_tables import html_table
from engine.display.wording import counted
from engine.errors import WorkbenchError
from engine.schema.hidden import stored_columns, stored_table
from engine.schema.models import ExperimentSchema, TableSchema
from engine.warehouse.audit.column_checks import NOT_PROVED, Check, column_checks
from engine.warehouse.audit.condition_checks import condition_checks
from engine.warehouse.audit.conditional_checks import conditional_checks
from engine.warehouse.audit.correlation_checks import correlation_checks
from engine.warehouse.audit.derived_checks import derived_checks
from engine.warehouse.audit.event_checks import event_checks
from engine.warehouse.audit.expression_proofs import expression_checks
from engine.warehouse.audit.given_checks import beyond_given, given_check, given_count, given_query, rows_sql
from engine.warehouse.audit.key_checks import key_checks
from engine.warehouse.audit.lifecycle_checks import lifecycle_checks
from engine.warehouse.audit.outcome_checks import outcome_checks
from engine.warehouse.audit.place_checks import place_checks, place_columns
from engine.warehouse.audit.rollup_checks import rollup_checks
from engine.warehouse.audit.sample_checks import checks_of_sample, is_sample
from engine.warehouse.audit.scenario_checks import ScenarioRows, scenario_checks
from engine.warehouse.audit.series_checks import series_checks
from engine.warehouse.audit.share_checks import share_checks
from engine.warehouse.audit.time_checks import time_checks
from engine.warehouse.querying.failures import is_damage
from engine.warehouse.querying.session import Session

_AGGREGATES_AT_ONCE = 200
_BROKEN = ("check", "table", "column", "expected", "found")
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
    """The result of one check; `failing_sql` selects rows that fail it (empty where no single row does)."""

    check: str
    table: str
    column: str
    expected: str
    found: str
    passed: bool
    failing_sql: str


@dataclass(frozen=True)
class AuditResult:
    """The findings of an audit of one experiment's loaded data."""

    experiment: str
    run_id: int | None
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(finding.passed for finding in self.findings)

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The findings that failed."""
        return tuple(finding for finding in self.findings if not finding.passed)

    @property
    def not_proved(self) -> tuple[Finding, ...]:
        """The findings of promises that are not proved, with the reason in `found`; they count as passed."""
        return tuple(finding for finding in self.findings if finding.check == NOT_PROVED)

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The findings as a frame: check, table, column, expected, found, passed."""
        rows = [[getattr(finding, name) for name in _SCHEMA] for finding in self.findings]
        return pl.DataFrame(rows, schema=_SCHEMA, orient="row")

    def _repr_html_(self) -> str:
        run = "" if self.run_id is None else f", run {self.run_id}"
        checks = f"Audit of {self.experiment}{run}: {counted(len(self.findings), 'check')}"
        if self.not_proved:
            checks += f" ({len(self.not_proved):,} not proved)"
        if not self.passed:
            broken = [[getattr(finding, name) for name in _BROKEN] for finding in self.failures]
            return html_table(f"{checks}, {len(self.failures)} FAILED", _BROKEN, broken)
        tables = Counter(finding.table for finding in self.findings)
        return html_table(f"{checks}, all passed", ["table", "checks"], tables.items())

    def __repr__(self) -> str:
        verdict = "passed" if self.passed else f"{len(self.failures)} FAILED"
        return f"AuditResult({self.experiment!r}, run {self.run_id}, {len(self.findings)} checks, {verdict})"


def audit(
    session: Session,
    schema: ExperimentSchema,
    expected_rows: Mapping[str, int],
    run_id: int | None,
    made_rows: Mapping[str, int] | None = None,
) -> AuditResult:
    """Check every table of the session's current experiment; `expected_rows` by table key.

    `made_rows` are those of the run; where they are more than the expected ones, the loaded rows are a sample.
    Raises `WorkbenchError` if a check cannot be computed.
    """
    findings: list[Finding] = []
    for table in schema.tables:
        findings += _check_table(session, schema, table, expected_rows, is_sample(expected_rows, made_rows))
    return AuditResult(schema.name, run_id, tuple(findings))


def _check_table(
    session: Session,
    schema: ExperimentSchema,
    table: TableSchema,
    expected_rows: Mapping[str, int],
    is_sampled: bool = False,
) -> Iterator[Finding]:
    rows = expected_rows[table.key]
    checks = [Check("row_count", table, "", f"{rows:,}", "count(*)", lambda found: found == rows, _format_number)]
    given = 0 if is_sampled else given_count(table, rows)
    scenarios = ScenarioRows(schema, table)
    for column in stored_columns(table):
        of_column = list(column_checks(schema, table, column, expected_rows))
        of_column += derived_checks(schema, table, column)
        of_column += conditional_checks(schema, table, column)
        of_column += rollup_checks(schema, table, column)
        of_column += share_checks(schema, table, column)
        of_column += series_checks(schema, table, column)
        of_column += time_checks(schema, table, column)
        of_column = list(scenarios.beyond(of_column, [column]))
        of_column += scenarios.beyond(place_checks(schema, table, column), place_columns(table, column))
        checks += beyond_given(of_column, table, column, given)
    checks += key_checks(schema, table, expected_rows)
    checks += scenarios.outside(correlation_checks(schema, table, expected_rows))
    checks += outcome_checks(table, expected_rows)
    checks += lifecycle_checks(table, expected_rows)
    checks += event_checks(schema, table, expected_rows)
    checks += scenario_checks(schema, table, expected_rows)
    checks += condition_checks(table, schema.dialect)
    if is_sampled:
        checks = list(checks_of_sample(schema, table, checks, expected_rows))
    aggregates: dict[str, list[Check]] = {"": []}  # by the rows that they are over
    for check in checks:
        if not check.is_query:
            aggregates.setdefault(check.rows, []).append(check)
    for condition, over in aggregates.items():
        source = rows_sql(table, condition)
        for start in range(0, len(over), _AGGREGATES_AT_ONCE):
            batch = over[start : start + _AGGREGATES_AT_ONCE]
            selected = ", ".join(f"{check.sql} as c{index}" for index, check in enumerate(batch))
            yield from map(_evaluate, batch, _fetch_row(session, table, f"select {selected} from {source} as t"))
    for check in checks:
        if check.is_query:
            yield _evaluate(check, _fetch_row(session, table, check.sql)[0])
    with _failures(table):
        proved = expression_checks(session, schema, table, given)
        for check in checks_of_sample(schema, table, proved, expected_rows) if is_sampled else proved:
            yield _evaluate(check, None)
    if given:
        stored = stored_table(table)
        loaded = _fetch_rows(session, table, given_query(stored, given))
        yield _evaluate(given_check(stored, loaded, given), None)


def _fetch_row(session: Session, table: TableSchema, statement: str) -> tuple[Any, ...]:
    return _fetch_rows(session, table, statement)[0]


def _fetch_rows(session: Session, table: TableSchema, statement: str) -> list[tuple[Any, ...]]:
    with _failures(table):
        rows: list[tuple[Any, ...]] = session.fetch_rows(statement)
    return rows


@contextmanager
def _failures(table: TableSchema) -> Iterator[None]:
    """Raise a `WorkbenchError` that names the table for an error of DuckDB in this context."""
    try:
        yield
    except (duckdb.InterruptException, duckdb.OutOfMemoryException):
        raise  # from the session's limits, not from this check
    except duckdb.Error as error:
        details = str(error)
        with suppress(ValueError):
            details = json.loads(details[details.index("{") :])["exception_message"]
        if is_damage("IO" if isinstance(error, duckdb.IOException) else "", details):
            raise
        raise WorkbenchError(
            f"The audit failed: {details.splitlines()[0]}",
            where=table.key,
            hint="Load a completed run again, then audit it.",
        ) from error


def _evaluate(check: Check, found: Any) -> Finding:
    passed = check.passes(found)
    return Finding(
        check.name,
        check.table.key,
        check.column,
        check.expected,
        check.shown(found),
        passed,
        "" if passed else check.failing_sql(),
    )


def _format_number(found: int) -> str:
    return f"{found:,}"
