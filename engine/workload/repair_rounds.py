"""One round of repair: the data of a changed schema is made, and only changes that do no harm are kept.

A query that found rows is never lost: the changes of a round that lose one, or that the audit refuses, are taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter

from engine.errors import CancelledError, WorkbenchError
from engine.schema.models import ExperimentSchema
from engine.workload.base_tables import find_reads
from engine.workload.changes import Change, Dropped, apply_valid_changes
from engine.workload.fit_steps import FitSteps
from engine.workload.harmless import Attempt, Unit, keep_harmless, units_of
from engine.workload.lineage import TableNames
from engine.workload.records import StatementCoverage, Workload
from engine.workload.trials import OpenTrial, Trial

MOST_TRIALS = 5
"""The most trials of one round."""


@dataclass(frozen=True)
class Round:
    """One round: round 0 makes the changes of the vocabulary, those after it repair."""

    number: int
    seconds: float
    found: int
    """The number of queries that find rows after it."""
    kept: tuple[Change, ...]
    taken_back: tuple[Dropped, ...]
    """The changes that were taken back, or were not valid, and why."""
    failures: int
    """The checks of the audit that fail after it."""
    phases: Mapping[str, float] = field(default_factory=dict)
    """The processor time of each step, in seconds, since the round before."""

    def __str__(self) -> str:
        changes = f"{len(self.kept)} changes kept, {len(self.taken_back)} taken back"
        return f"Round {self.number}: {self.found} queries find rows, {changes} ({self.seconds:.1f} s)."


@dataclass(frozen=True)
class State:
    """A schema with the trial on its data, and what the statements find there."""

    schema: ExperimentSchema
    trial: Trial
    stack: ExitStack
    coverage: tuple[StatementCoverage, ...]

    @cached_property
    def failures(self) -> frozenset[str]:
        """The checks of the audit that fail."""
        return frozenset(self.trial.failures())

    @cached_property
    def found(self) -> frozenset[int]:
        """The numbers of the statements that find rows."""
        return frozenset(number for number, each in enumerate(self.coverage) if each.state == "finds rows")


class Rounds:
    """The rounds of one fit, with the changes that they keep and drop; closes the trials that it opens."""

    def __init__(self, workload: Workload, open_trial: OpenTrial, dialect: str, steps: FitSteps) -> None:
        self.rounds: list[Round] = []
        self.kept: list[Change] = []
        self.dropped: list[Dropped] = []
        self._workload = workload
        self._open_trial = open_trial
        self._dialect = dialect
        self._steps = steps
        self._states: list[State] = []

    def close(self) -> None:
        """Close all trials."""
        for state in self._states:
            state.stack.close()
        self._states.clear()

    def measure(self, schema: ExperimentSchema) -> State:
        """Return what the statements find on the data of a schema; raises what a trial of it raises."""
        stack = ExitStack()
        try:
            self._steps.start("making data", None)
            trial = stack.enter_context(self._open_trial(schema))
            self._steps.start("running queries", None)
            coverage = trial.cover(self._workload.statements)
            state = State(schema, trial, stack, coverage)
        except BaseException:
            stack.close()
            raise
        self._states.append(state)
        return state

    def make(
        self,
        state: State,
        changes: Sequence[Change],
        *,
        is_better: Callable[[State, State], bool] | None = None,
        most_trials: int = MOST_TRIALS,
    ) -> State:
        """Return the state with the part of the changes that does no harm, and add the round.

        With `is_better`, what is found must also be better than before.
        """
        started = perf_counter()
        harm: list[str] = []
        result = keep_harmless(
            units_of(changes), lambda units: self._attempt(state, units, is_better, harm), most_trials
        )
        new, made, invalid = result.result or (state, [], [])
        reason = f"It is taken back. {harm[0]}" if harm else "It is taken back."
        lost = [*invalid, *(Dropped(change, reason) for unit in result.taken_back for change in unit)]
        if is_better is not None and (new is state or not is_better(state, new)):
            unhelpful = "It is taken back. What queries find is no better with it."
            lost += [Dropped(change, unhelpful) for change in made]
            new, made = state, []
        for other in list(self._states):
            if other is not new:
                self._release(other)
        self.kept += made
        self.dropped += lost
        seconds, found, failures = perf_counter() - started, len(new.found), len(new.failures)
        phases = self._steps.take_seconds()
        self.rounds.append(Round(self._steps.round, seconds, found, tuple(made), tuple(lost), failures, phases))
        self._steps.start("fitted", found)
        return new

    def _attempt(
        self,
        state: State,
        units: Sequence[Unit],
        is_better: Callable[[State, State], bool] | None,
        harm: list[str],
    ) -> Attempt[tuple[State, list[Change], list[Dropped]] | None]:
        """Return what the data with some changes gives; the harm that they do is added to `harm`."""
        schema, made, invalid = apply_valid_changes(state.schema, [each for unit in units for each in unit])
        if not made:
            return Attempt((state, [], invalid), True)
        try:
            new = self.measure(schema)
        except CancelledError:
            raise
        except WorkbenchError as error:
            harm.append(str(error))
            return Attempt(None, False, frozenset({error.where.partition(".")[0]}))
        lost = state.found - new.found
        is_useless = is_better is not None and not lost and not is_better(state, new)  # it is taken back in any case
        fails = frozenset[str]() if lost or is_useless else self._new_failures(state, new)
        if not lost and not fails:
            return Attempt((new, made, invalid), True)
        blamed = {table for number in lost for table in self._tables(number, schema)}
        blamed |= {each.partition(" of ")[2].rpartition(".")[0] for each in fails}
        harm.append(self._harm(lost, fails))
        self._release(new)
        return Attempt(None, False, frozenset(blamed))

    def _new_failures(self, state: State, new: State) -> frozenset[str]:
        """Return the checks that fail now; the data before is audited only where some do."""
        self._steps.start("auditing", len(new.found))
        return new.failures - state.failures if new.failures else new.failures

    def _harm(self, lost: frozenset[int], fails: frozenset[str]) -> str:
        names = [self._workload.statements[number].name for number in sorted(lost)]
        parts = [f"{', '.join(names)} would find no rows any more."] if names else []
        parts += [f"The audit would fail: {', '.join(sorted(fails))}."] if fails else []
        return " ".join(parts)

    def _tables(self, number: int, schema: ExperimentSchema) -> list[str]:
        reads = find_reads(self._workload.statements[number].sql, self._dialect, TableNames(schema))
        return [table.key for table in reads.tables]

    def _release(self, state: State) -> None:
        state.stack.close()
        self._states = [each for each in self._states if each is not state]
