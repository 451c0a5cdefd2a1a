"""Rounds of repair: data is made and audited, all queries run, and what finds nothing is repaired.

The rounds end when nothing improves.

A query that found rows is never lost: the changes of a round that lose one, or that the audit refuses, are taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from time import perf_counter, process_time

from engine.errors import CancelledError, WorkbenchError
from engine.schema.models import ExperimentSchema
from engine.workload.base_tables import find_reads
from engine.workload.changes import Change, Dropped, apply_valid_changes
from engine.workload.harmless import Attempt, Unit, keep_harmless, units_of
from engine.workload.lineage import TableNames
from engine.workload.records import Statement, StatementCoverage, Workload
from engine.workload.repair_request import Repair, RepairRequest
from engine.workload.repairs import lessen_shares
from engine.workload.starving import Starving, find_starving
from engine.workload.trials import FitListener, FitProgress, OpenTrial, Trial, ignore_progress
from engine.workload.wanted_rows import MOST_ROWS, Cardinality, fit_counts

DEFAULT_ROUNDS = 4
MOST_SHARE = 0.5
"""The part of its largest table that a query with conditions should select at most."""
_MOST_TRIALS = 5
_MOST_SHARE_TRIALS = 2
"""For smaller shares, which no query needs to find rows: all changes, then those of tables not at fault."""
_COUNT_ROUNDS = 4
_PROBE_ROWS = 101
_PROBE_SECONDS = 5.0
_STARVING_PROBE_SECONDS = 2.0
_STARVING_SECONDS = 15.0
"""For telling, at the end, what starves the statements that find nothing; the others can be asked for one by one."""
_EMPTY = ("empty", "only the empty-input row")


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
class Repaired:
    """The schema after the last round."""

    schema: ExperimentSchema
    kept: tuple[Change, ...]
    dropped: tuple[Dropped, ...]
    before: tuple[StatementCoverage, ...]
    after: tuple[StatementCoverage, ...]
    failures: tuple[str, ...]
    rounds: tuple[Round, ...]
    starving: tuple[Starving, ...]
    """For each statement that still finds nothing, the condition that starves it, where that can be told in time."""
    too_large: tuple[tuple[str, float], ...]
    """The statements with conditions that select more than half of their largest table, and the part of it."""
    cardinalities: tuple[Cardinality, ...]
    """The wanted and the found rows of the statements for which rows are wanted."""


@dataclass(frozen=True)
class _State:
    schema: ExperimentSchema
    trial: Trial
    stack: ExitStack
    coverage: tuple[StatementCoverage, ...]

    @cached_property
    def failures(self) -> frozenset[str]:
        return frozenset(self.trial.failures())

    @cached_property
    def found(self) -> frozenset[int]:
        return frozenset(number for number, each in enumerate(self.coverage) if each.state == "finds rows")


def _finds_more(old: _State, new: _State) -> bool:
    return len(new.found) > len(old.found)


def _off(cardinalities: Sequence[Cardinality]) -> float:
    """Return how far found rows are from wanted ones, in all: 0 where they are equal, 1 for none or twice as many."""
    return sum(min(abs(each.found / max(each.wanted, 1) - 1), 4) for each in cardinalities)


def repair_schema(
    schema: ExperimentSchema,
    workload: Workload,
    changes: Sequence[Change],
    open_trial: OpenTrial,
    repairs: Sequence[Repair],
    *,
    dialect: str,
    seed: int = 1,
    rounds: int = DEFAULT_ROUNDS,
    refused: frozenset[str] = frozenset(),
    wanted: Mapping[str, int] | None = None,
    listener: FitListener = ignore_progress,
) -> Repaired:
    """Make the changes that a workload's vocabulary wants, then repair in rounds.

    Raises what a trial of the schema itself raises, and `CancelledError` from the listener.
    """
    repairing = _Repairing(workload, open_trial, dialect, refused, listener)
    try:
        return repairing.run(schema, changes, repairs, seed, rounds, wanted or {})
    finally:
        repairing.close()


class _Repairing:
    def __init__(
        self,
        workload: Workload,
        open_trial: OpenTrial,
        dialect: str,
        refused: frozenset[str],
        listener: FitListener,
    ) -> None:
        self._refused = refused
        self._workload = workload
        self._open_trial = open_trial
        self._dialect = dialect
        self._told = listener
        self._step = ("", process_time())
        self._phases: dict[str, float] = {}
        self._round = 0
        self._states: list[_State] = []
        self._rounds: list[Round] = []
        self._kept: list[Change] = []
        self._counted: set[str] = set()
        self._dropped: list[Dropped] = []

    def close(self) -> None:
        for state in self._states:
            state.stack.close()
        self._states.clear()

    def run(
        self,
        schema: ExperimentSchema,
        changes: Sequence[Change],
        repairs: Sequence[Repair],
        seed: int,
        rounds: int,
        wanted: Mapping[str, int],
    ) -> Repaired:
        state = first = self._measure(schema)
        if changes:
            state = self._make(state, changes)
        for number in range(1, rounds + 1):
            self._round = number
            missing = self._missing(state)
            if not missing or not repairs:
                break
            proposed = self._propose(state, missing, repairs, seed)
            found = len(state.found)
            state = self._make(state, proposed, is_better=_finds_more) if proposed else state
            if len(state.found) <= found:
                break
        self._round = 0
        state = self._fit_counts(state, wanted)
        state, too_large = self._limit_shares(state)
        starving = self._starving(state)
        return Repaired(
            state.schema,
            tuple(self._kept),
            tuple(self._dropped),
            first.coverage,
            state.coverage,
            tuple(sorted(state.failures)),
            tuple(self._rounds),
            tuple(starving),
            too_large,
            self._cardinalities(state, wanted),
        )

    def _fit_counts(self, state: _State, wanted: Mapping[str, int]) -> _State:
        """Return the state in which the statements return about the wanted rows, as far as shares can do that."""

        def is_nearer(old: _State, new: _State) -> bool:
            return _off(self._cardinalities(new, wanted)) < _off(self._cardinalities(old, wanted))

        for _ in range(_COUNT_ROUNDS if wanted else 0):
            now = self._cardinalities(state, wanted)
            changes = fit_counts(state.schema, self._workload, now)
            changes = [change for change in changes if not self._refused & {change.place, change.table}]
            if not changes:
                break
            made = self._make(state, changes, is_better=is_nearer)
            if made is state:
                break
            state = made
            self._counted |= {change.place for change in changes}
        return state

    def _cardinalities(self, state: _State, wanted: Mapping[str, int]) -> tuple[Cardinality, ...]:
        if not wanted:
            return ()
        statements = [each for each in self._workload.statements if each.name in wanted]
        limit = min(MOST_ROWS, max(2 * max(wanted.values()), 1000))
        return tuple(
            Cardinality(each.statement.name, each.statement.line, wanted[each.statement.name], each.rows)
            for each in state.trial.cover(statements, limit=limit)
        )

    def _limit_shares(self, state: _State) -> tuple[_State, tuple[tuple[str, float], ...]]:
        """Return the state in which statements with conditions select less, and those that select too much still."""
        filtered = {each.statement for each in self._workload.predicates if not each.is_aggregated}
        counted = [each for each in state.coverage if each.state == "finds rows" and each.statement.name in filtered]
        large = self._large([each.statement for each in counted], state)
        fitted = [change for change in self._kept if change.place not in self._counted]
        changes = lessen_shares(state.schema, self._workload, fitted, large, MOST_SHARE)
        if not changes:
            return state, large
        state = self._make(state, changes, most_trials=_MOST_SHARE_TRIALS)
        names = {name for name, _ in large}
        return state, self._large([each.statement for each in counted if each.statement.name in names], state)

    def _large(self, statements: Sequence[Statement], state: _State) -> tuple[tuple[str, float], ...]:
        self._tell("counting shares", state)
        shares = state.trial.shares(statements, seconds=_PROBE_SECONDS)
        named = zip(statements, shares, strict=True)
        return tuple((each.name, share) for each, share in named if share is not None and share > MOST_SHARE)

    def _propose(
        self, state: _State, missing: tuple[Statement, ...], repairs: Sequence[Repair], seed: int
    ) -> list[Change]:
        known: dict[str, Starving | None] = {}
        until = perf_counter() + 2 * _STARVING_SECONDS

        def starving(statement: Statement) -> Starving | None:
            if statement.name not in known:
                if perf_counter() > until:
                    return None
                known[statement.name] = self._find_starving(state.trial, statement)
            return known[statement.name]

        self._tell("repairing", state)
        request = RepairRequest(
            state.schema, self._workload, missing, state.trial, self._dialect, seed, self._round, starving,
            lambda progress: self._listener(replace(progress, round=self._round, found=len(state.found))),
        )  # fmt: skip
        changes = [change for repair in repairs for change in repair(request)]
        return [change for change in changes if not self._refused & {change.place, change.table}]

    def _measure(self, schema: ExperimentSchema) -> _State:
        stack = ExitStack()
        try:
            self._tell("making data", None)
            trial = stack.enter_context(self._open_trial(schema))
            self._tell("running queries", None)
            coverage = trial.cover(self._workload.statements)
            state = _State(schema, trial, stack, coverage)
        except BaseException:
            stack.close()
            raise
        self._states.append(state)
        return state

    def _make(
        self,
        state: _State,
        changes: Sequence[Change],
        *,
        is_better: Callable[[_State, _State], bool] | None = None,
        most_trials: int = _MOST_TRIALS,
    ) -> _State:
        """Return the state with the part of the changes that does no harm; what is found must also be better."""
        started = perf_counter()
        errors: list[str] = []

        def attempt(units: Sequence[Unit]) -> Attempt[tuple[_State, list[Change], list[Dropped]] | None]:
            schema, made, invalid = apply_valid_changes(state.schema, [each for unit in units for each in unit])
            if not made:
                return Attempt((state, [], invalid), True)
            try:
                new = self._measure(schema)
            except CancelledError:
                raise
            except WorkbenchError as error:
                errors.append(str(error))
                return Attempt(None, False, frozenset({error.where.partition(".")[0]}))
            lost = state.found - new.found
            fails = frozenset[str]() if lost else self._new_failures(state, new)
            if lost or fails:
                blamed = {table for number in lost for table in self._tables(number, schema)}
                blamed |= {each.partition(" of ")[2].rpartition(".")[0] for each in fails}
                errors.append(self._harm(lost, fails))
                self._release(new)
                return Attempt(None, False, frozenset(blamed))
            return Attempt((new, made, invalid), True)

        units = units_of(changes)
        result = keep_harmless(units, attempt, most_trials)
        new, made, invalid = result.result or (state, [], [])
        reason = f"It is taken back. {errors[0]}" if errors else "It is taken back."
        lost_changes = [*invalid, *(Dropped(change, reason) for unit in result.taken_back for change in unit)]
        if is_better is not None and (new is state or not is_better(state, new)):
            unhelpful = "It is taken back. What queries find is no better with it."
            lost_changes += [Dropped(change, unhelpful) for change in made]
            if new is not state:
                self._release(new)
            new, made = state, []
        for other in list(self._states):
            if other is not new:
                self._release(other)
        self._kept += made
        self._dropped += lost_changes
        self._rounds.append(
            Round(
                self._round,
                perf_counter() - started,
                len(new.found),
                tuple(made),
                tuple(lost_changes),
                len(new.failures),
                self._take_phases(),
            )
        )
        self._tell("fitted", new)
        return new

    def _new_failures(self, state: _State, new: _State) -> frozenset[str]:
        """Return the checks that fail now; the data before is audited only where some do."""
        self._tell("auditing", new)
        return new.failures - state.failures if new.failures else new.failures

    def _harm(self, lost: frozenset[int], fails: frozenset[str]) -> str:
        names = [self._workload.statements[number].name for number in sorted(lost)]
        parts = [f"{', '.join(names)} would find no rows any more."] if names else []
        parts += [f"The audit would fail: {', '.join(sorted(fails))}."] if fails else []
        return " ".join(parts)

    def _tables(self, number: int, schema: ExperimentSchema) -> list[str]:
        reads = find_reads(self._workload.statements[number].sql, self._dialect, TableNames(schema))
        return [table.key for table in reads.tables]

    def _release(self, state: _State) -> None:
        state.stack.close()
        self._states = [each for each in self._states if each is not state]

    def _missing(self, state: _State) -> tuple[Statement, ...]:
        return tuple(each.statement for each in state.coverage if each.state in _EMPTY)

    def _starving(self, state: _State) -> list[Starving]:
        found = []
        missing = self._missing(state)
        until = perf_counter() + _STARVING_SECONDS
        for number, statement in enumerate(missing):
            self._listener(FitProgress("searching", self._round, number, len(missing), len(state.found)))
            if perf_counter() > until:
                break
            starving = self._find_starving(state.trial, statement)
            if starving is not None:
                found.append(starving)
        return found

    def _find_starving(self, trial: Trial, statement: Statement) -> Starving | None:
        def finds_rows(relaxed: Statement) -> bool:
            (one,) = trial.cover([relaxed], limit=_PROBE_ROWS, seconds=_STARVING_PROBE_SECONDS)
            return one.state == "finds rows"

        return find_starving(statement, self._dialect, finds_rows)

    def _listener(self, progress: FitProgress) -> None:
        self._note_time(progress.step)
        self._told(progress)

    def _note_time(self, step: str) -> None:
        """Count the processor time since the last step to that one."""
        before, started = self._step
        self._step = (step, process_time())
        if before:
            self._phases[before] = self._phases.get(before, 0.0) + self._step[1] - started

    def _take_phases(self) -> dict[str, float]:
        self._note_time(self._step[0])
        taken = {step: round(seconds, 1) for step, seconds in self._phases.items()}
        self._phases = {}
        return taken

    def _tell(self, step: str, state: _State | None) -> None:
        found = None if state is None else len(state.found)
        self._listener(FitProgress(step, self._round, found=found))
