"""The repair of a round: rows that a statement finds together, and larger shares where no such rows are known.

The search remembers from round to round which attempts it made for a statement. All statements have a short turn
before one has a longer one, which goes on where the short one ended, and no attempt is made again while the
statement's tables stay as they are. A statement that finds nothing with the rows that were placed for it gets others,
once. Where keys that no scenario can set stand in the way, the rows that can be placed are, many of them: others refer
to them as they may.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from time import thread_time

from engine.schema.models import ExperimentSchema
from engine.workload.base_tables import find_reads
from engine.workload.changes import Change
from engine.workload.lineage import TableNames
from engine.workload.records import Statement
from engine.workload.repair_request import Repair, RepairRequest
from engine.workload.repairs import repair_nulls, repair_shares
from engine.workload.trials import FitProgress
from engine.workload.witnesses import ATTEMPTS, Witness, find_witness, is_placed, make_facts, place_witnesses

_TURNS = (6, ATTEMPTS - 6)
"""The attempts for one statement in its first turn and in the one after it."""
_TURN_SECONDS = 12.0
"""Of processor time, after which a turn makes no other attempt."""
_ROUND_SECONDS, _ALL_SECONDS = 20.0, 28.0
"""For all statements of a round, which have their turn in a later one where the time is over, and for all rounds."""
_SECONDS_EACH = 0.3
"""Workloads of many statements have at least so much for each of them."""


@dataclass
class WitnessRepair:
    """Finds scenarios of rows that statements find, and for those without any the shares that they want.

    One is made for a fit, whose rounds it remembers.
    """

    left: float | None = None
    """The processor time that is left for searching; None before the first round."""
    _attempts: dict[tuple[str, str], int] = field(default_factory=dict)
    """The attempts that were made for a statement, by its name and the tables that it reads as they were then."""
    _partial: dict[tuple[str, str], Witness] = field(default_factory=dict)
    """The rows that can be placed for a statement whose other rows cannot, as for `_attempts`."""
    _shared: set[str] = field(default_factory=set)
    """The statements for which larger shares were tried; once, as a round of them takes long."""
    _again: set[str] = field(default_factory=set)
    """The statements that found nothing with their rows and for which others were searched; once."""

    def __call__(self, request: RepairRequest) -> list[Change]:
        """Return the changes of a round."""
        placed = [each for each in request.open if is_placed(request.schema, each) and each.name not in self._again]
        self._again |= {each.name for each in placed}
        names = {each.name for each in placed}
        waiting = [each for each in request.open if each.name in names or not is_placed(request.schema, each)]
        witnesses = self._search(request, waiting, names)
        found = {each.statement.name for each in witnesses}
        keys = self._keys(request, [each for each in waiting if each.name not in found])
        witnesses += [self._partial.pop(key) for key in keys.values() if key in self._partial]
        changes = place_witnesses(request.schema, witnesses, request.trial.counts)
        if found and changes:
            return changes
        unsolved = tuple(each for each in request.open if each.name not in self._shared)
        self._shared |= {each.name for each in unsolved}
        return [*changes, *(repair_shares(replace(request, open=unsolved)) if unsolved else [])]

    def _keys(self, request: RepairRequest, statements: Sequence[Statement]) -> dict[str, tuple[str, str]]:
        tables = _Tables(request.schema, request.dialect)
        return {each.name: (each.name, tables.text(each)) for each in statements}

    def _search(self, request: RepairRequest, waiting: Sequence[Statement], placed: set[str]) -> list[Witness]:
        facts = make_facts(request.schema, request.trial.counts, request.seed)
        keys = self._keys(request, waiting)
        witnesses: dict[str, Witness] = {}
        tried: set[str] = set()
        if self.left is None:
            self.left = max(_ALL_SECONDS, _SECONDS_EACH * len(request.workload.statements))
        until = min(max(_ROUND_SECONDS, _SECONDS_EACH * len(waiting)), self.left)
        for statement, turn in self._next(waiting, keys, witnesses):
            if until <= 0:
                break
            request.listener(FitProgress("searching rows", 0, len(tried), len(waiting)))
            tried.add(statement.name)
            key = keys[statement.name]
            first = ATTEMPTS if statement.name in placed else 0  # other attempts than those that gave the placed rows
            made = self._attempts.get(key, 0)
            started = thread_time()
            found = find_witness(
                request.schema,
                statement,
                request.workload,
                request.trial.counts,
                request.dialect,
                request.seed,
                attempts=range(first + made, first + sum(_TURNS[: turn + 1])),
                seconds=min(_TURN_SECONDS, until),
                facts=facts,
            )
            spent = thread_time() - started
            until -= spent
            self.left -= spent
            if isinstance(found, Witness):
                witnesses[statement.name] = found
            else:
                self._attempts[key] = max(found.next_attempt - first, made)
                if found.partial is not None:
                    self._partial.setdefault(key, found.partial)
        return [witnesses[each.name] for each in waiting if each.name in witnesses]

    def _next(
        self,
        waiting: Sequence[Statement],
        keys: dict[str, tuple[str, str]],
        witnesses: dict[str, Witness],
    ) -> Iterator[tuple[Statement, int]]:
        """Yield each statement without a witness with the number of its turn: the first turn of all comes first."""
        for turn in range(len(_TURNS)):
            for each in sorted(waiting, key=lambda statement: len(statement.sql)):  # short ones take the least time
                if each.name not in witnesses and self._attempts.get(keys[each.name], 0) < sum(_TURNS[: turn + 1]):
                    yield each, turn


class _Tables:
    def __init__(self, schema: ExperimentSchema, dialect: str) -> None:
        self._names = TableNames(schema)
        self._dialect = dialect
        self._texts: dict[str, str] = {}

    def text(self, statement: Statement) -> str:
        """Return the rules of the tables that a statement reads, without the scenarios of others."""
        reads = find_reads(statement.sql, self._dialect, self._names)
        for table in reads.tables:
            if table.key not in self._texts:
                self._texts[table.key] = table.model_dump_json(exclude={"scenarios"}, exclude_defaults=True)
        return "\n".join(self._texts[table.key] for table in reads.tables)


def make_repairs() -> tuple[Repair, ...]:
    """Return the repairs of each round of a fit, in this order."""
    return (repair_nulls, WitnessRepair())
