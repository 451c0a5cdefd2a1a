"""Rounds of repair: data is made and audited, all queries run, and what finds nothing is repaired.

The rounds end when nothing improves. `repair_rounds.py` makes one round, and takes back what does harm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from engine.schema.models import ExperimentSchema
from engine.workload.changes import Change, Dropped
from engine.workload.fit_steps import FitSteps
from engine.workload.records import Statement, StatementCoverage, Workload
from engine.workload.repair_request import Repair, RepairRequest
from engine.workload.repair_rounds import MOST_TRIALS, Round, Rounds, State
from engine.workload.repairs import lessen_shares
from engine.workload.starving import Starving, find_starving
from engine.workload.trials import FitListener, FitProgress, OpenTrial, Trial, ignore_progress
from engine.workload.wanted_rows import MOST_ROWS, Cardinality, fit_counts

DEFAULT_ROUNDS = 4
MOST_SHARE = 0.5
"""The part of its largest table that a query with conditions should select at most."""
_MOST_SHARE_TRIALS = 2
"""For smaller shares, which no query needs to find rows: all changes, then those of tables not at fault."""
_LATER_TRIALS = 2
"""For the changes of a round after the first one, which find few queries more."""
_COUNT_ROUNDS = 4
_PROBE_ROWS = 101
_PROBE_SECONDS = 5.0
_STARVING_PROBE_SECONDS = 2.0
_STARVING_SECONDS = 15.0
"""For telling, at the end, what starves the statements that find nothing; the others can be asked for one by one."""
_EMPTY = ("empty", "only the empty-input row")


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


def _finds_more(old: State, new: State) -> bool:
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
    steps = FitSteps(listener)
    made = Rounds(workload, open_trial, dialect, steps)
    try:
        return _Repairing(workload, dialect, refused, steps, made).run(
            schema, changes, repairs, seed, rounds, wanted or {}
        )
    finally:
        made.close()


class _Repairing:
    def __init__(
        self, workload: Workload, dialect: str, refused: frozenset[str], steps: FitSteps, rounds: Rounds
    ) -> None:
        self._refused = refused
        self._workload = workload
        self._dialect = dialect
        self._steps = steps
        self._rounds = rounds
        self._counted: set[str] = set()

    def run(
        self,
        schema: ExperimentSchema,
        changes: Sequence[Change],
        repairs: Sequence[Repair],
        seed: int,
        rounds: int,
        wanted: Mapping[str, int],
    ) -> Repaired:
        state = first = self._rounds.measure(schema)
        if changes:
            state = self._rounds.make(state, changes)
        for number in range(1, rounds + 1):
            self._steps.round = number
            missing = self._missing(state)
            if not missing or not repairs:
                break
            proposed = self._propose(state, missing, repairs, seed)
            found = len(state.found)
            if proposed:
                trials = MOST_TRIALS if number == 1 else _LATER_TRIALS
                state = self._rounds.make(state, proposed, is_better=_finds_more, most_trials=trials)
            if len(state.found) <= found:
                break
        self._steps.round = 0
        state = self._fit_counts(state, wanted)
        state, too_large = self._limit_shares(state)
        starving = self._starving(state)
        return Repaired(
            state.schema,
            tuple(self._rounds.kept),
            tuple(self._rounds.dropped),
            first.coverage,
            state.coverage,
            tuple(sorted(state.failures)),
            tuple(self._rounds.rounds),
            tuple(starving),
            too_large,
            self._cardinalities(state, wanted),
        )

    def _fit_counts(self, state: State, wanted: Mapping[str, int]) -> State:
        """Return the state in which the statements return about the wanted rows, as far as shares can do that."""

        def is_nearer(old: State, new: State) -> bool:
            return _off(self._cardinalities(new, wanted)) < _off(self._cardinalities(old, wanted))

        for _ in range(_COUNT_ROUNDS if wanted else 0):
            now = self._cardinalities(state, wanted)
            changes = fit_counts(state.schema, self._workload, now)
            changes = [change for change in changes if not self._refused & {change.place, change.table}]
            if not changes:
                break
            made = self._rounds.make(state, changes, is_better=is_nearer)
            if made is state:
                break
            state = made
            self._counted |= {change.place for change in changes}
        return state

    def _cardinalities(self, state: State, wanted: Mapping[str, int]) -> tuple[Cardinality, ...]:
        if not wanted:
            return ()
        statements = [each for each in self._workload.statements if each.name in wanted]
        limit = min(MOST_ROWS, max(2 * max(wanted.values()), 1000))
        return tuple(
            Cardinality(each.statement.name, each.statement.line, wanted[each.statement.name], each.rows)
            for each in state.trial.cover(statements, limit=limit)
        )

    def _limit_shares(self, state: State) -> tuple[State, tuple[tuple[str, float], ...]]:
        """Return the state in which statements with conditions select less, and those that select too much still."""
        filtered = {each.statement for each in self._workload.predicates if not each.is_aggregated}
        counted = [each for each in state.coverage if each.state == "finds rows" and each.statement.name in filtered]
        large = self._large([each.statement for each in counted], state)
        fitted = [change for change in self._rounds.kept if change.place not in self._counted]
        changes = lessen_shares(state.schema, self._workload, fitted, large, MOST_SHARE)
        if not changes:
            return state, large
        state = self._rounds.make(state, changes, most_trials=_MOST_SHARE_TRIALS)
        names = {name for name, _ in large}
        return state, self._large([each.statement for each in counted if each.statement.name in names], state)

    def _large(self, statements: Sequence[Statement], state: State) -> tuple[tuple[str, float], ...]:
        self._steps.start("counting shares", len(state.found))
        shares = state.trial.shares(statements, seconds=_PROBE_SECONDS)
        named = zip(statements, shares, strict=True)
        return tuple((each.name, share) for each, share in named if share is not None and share > MOST_SHARE)

    def _propose(
        self, state: State, missing: tuple[Statement, ...], repairs: Sequence[Repair], seed: int
    ) -> list[Change]:
        known: dict[str, Starving | None] = {}
        until = perf_counter() + 2 * _STARVING_SECONDS

        def starving(statement: Statement) -> Starving | None:
            if statement.name not in known:
                if perf_counter() > until:
                    return None
                known[statement.name] = self._find_starving(state.trial, statement)
            return known[statement.name]

        self._steps.start("repairing", len(state.found))
        request = RepairRequest(
            state.schema, self._workload, missing, state.trial, self._dialect, seed, self._steps.round, starving,
            lambda progress: self._steps.tell(replace(progress, round=self._steps.round, found=len(state.found))),
        )  # fmt: skip
        changes = [change for repair in repairs for change in repair(request)]
        return [change for change in changes if not self._refused & {change.place, change.table}]

    def _missing(self, state: State) -> tuple[Statement, ...]:
        return tuple(each.statement for each in state.coverage if each.state in _EMPTY)

    def _starving(self, state: State) -> list[Starving]:
        found = []
        missing = self._missing(state)
        until = perf_counter() + _STARVING_SECONDS
        for number, statement in enumerate(missing):
            self._steps.tell(FitProgress("searching", self._steps.round, number, len(missing), len(state.found)))
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
