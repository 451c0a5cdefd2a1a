"""Trials: a schema's data, made and loaded for a while, on which the queries of a workload run.

What makes a trial lies above this package; here is what fitting asks of one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from engine.schema.models import ExperimentSchema
from engine.workload.records import Statement, StatementCoverage


class Trial(Protocol):
    """A schema whose data is loaded."""

    @property
    def schema(self) -> ExperimentSchema:
        """The schema."""

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of rows by table key."""

    def cover(
        self,
        statements: Sequence[Statement],
        *,
        limit: int | None = None,
        seconds: float | None = None,
    ) -> tuple[StatementCoverage, ...]:
        """Run statements, each within some seconds; a result is kept while the tables that it reads stay the same."""

    def shares(self, statements: Sequence[Statement], *, seconds: float | None = None) -> tuple[float | None, ...]:
        """Return the part of its largest table that each statement selects; None where that cannot be told."""

    def failures(self) -> tuple[str, ...]:
        """Return the checks of the audit that fail, each with its table and column."""


OpenTrial = Callable[[ExperimentSchema], AbstractContextManager[Trial]]
"""Makes and loads the data of a schema; raises `WorkbenchError` for one whose data cannot be made."""


@dataclass(frozen=True, slots=True)
class FitProgress:
    """What a fit does now."""

    step: str
    """`reading`, `fitting`, `making data`, `running queries`, `auditing`, `repairing`, `searching`, ..."""
    round: int = 0
    """The round of repairs; 0 before the first."""
    done: int = 0
    total: int = 0
    """The number of queries, rows or changes of the step that are done, and of all; 0 where it is not known."""
    found: int | None = None
    """The number of queries that find rows so far."""

    def __str__(self) -> str:
        parts = [f"round {self.round}: {self.step}" if self.round else self.step]
        parts += [f"{self.done:,} of {self.total:,}"] if self.total else []
        parts += [f"{self.found} queries find rows"] if self.found is not None else []
        return ", ".join(parts)


FitListener = Callable[[FitProgress], None]
"""Called with the progress; raises `CancelledError` to end the fit."""


def ignore_progress(progress: FitProgress) -> None:
    """Take no notice of the progress."""
