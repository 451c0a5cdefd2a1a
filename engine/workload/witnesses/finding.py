"""Finding a witness: attempts with other branches, more rows in a group, and other candidates, until one is proved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from random import Random
from time import thread_time

from sqlglot import exp
from sqlglot.errors import SqlglotError

from engine.errors import WorkbenchError
from engine.schema.models import ExperimentSchema
from engine.workload.base_tables import find_reads
from engine.workload.lineage import Lineage
from engine.workload.records import Statement, Workload
from engine.workload.views import UnparsedError, parse
from engine.workload.witnesses.assembling import Assembler, DraftRow, chase_references
from engine.workload.witnesses.checking import count_found
from engine.workload.witnesses.facts import SMALL_ROWS, Facts, make_facts
from engine.workload.witnesses.flattening import Flattener
from engine.workload.witnesses.made_columns import draws_by_row
from engine.workload.witnesses.records import NoWitnessError, Parent, UnsetKeyError, Unsolved, Witness, WitnessRow
from engine.workload.witnesses.repeating import REPEATS, repeat_rows, repeated_rows
from engine.workload.witnesses.solving import Solver

ATTEMPTS = 30
"""Of one search: hardly any statement finds its rows in a later one."""
_SECONDS = 12.0
_MOST_COPIES = 60
_NOT_UNDERSTOOD = (
    SqlglotError, WorkbenchError, UnparsedError, RecursionError, AttributeError, TypeError, ValueError,
    KeyError, IndexError, ArithmeticError,
)  # fmt: skip


@dataclass(frozen=True)
class _Attempt:
    number: int
    copies: int
    blocks: int
    small: int


def find_witness(
    schema: ExperimentSchema,
    statement: Statement,
    workload: Workload,
    counts: Mapping[str, int],
    dialect: str,
    seed: int,
    *,
    attempts: range = range(ATTEMPTS),
    seconds: float = _SECONDS,
    facts: Facts | None = None,
) -> Witness | Unsolved:
    """Return rows with which a statement finds something, or why there are none.

    The number of an attempt decides what it tries; after about `seconds` of processor time no other one is begun.
    `facts`, from `make_facts`, can be shared by the statements of one schema. Raises nothing for what a statement says.
    """
    if statement.state != "runs":
        return Unsolved(statement, statement.reason or "It does not run.", next_attempt=attempts.stop)
    try:
        known = facts or make_facts(schema, counts, seed)
        lineage = Lineage(parse(statement.sql, dialect), dialect, known.names, date.today())
    except _NOT_UNDERSTOOD as error:
        return Unsolved(statement, f"It is not understood: {_first_line(error)}", next_attempt=attempts.stop)
    if lineage.unknown_tables:
        missing = lineage.unknown_tables[0].sql(comments=False)
        return Unsolved(statement, f"There is no table {missing}.", next_attempt=attempts.stop)
    return _Search(known, statement, lineage.tree, dialect, seconds, attempts).run()


class _Search:
    def __init__(
        self, facts: Facts, statement: Statement, tree: exp.Expr, dialect: str, seconds: float, attempts: range
    ) -> None:
        self._facts = facts
        self._statement = statement
        self._tree = tree
        self._dialect = dialect
        self._seconds = seconds
        self._numbers = attempts
        self._reads = find_reads(statement.sql, dialect, facts.names)

    def run(self) -> Witness | Unsolved:
        for table in self._reads.tables:
            self._facts.frame(self._facts.number_of(table))
        started = thread_time()
        reasons: dict[tuple[str, str | None], int] = {}
        partial: Witness | None = None
        next_attempt = self._numbers.start
        for attempt in self._attempts():
            left = self._seconds - (thread_time() - started)
            if left <= 0:
                break
            next_attempt = attempt.number + 1
            try:
                return self._try(attempt, left)
            except UnsetKeyError as error:
                partial = partial or self._partial(attempt, left)
                reason = (str(error), error.place)
            except NoWitnessError as error:
                reason = (str(error), error.place)
            except _NOT_UNDERSTOOD as error:
                reason = (f"It is not understood: {_first_line(error)}", None)
            reasons[reason] = reasons.get(reason, 0) + 1
        if not reasons:
            return Unsolved(self._statement, "There was no time to look for rows.", next_attempt=next_attempt)
        message, place = max(reasons, key=lambda each: reasons[each])
        return Unsolved(self._statement, message, place, next_attempt, partial)

    def _attempts(self) -> Iterator[_Attempt]:
        """Yield attempts: first the plainest, then with as many rows in a group as HAVING asks for, then others."""
        asked = [1, *_asked_copies(self._tree), 2, 3]
        for number in self._numbers:
            small = SMALL_ROWS if number % 3 < 2 else 0
            shape = number % 4
            if shape < 2:
                yield _Attempt(number, asked[number // 2 % len(asked)], 1, small)
            else:
                yield _Attempt(number, 1, shape, small)

    def _try(self, attempt: _Attempt, left: float) -> Witness:
        rows = self._rows(attempt, left)
        found = self._count(rows, left)
        if not found:
            raise NoWitnessError("The query does not find the rows that meet its conditions.")
        repeated = self._repeated(rows, found, left) if found < REPEATS else frozenset[int]()
        return Witness(self._statement, tuple(self._finished(rows, repeated)), checked=True)

    def _partial(self, attempt: _Attempt, left: float) -> Witness | None:
        """Return the rows of an attempt whose keys can be set; None if there are none."""
        with suppress(NoWitnessError, *_NOT_UNDERSTOOD):
            rows = self._rows(attempt, left, is_partial=True)
            if rows:
                return Witness(self._statement, tuple(self._finished(rows, frozenset())), checked=False)
        return None

    def _rows(self, attempt: _Attempt, left: float, *, is_partial: bool = False) -> dict[int, DraftRow]:
        random = Random(f"{self._statement.name} {attempt.number}")
        is_first = attempt.number == 0
        choose = (lambda number: 0) if is_first else random.randrange
        flattener = Flattener(self._facts, choose, copies=attempt.copies, blocks=attempt.blocks)
        flattener.query(self._tree.copy(), {}, ())
        flat = flattener.flat
        chase_references(self._facts, flat)
        solver = Solver(self._facts, flat, self._dialect, random, small=attempt.small, is_first=is_first)
        with self._facts.database(self._dialect, set()).within(left):
            solution = solver.solve()
        assembler = Assembler(self._facts, flat, solution, random, is_partial=is_partial)
        return assembler.rows(attempt.copies, attempt.blocks)

    def _count(self, rows: Mapping[int, DraftRow], left: float) -> int:
        return count_found(self._facts, self._statement, self._reads, rows, self._dialect, max(left, 1.0))

    def _repeated(self, rows: Mapping[int, DraftRow], found: int, left: float) -> frozenset[int]:
        """Return the rows to repeat: with them the query finds more rows; none if it does not."""
        repeated = repeated_rows(self._facts, rows)
        with suppress(NoWitnessError):
            if repeated and self._count(repeat_rows(rows, repeated), left) > found:
                return repeated
        return frozenset()

    def _finished(self, rows: Mapping[int, DraftRow], repeated: frozenset[int]) -> Iterator[WitnessRow]:
        order = {occurrence: place for place, occurrence in enumerate(rows)}
        for occurrence, row in rows.items():
            table = self._facts.tables[row.table]
            repeats = REPEATS if occurrence in repeated else 1
            parents = {
                table.columns[name].name: Parent(
                    None if parent.witness_row is None else order[parent.witness_row], parent.number
                )
                for name, parent in row.parents.items()
            }
            values = {table.columns[name].name: value for name, value in row.values.items()}
            is_drawn = any(draws_by_row(table, name) for name in row.made)
            yield WitnessRow(table.schema.key, values, parents, row.copies, repeats, is_drawn)


def _asked_copies(tree: exp.Expr) -> list[int]:
    """Return the numbers of rows that conditions on counts name, and those beside them."""
    counted = {each.alias.lower() for each in tree.find_all(exp.Alias) if each.this.find(exp.Count)}
    found: dict[int, None] = {}
    for each in tree.find_all(exp.Predicate):
        names = {column.name.lower() for column in each.find_all(exp.Column)}
        if not (names & counted or each.find(exp.Count)) or each.find(exp.Query):
            continue
        numbers = []
        for literal in each.find_all(exp.Literal):
            with suppress(ValueError):
                numbers.append(int(float(literal.this)))
        middle = [sum(numbers[:2]) // 2] if len(numbers) > 1 else []
        for number in (*numbers, *(number + 1 for number in numbers), *middle):
            if 1 < number <= _MOST_COPIES:
                found[number] = None
    return list(found)[:6]


def _first_line(error: BaseException) -> str:
    return re.sub(r"\s+", " ", str(error).strip().partition("\n")[0])[:160] or type(error).__name__
