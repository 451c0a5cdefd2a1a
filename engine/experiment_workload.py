"""An experiment with the queries that its users run: kept with it, run on its data, and accepted changes for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.display.wording import counted
from engine.errors import ConflictError, QueryError, VersionConflictError
from engine.experiment_fitting import ExperimentFitting, WorkloadFit
from engine.queries.query_dialects import dialect_of
from engine.schema.limits import check_text
from engine.store.workload_rows import KeptWorkload
from engine.warehouse.querying.handle import QueryHandle

if TYPE_CHECKING:
    from engine.runs.schema_versions import SchemaUpdate
    from engine.workload.changes import Change, Dropped
    from engine.workload.coverage import CoverageListener
    from engine.workload.coverage_result import Coverage
    from engine.workload.fit_jobs import FitJob
    from engine.workload.reading import Values
    from engine.workload.records import Statement
    from engine.workload.sources import WorkloadSource
    from engine.workload.starving import Starving

_NOTE = "Fitted to the queries of a workload"
_PROBE_ROWS = 101
_PROBE_SECONDS = 5.0


@dataclass(frozen=True)
class AppliedChanges:
    """The changes of a fit that were saved, and those that fell away."""

    kept: tuple[Change, ...]
    dropped: tuple[Dropped, ...]
    """Those that leave the schema invalid without the refused ones, each with its reason."""
    update: SchemaUpdate | None
    """The new version of the schema; None when nothing changed."""

    def __str__(self) -> str:
        fell = f", {len(self.dropped)} fell away" if self.dropped else ""
        return f"{counted(len(self.kept), 'change')} saved{fell}."


class ExperimentWorkload(ExperimentFitting):
    """An experiment whose queries can be kept, run and fitted."""

    @property
    def workload(self) -> KeptWorkload:
        """The queries kept with the experiment: `.files` by name, and `.values` of their placeholders."""
        return self._services.catalog.workload(self.name)

    def keep_workload(self, files: Mapping[str, str], values: Mapping[str, str] | None = None) -> KeptWorkload:
        """Keep these queries with the experiment, in place of those before; `values` fill their placeholders."""
        from engine.workload.uploads import check_size

        check_size(files)
        for name, text in (*files.items(), *(values or {}).items()):
            check_text(name, "A name")
            check_text(text, name)
        return self._services.catalog.keep_workload(self.name, files, values or {})

    def bring_queries(self, uploads: Mapping[str, bytes]) -> KeptWorkload:
        """Add uploaded files to the kept queries: .sql files, and zip archives of them.

        A file of the same name is replaced. Raises `WorkbenchError` for a file that is no UTF-8 text, an archive that
        cannot be read, and more than can be kept.
        """
        from engine.workload.uploads import read_uploads

        kept = self.workload
        return self.keep_workload({**kept.files, **read_uploads(uploads)}, kept.values)

    def read_queries(self, queries: WorkloadSource, values: Values | None = None) -> tuple[Statement, ...]:
        """Return the statements of queries without running them: `.state`, `.reason`, and `.placeholders` to fill."""
        from engine.workload.reading import read_statements

        schema = self.loaded_schema
        return read_statements(queries, dialect_of(schema), values, tables=[table.key for table in schema.tables])

    def coverage(
        self,
        queries: WorkloadSource | None = None,
        *,
        values: Values | None = None,
        dialect: str | None = None,
        limit: int = 10_000,
        shares: bool = True,
        timeout_seconds: float | None = None,
        handle: QueryHandle | None = None,
        progress: CoverageListener | None = None,
    ) -> Coverage:
        """Run a workload on the loaded data: `.frame` tells of each statement whether it finds rows.

        `queries` is a .sql file, a folder of them, a dbt project, or texts by name; by default the saved queries.
        `values` fill placeholders such as `:year` by name. At most `limit` rows of a result are counted; `shares`
        counts which part of its largest table each statement selects, which takes more queries; `timeout_seconds` is
        the time limit of each query. Raises
        `NotFoundError` for a missing file, and `QueryError` after `handle.cancel()`; a statement that fails has its
        reason in the result. `progress` is called after each with the number done and the number of all.
        """
        from engine.sql.translation import DIALECTS
        from engine.warehouse.querying.limits import Limits
        from engine.workload.coverage import CoverageRequest, measure_coverage
        from engine.workload.coverage_result import Coverage
        from engine.workload.reading import read_statements

        schema, record = self.loaded_schema, self._load_record()
        chosen = (dialect or dialect_of(schema)).lower()
        if chosen not in DIALECTS:
            hint = f"The dialects are: {', '.join(DIALECTS)}."
            raise QueryError(f'There is no dialect "{dialect}".', hint=hint)
        saved = self._services.catalog.saved_queries
        source = {query.name: query.sql for query in saved(self.name)} if queries is None else queries
        statements = read_statements(source, chosen, values, tables=[table.key for table in schema.tables])
        request = CoverageRequest(self.name, schema, record.row_counts, chosen, limit, shares, Limits(timeout_seconds))
        found = measure_coverage(self._services.querying, request, statements, handle=handle, listener=progress)
        return Coverage(self.name, record.loaded_run_id, found)

    def start_coverage(self, queries: WorkloadSource | None = None, *, values: Values | None = None) -> FitJob:
        """Start `coverage` in the background; `.status`, `.progress` and `.result` of what it returns tell how it goes.

        Raises `BusyError` while another check of the experiment runs.
        """
        from engine.workload.trials import FitListener, FitProgress

        def work(handle: QueryHandle, listener: FitListener) -> Coverage:
            def tell(done: int, total: int) -> None:
                listener(FitProgress("running queries", 0, done, total))

            return self.coverage(queries, values=values, handle=handle, progress=tell)

        return self._services.checks.start(self.name, work)

    def coverage_job(self, number: int) -> FitJob:
        """Return a check that `start_coverage` has started; raises `NotFoundError`."""
        return self._services.checks.job(self.name, number)

    def cancel_coverage(self, number: int) -> FitJob:
        """Request the end of a check; it becomes ABORTED. No effect after its end."""
        job = self.coverage_job(number)
        job.handle.cancel()
        return job

    def last_coverage(self) -> FitJob | None:
        """Return the check that was started last in this program, None before the first."""
        return self._services.checks.last(self.name, self.created_at)

    def last_fit(self) -> FitJob | None:
        """Return the fit that was started last in this program, None before the first."""
        return self._services.fits.last(self.name, self.created_at)

    def find_starving(self, statement: Statement, *, handle: QueryHandle | None = None) -> Starving | None:
        """Return the first condition with which a statement finds no row of the loaded data, None if none can be told.

        Raises `QueryError` after `handle.cancel()`.
        """
        from engine.warehouse.querying.limits import Limits
        from engine.workload.coverage import CoverageRequest, measure_coverage
        from engine.workload.starving import find_starving

        schema, counts = self.loaded_schema, self.row_counts()
        dialect = dialect_of(schema)
        limits = Limits(_PROBE_SECONDS)
        request = CoverageRequest(self.name, schema, counts, dialect, _PROBE_ROWS, counts_shares=False, limits=limits)

        def finds_rows(relaxed: Statement) -> bool:
            (found,) = measure_coverage(self._services.querying, request, [relaxed], handle=handle)
            return found.state == "finds rows"

        return find_starving(statement, dialect, finds_rows)

    def apply_changes(
        self,
        changes: Sequence[Change],
        *,
        based_on: int | None = None,
        note: str = _NOTE,
    ) -> AppliedChanges:
        """Save changes of a fit, some or all, as a new version of the schema.

        Those that leave the schema invalid, as another was refused, fall away. `based_on` is the version of the fit:
        raises `VersionConflictError` when another came after it.
        """
        from engine.workload.changes import apply_valid_changes

        schema, version = self.schema, self.version
        if based_on is not None and based_on != version:
            raise VersionConflictError(self.name, based_on, version)
        changed, kept, dropped = apply_valid_changes(schema, changes)
        update = self.update(changed, based_on=version, note=note) if kept else None
        return AppliedChanges(tuple(kept), tuple(dropped), update)

    def accept_fit(self, number: int, accepted: Collection[int] | None = None) -> AppliedChanges:
        """Save the changes of a fit that was a dry run: those at the positions `accepted` of its `kept`, or all.

        Raises `ConflictError` for a fit that is not COMPLETED or has saved its changes, and `VersionConflictError`.
        """
        job = self.fit_job(number)
        fitted = job.result
        if job.status != "COMPLETED" or not isinstance(fitted, WorkloadFit):
            raise ConflictError(f"Fit {number} is {job.status}.", hint="Accept the changes of a COMPLETED fit.")
        if fitted.update is not None:
            raise ConflictError(
                f"Fit {number} has saved its changes as version {fitted.update.version}.", hint="Fit as a dry run."
            )
        wrong = sorted({each for each in accepted or () if not 0 <= each < len(fitted.kept)})
        if wrong:
            raise ConflictError(
                f"Fit {number} has no change {wrong[0]}.", hint=f"It has {counted(len(fitted.kept), 'change')}, from 0."
            )
        changes, dropped = fitted.chosen(range(len(fitted.kept)) if accepted is None else accepted)
        applied = self.apply_changes(changes, based_on=fitted.based_on)
        return AppliedChanges(applied.kept, (*dropped, *applied.dropped), applied.update)
