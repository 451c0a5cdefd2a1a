"""An experiment whose schema is fitted to the queries of a workload, and the record of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.display.wording import counted
from engine.experiment_runs import ExperimentRuns
from engine.queries.query_dialects import dialect_of
from engine.warehouse.querying.handle import QueryHandle

if TYPE_CHECKING:
    from engine.runs.schema_versions import SchemaUpdate
    from engine.schema.models import ExperimentSchema
    from engine.workload.changes import Change, Dropped
    from engine.workload.fit_jobs import FitJob
    from engine.workload.reading import Values
    from engine.workload.records import StatementCoverage
    from engine.workload.repair_rounds import Round
    from engine.workload.sources import WorkloadSource
    from engine.workload.starving import Starving
    from engine.workload.trials import FitListener
    from engine.workload.wanted_rows import Cardinality


@dataclass(frozen=True)
class WorkloadFit:
    """What fitting a schema to a workload changed, and which queries found rows before and after."""

    schema: ExperimentSchema
    """The fitted schema."""
    based_on: int
    """The version of the schema that was fitted."""
    kept: tuple[Change, ...]
    dropped: tuple[Dropped, ...]
    before: tuple[StatementCoverage, ...]
    after: tuple[StatementCoverage, ...]
    """Empty, as `before`, if the queries were not run."""
    audit_failures: int | None
    """The failures of the audit of the data of the fitted schema; None if no data was made."""
    rounds: tuple[Round, ...]
    """What each round of repairs kept and took back; round 0 is the first fit."""
    starving: tuple[Starving, ...]
    """For each query that still finds nothing, its first condition that leaves no row, where that can be told."""
    too_large: tuple[tuple[str, float], ...]
    """The queries with conditions that select more than half of their largest table, with the part that they select."""
    cardinalities: tuple[Cardinality, ...]
    """The wanted and the found rows of the queries for which a comment or a history wants rows."""
    update: SchemaUpdate | None
    """The new version of the schema; None for a dry run, or when nothing changed."""

    def chosen(self, accepted: Collection[int]) -> tuple[list[Change], list[Dropped]]:
        """Return the changes at these positions of `kept`; those whose unit is not accepted as a whole are dropped."""
        from engine.workload.changes import Dropped

        left_out = {change.unit for number, change in enumerate(self.kept) if number not in accepted} - {None}
        chosen: list[Change] = []
        dropped: list[Dropped] = []
        for number, change in enumerate(self.kept):
            if number not in accepted:
                continue
            if change.unit in left_out:
                dropped.append(Dropped(change, "It belongs to changes that are made together, and one is refused."))
            else:
                chosen.append(change)
        return chosen, dropped

    @property
    def found_before(self) -> int:
        """The number of queries that found rows before."""
        return _found(self.before)

    @property
    def found_after(self) -> int:
        """The number of queries that find rows with the fitted schema."""
        return _found(self.after)

    @property
    def lost(self) -> list[str]:
        """The names of the queries that found rows before and find none now."""
        now = {each.statement.name for each in self.after if each.state == "finds rows"}
        return [each.statement.name for each in self.before if each.state == "finds rows"
                and each.statement.name not in now] if self.after else []  # fmt: skip

    @staticmethod
    def records(coverage: Collection[StatementCoverage]) -> list[dict[str, Any]]:
        """Return `before` or `after` as mappings, with the columns of the frame of a coverage."""
        from engine.workload.coverage_result import record_of

        return [record_of(each) for each in coverage]

    def __str__(self) -> str:
        changes = f"{counted(len(self.kept), 'change')} kept, {len(self.dropped)} dropped"
        if not self.after:
            return f"{changes}."
        queries = f"{self.found_after} of {counted(len(self.after), 'query', 'queries')} find rows"
        return f"{changes}. {queries}, {self.found_before} before."


def _found(coverage: Collection[StatementCoverage]) -> int:
    return sum(each.state == "finds rows" for each in coverage)


class ExperimentFitting(ExperimentRuns):
    """An experiment that can be fitted to queries."""

    def fit(
        self,
        queries: WorkloadSource,
        *,
        rows: int | Mapping[str, int] | None = None,
        total_rows: int | None = None,
        seed: int = 1,
        values: Values | None = None,
        refused: Collection[str] = (),
        dry_run: bool = False,
        verify: bool = True,
        rounds: int = 4,
        wanted: str | Path | None = None,
        handle: QueryHandle | None = None,
        progress: FitListener | None = None,
    ) -> WorkloadFit:
        """Change the schema so that the queries of a file, a folder or a mapping of texts find rows; save it.

        Joins become suggested references, asked years move calendars and dates, and asked values join those that the
        columns have. Each change names the queries that it serves; those that leave the schema invalid are dropped.
        `rows`, `total_rows` and `seed` are as for `generate`: with `verify`, data is made in a scratch folder, audited,
        and all queries run on it; in up to `rounds` rounds, what finds nothing is repaired, and changes with which a
        query finds nothing any more, or the audit fails, are taken back. `values` fill placeholders, `refused` are the
        columns (`table.column`) and tables that stay as they are. The fitted schema becomes a new version, unless
        `dry_run`. `wanted` is a CSV file, or its text, of queries with the rows that each should return; a comment
        `-- rows: 120` says the same of the statement after it. `progress` is called with each step. Raises
        `CancelledError` after `handle.cancel()`.
        """
        from engine.generation.requested_counts import row_counts
        from engine.trial_runs import TrialRuns, check_cancelled
        from engine.workload.fitting import fit_schema
        from engine.workload.mining import mine_workload
        from engine.workload.reading import read_statements
        from engine.workload.repairing import repair_schema
        from engine.workload.sources import read_sources
        from engine.workload.trials import FitProgress, ignore_progress
        from engine.workload.wanted_rows import wanted_rows
        from engine.workload.witness_repair import make_repairs

        stop, listener = handle or QueryHandle(), progress or ignore_progress
        schema, version = self.schema, self.version
        dialect = dialect_of(schema)
        listener(FitProgress("reading"))
        statements = read_statements(queries, dialect, values, tables=[table.key for table in schema.tables])
        workload = mine_workload(schema, statements, dialect)

        texts = {file.name: file.text for file in read_sources(queries)}
        history = read_sources(wanted)[0].text if isinstance(wanted, Path) else wanted
        rows_wanted = wanted_rows(workload.statements, texts, history)
        check_cancelled(stop)
        listener(FitProgress("fitting"))

        def counts(current: ExperimentSchema) -> dict[str, int]:
            return row_counts(current, rows, total_rows=total_rows)

        fitted = fit_schema(schema, workload, counts, refused=frozenset(refused))
        check_cancelled(stop)
        repaired = None
        if verify:
            trials = TrialRuns(self._services, counts, seed, dialect, stop, listener)
            repaired = repair_schema(
                schema, workload, fitted.kept, trials.open, make_repairs(), dialect=dialect, seed=seed, rounds=rounds,
                refused=frozenset(refused), wanted=rows_wanted, listener=listener,
            )  # fmt: skip
        changed = fitted.schema if repaired is None else repaired.schema
        kept = fitted.kept if repaired is None else repaired.kept
        check_cancelled(stop)
        update = None
        if kept and not dry_run:
            update = self.update(changed, based_on=version, note="Fitted to the queries of a workload")
        if repaired is None:
            return WorkloadFit(changed, version, kept, fitted.dropped, (), (), None, (), (), (), (), update)
        return WorkloadFit(
            changed,
            version,
            kept,
            (*fitted.dropped, *repaired.dropped),
            repaired.before,
            repaired.after,
            len(repaired.failures),
            repaired.rounds,
            repaired.starving,
            repaired.too_large,
            repaired.cardinalities,
            update,
        )

    def start_fit(
        self,
        queries: WorkloadSource,
        *,
        rows: int | Mapping[str, int] | None = None,
        total_rows: int | None = None,
        seed: int = 1,
        values: Values | None = None,
        refused: Collection[str] = (),
        dry_run: bool = False,
        verify: bool = True,
        rounds: int = 4,
        wanted: str | Path | None = None,
    ) -> FitJob:
        """Start `fit` in the background; `.status`, `.progress` and `.result` of what it returns tell how it goes.

        Raises `BusyError` while another fit of the experiment runs.
        """
        from engine.generation.requested_counts import check_seed, row_counts

        row_counts(self.schema, rows, total_rows=total_rows)
        check_seed(seed)
        return self._services.fits.start(
            self.name,
            lambda handle, listener: self.fit(
                queries, rows=rows, total_rows=total_rows, seed=seed, values=values, refused=refused, dry_run=dry_run,
                verify=verify, rounds=rounds, wanted=wanted, handle=handle, progress=listener,
            ),
        )  # fmt: skip

    def fit_job(self, number: int) -> FitJob:
        """Return a fit that `start_fit` has started; raises `NotFoundError`."""
        return self._services.fits.job(self.name, number)

    def cancel_fit(self, number: int) -> FitJob:
        """Request the end of a fit; it becomes ABORTED and the schema stays. No effect after its end."""
        job = self.fit_job(number)
        job.handle.cancel()
        return job
