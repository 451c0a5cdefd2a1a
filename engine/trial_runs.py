"""Trials of schemas in scratch homes: made, loaded, audited; a query runs again only where its tables changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TypeVar

from engine.errors import CancelledError, QueryError
from engine.schema.models import ExperimentSchema, TableSchema
from engine.scratch_runs import scratch_run
from engine.services import Services
from engine.warehouse.querying.handle import QueryHandle
from engine.warehouse.querying.limits import Limits
from engine.workload.base_tables import find_reads
from engine.workload.coverage import MAX_ROWS, CoverageRequest, measure_coverage, measure_shares
from engine.workload.lineage import TableNames
from engine.workload.records import Statement, StatementCoverage
from engine.workload.trials import FitListener, FitProgress, Trial, ignore_progress

_CHANGING = re.compile(r"\b(random|rand|uuid|uuid_string|randstr|uniform|normal|sample|tablesample)\b", re.IGNORECASE)
_THREADS = 2
Counts = Callable[[ExperimentSchema], Mapping[str, int]]
T = TypeVar("T")


def check_cancelled(handle: QueryHandle) -> None:
    """Raise `CancelledError` after `handle.cancel()`."""
    if handle.is_cancelled:
        raise CancelledError("The fit was cancelled. The schema is unchanged.")


@dataclass
class TrialRuns:
    """Opens trials, one after the other or beside each other, and remembers what statements found."""

    services: Services
    counts: Counts
    seed: int
    dialect: str
    handle: QueryHandle = field(default_factory=QueryHandle)
    listener: FitListener = ignore_progress
    _found: dict[object, StatementCoverage] = field(default_factory=dict)
    _shares: dict[object, float | None] = field(default_factory=dict)
    _over_empty: dict[object, dict[str, Counter[str] | None]] = field(default_factory=dict)
    reused: int = 0
    """The number of results that were taken from an earlier trial, as the tables of the statement had not changed."""

    def over_empty(self, schema: ExperimentSchema) -> dict[str, Counter[str] | None]:
        """Return what is known of queries over the empty tables of a schema: it depends on the columns only."""
        shape = tuple(
            (table.key, tuple((column.name, column.data_type) for column in table.columns)) for table in schema.tables
        )
        return self._over_empty.setdefault(shape, {})

    @contextmanager
    def open(self, schema: ExperimentSchema) -> Iterator[Trial]:
        """Make and load the data of a schema; it is removed at the end."""
        check_cancelled(self.handle)
        counts = self.counts(schema)

        def on_rows(done: int, total: int) -> None:
            check_cancelled(self.handle)
            self.listener(FitProgress("making data", 0, done, total))

        with scratch_run(self.services, schema, counts, self.seed, on_rows) as scratch:
            yield _LoadedTrial(self, scratch, schema, counts)


class _LoadedTrial:
    def __init__(self, runs: TrialRuns, scratch: Services, schema: ExperimentSchema, counts: Mapping[str, int]) -> None:
        self._runs = runs
        self._scratch = scratch
        self._schema = schema
        self._counts = counts
        self._names = TableNames(schema)
        self._digests = {table.key: self._digest(table) for table in schema.tables}

    @property
    def schema(self) -> ExperimentSchema:
        return self._schema

    @property
    def counts(self) -> Mapping[str, int]:
        return self._counts

    def cover(
        self,
        statements: Sequence[Statement],
        *,
        limit: int | None = None,
        seconds: float | None = None,
    ) -> tuple[StatementCoverage, ...]:
        request, how = self._request(limit, seconds), (limit, seconds)
        if len(statements) == 1:
            return (self._cover(statements[0], request, how, self._runs.handle),)
        return self._each(statements, "running queries", lambda each, handle: self._cover(each, request, how, handle))

    def shares(self, statements: Sequence[Statement], *, seconds: float | None = None) -> tuple[float | None, ...]:
        request = self._request(None, seconds)
        return self._each(statements, "counting shares", lambda each, handle: self._share(each, request, handle))

    def _request(self, limit: int | None, seconds: float | None) -> CoverageRequest:
        return CoverageRequest(
            self._schema.name, self._schema, self._counts, self._runs.dialect, limit or MAX_ROWS, False,
            Limits(timeout_seconds=seconds), self._runs.over_empty(self._schema),
        )  # fmt: skip

    def _each(
        self, statements: Sequence[Statement], step: str, work: Callable[[Statement, QueryHandle], T]
    ) -> tuple[T, ...]:
        """Return what `work` gives for each statement; two at a time."""
        runs = self._runs
        handles = [QueryHandle() for _ in statements]

        def stop() -> None:
            for each in handles:
                each.cancel()

        found: list[T] = []
        try:
            with runs.handle.stopping(stop), ThreadPoolExecutor(_THREADS) as pool:
                try:
                    waiting = [pool.submit(work, *each) for each in zip(statements, handles, strict=True)]
                    for number, each in enumerate(waiting):
                        runs.listener(FitProgress(step, 0, number, len(statements)))
                        found.append(each.result())
                finally:
                    if len(found) < len(statements):
                        stop()
        except QueryError:
            check_cancelled(runs.handle)
            raise
        return tuple(found)

    def _share(self, statement: Statement, request: CoverageRequest, handle: QueryHandle) -> float | None:
        key = self._key(statement, "share")
        if key not in self._runs._shares:
            self._runs._shares[key] = measure_shares(self._scratch.querying, request, statement, handle=handle)
        return self._runs._shares[key]

    def _key(self, statement: Statement, how: object) -> object:
        """Return what decides what a statement finds: its text and the data of its tables."""
        tables = find_reads(statement.sql, self._runs.dialect, self._names).tables or tuple(self._schema.tables)
        return statement.sql, how, tuple((table.key, self._digests[table.key]) for table in tables)

    def _cover(
        self, statement: Statement, request: CoverageRequest, how: object, handle: QueryHandle
    ) -> StatementCoverage:
        key = self._key(statement, how)
        is_lasting = not _CHANGING.search(statement.sql)
        known = self._runs._found.get(key) if is_lasting else None
        if known is not None and known.statement.name == statement.name:
            self._runs.reused += 1
            return known
        try:
            (found,) = measure_coverage(self._scratch.querying, request, [statement], handle=handle)
        except QueryError:
            check_cancelled(self._runs.handle)
            raise
        if is_lasting:
            self._runs._found[key] = found
        return found

    def failures(self) -> tuple[str, ...]:
        try:
            audit = self._scratch.querying.audit(self._schema.name, self._runs.handle)
        except QueryError:
            check_cancelled(self._runs.handle)
            raise
        return tuple(f"{each.check} of {each.table}.{each.column}" for each in audit.failures)

    def _digest(self, table: TableSchema) -> str:
        """Return a digest of a table's rows and types: equal digests mean equal data."""
        digest = blake2b(repr([(column.name, column.data_type) for column in table.columns]).encode())
        home = self._scratch.home
        run = self._scratch.catalog.runs(self._schema.name)[0]
        folder = home.table_dir(home.run_dir(self._schema.name, run.id), table.key)
        for path in sorted(folder.glob("*")):
            digest.update(path.read_bytes())
        return digest.hexdigest()
