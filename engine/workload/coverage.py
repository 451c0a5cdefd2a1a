"""Running a workload on the loaded data: which statements find rows.

Each statement runs as any query does: translated, within the limits of queries, in the sandbox. A result of few rows is
compared with that of the same statement over empty tables: an aggregate over nothing returns a row, and ROLLUP over
nothing a total, so the same result means that nothing was found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from engine.errors import WorkbenchError
from engine.queries.home_queries import Querying
from engine.schema.models import ExperimentSchema, TableSchema
from engine.warehouse.querying.handle import QueryHandle, cancelled_error
from engine.warehouse.querying.limits import Limits
from engine.warehouse.querying.page import Page
from engine.workload.base_tables import TableReads, find_reads
from engine.workload.lineage import TableNames
from engine.workload.records import CoverageState, Statement, StatementCoverage

MAX_ROWS = 10_000
"""The rows that are counted of a result by default."""

_MAX_EMPTY_INPUT_ROWS = 100
"""A result of more rows is not compared with that of empty tables."""

CoverageListener = Callable[[int, int], None]
"""Called after each statement with the number of those that ran, and of all."""


@dataclass(frozen=True)
class CoverageRequest:
    """What to run and on what: the schema of the loaded tables, and their rows by table key."""

    experiment: str
    schema: ExperimentSchema
    row_counts: Mapping[str, int]
    dialect: str
    limit: int = MAX_ROWS
    counts_shares: bool = True
    """Whether to count which part of its largest table a statement selects, with one more query or several."""
    limits: Limits | None = None
    """The limits of each query, where they differ from the settings."""
    over_empty: dict[str, Counter[str] | None] = field(default_factory=dict)
    """What queries over empty tables return, by their SQL, None if they fail; requests for one schema can share it."""


def measure_coverage(
    querying: Querying,
    request: CoverageRequest,
    statements: Sequence[Statement],
    *,
    handle: QueryHandle | None = None,
    listener: CoverageListener | None = None,
) -> tuple[StatementCoverage, ...]:
    """Run the statements one after the other; raises `QueryError` after `handle.cancel()`, and for nothing else."""
    measuring = _Measuring(querying, request, handle or QueryHandle())
    found: list[StatementCoverage] = []
    for statement in statements:
        found.append(measuring.measure(statement))
        if measuring.is_cancelled:
            raise cancelled_error()
        if listener is not None:
            listener(len(found), len(statements))
    return tuple(found)


def measure_shares(
    querying: Querying, request: CoverageRequest, statement: Statement, *, handle: QueryHandle | None = None
) -> float | None:
    """Return the part of its largest table that a statement selects, without running the statement itself.

    None if that cannot be told, as where no place of the table has a condition of its own. Raises `QueryError` after
    `handle.cancel()`, and for nothing else.
    """
    measuring = _Measuring(querying, request, handle or QueryHandle())
    share = measuring.share(statement)
    if measuring.is_cancelled:
        raise cancelled_error()
    return share


class _Measuring:
    def __init__(self, querying: Querying, request: CoverageRequest, handle: QueryHandle) -> None:
        self._querying = querying
        self._request = request
        self._handle = handle
        self._names = TableNames(request.schema)

    @property
    def is_cancelled(self) -> bool:
        return self._handle.is_cancelled

    def measure(self, statement: Statement) -> StatementCoverage:
        if statement.state == "does not run":
            return StatementCoverage(statement, "does not run", 0, False, 0.0, None, None, statement.reason)
        reads, largest = self._reads(statement)
        table = None if largest is None else largest.key
        started = perf_counter()
        try:
            rows, is_cut = self._run(statement.sql)
        except WorkbenchError as error:
            seconds = perf_counter() - started
            state: CoverageState = "not understood" if statement.state == "not understood" else "does not run"
            reason = statement.reason if state == "not understood" else _reason(error)
            return StatementCoverage(statement, state, 0, False, seconds, table, None, reason)
        seconds = perf_counter() - started
        state = self._state(rows, reads)
        is_counted = self._request.counts_shares
        share = self._share(reads, largest) if is_counted and largest is not None else None
        return StatementCoverage(statement, state, len(rows), is_cut, seconds, table, share)

    def share(self, statement: Statement) -> float | None:
        reads, largest = self._reads(statement)
        return self._share(reads, largest) if largest is not None and reads.is_filtered(largest, self._names) else None

    def _reads(self, statement: Statement) -> tuple[TableReads, TableSchema | None]:
        """Return the tables that a statement reads, and the largest of them."""
        reads = find_reads(statement.sql, self._request.dialect, self._names)
        counts = self._request.row_counts
        return reads, max(reads.tables, key=lambda table: counts.get(table.key, 0), default=None)

    def _run(self, sql: str) -> tuple[list[tuple[object, ...]], bool]:
        if self._handle.is_cancelled:
            raise cancelled_error()
        result = self._querying.query(
            sql,
            dialect=self._request.dialect,
            experiment=self._request.experiment,
            page=Page(self._request.limit),
            limits=self._request.limits,
            handle=self._handle,
        )
        return result.frame.rows(), result.truncated

    def _state(self, rows: list[tuple[object, ...]], reads: TableReads) -> CoverageState:
        if not rows:
            return "empty"
        if len(rows) > _MAX_EMPTY_INPUT_ROWS or not reads.tables:
            return "finds rows"
        empty = self._over_empty(reads)
        if empty is None:
            is_same = len(rows) == 1 and all(value is None or value == 0 for value in rows[0])
        else:
            is_same = empty == Counter(map(repr, rows))
        return "only the empty-input row" if is_same else "finds rows"

    def _over_empty(self, reads: TableReads) -> Counter[str] | None:
        """Return the rows of the query over empty tables, by their text; None if it cannot run."""
        sql = reads.over_empty_tables()
        if sql is None:
            return None
        known = self._request.over_empty
        if sql not in known:
            try:
                known[sql] = Counter(map(repr, self._run(sql)[0]))
            except WorkbenchError:
                if self._handle.is_cancelled:
                    return None
                known[sql] = None
        return known[sql]

    def _share(self, reads: TableReads, table: TableSchema) -> float | None:
        """Return the largest part of a table's rows that a place of the query selects."""
        total = self._request.row_counts.get(table.key, 0)
        shares: list[float] = []
        for sql in reads.selections(table, self._names) if total else ():
            try:
                rows, _ = self._run(sql)
            except WorkbenchError:
                continue
            shares.append(min(1.0, int(str(rows[0][0])) / total))
        return max(shares, default=None)


def _reason(error: WorkbenchError) -> str:
    first, *_ = error.message.splitlines() or [""]
    return f"{first} ({error.where})" if error.where else first
