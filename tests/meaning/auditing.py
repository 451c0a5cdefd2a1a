"""Auditing scripts: import each, generate and load its rows, and prove that they meet the imported schema."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from engine import Experiment, Workbench, import_sql
from engine.errors import GenerationError, WorkbenchError
from engine.types import Finding


@dataclass(frozen=True)
class Audited:
    """The findings of a script's audit, and why it could not be audited, if so."""

    script: str
    findings: tuple[Finding, ...]
    problem: str = ""

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The findings that failed."""
        return tuple(finding for finding in self.findings if not finding.passed)


def audit_script(path: Path, rows: int, seed: int = 42) -> Audited:
    """Import a script with about `rows` rows in all, generate and load them in a folder of their own, and audit them.

    The dialect is Snowflake's where the file's name ends so, else Redshift's.
    """
    dialect = "snowflake" if path.stem.endswith("snowflake") else "redshift"
    with TemporaryDirectory() as folder, Workbench(folder) as workbench:
        try:
            experiment = workbench.create(import_sql(path.read_text("utf-8"), name="audited", dialect=dialect))
            experiment.generate(total_rows=_possible(experiment, rows), seed=seed)
            return Audited(path.name, experiment.audit().findings)
        except WorkbenchError as error:
            return Audited(path.name, (), str(error))


def _possible(experiment: Experiment, rows: int) -> int:
    """Return a number of rows in all that leaves calendars their rows: `rows`, or ten times as many."""
    try:
        experiment.planned_rows(total_rows=rows)
    except GenerationError:
        return rows * 10
    return rows
