"""A generation run, from taking the lock to its end.

Order: compile everything, take the experiment's lock, write the run's row. Whatever happens after that, the working
thread ends the row (COMPLETED, FAILED or ABORTED) and releases the lock. The lock is marked as ending before the row
is ended: a change that starts as soon as the row has ended waits for the release.
"""

from __future__ import annotations

import secrets
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.errors import CancelledError, GenerationError, LoadError, WorkbenchError
from engine.generation.estimates import check_disk_space
from engine.generation.growth import Batches, RunBefore, plan_growth
from engine.generation.parts import Part, part_files, part_name, select_fitting
from engine.generation.requested_counts import check_seed
from engine.generation.timings import Earlier, expected_share, loading_seconds
from engine.generation.writer import Hooks, TablePlan, plan_run, write_run
from engine.runs.loading import Loader
from engine.schema.growth import with_batches
from engine.schema.models import ExperimentSchema
from engine.settings import Settings
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.lock import ExperimentLock
from engine.store.mark_sync import mark_run
from engine.store.own_files import remove_table_files
from engine.store.progress import GENERATING, LOADING, WAITING, LoadingNote, TableNumbers
from engine.store.records import Run, RunProgress, RunStatus
from engine.store.run_rows import check_resumable
from engine.system.durable_files import is_disk_full

_MAX_RANDOM_SEED = 2**31
_FULL_DISK = "The disk is full, or the file grew beyond what the system allows."
_FULL_DISK_HINT = "Free some space, then resume the run. Its record has the full traceback."
ProgressListener = Callable[[RunProgress], None]


@dataclass(frozen=True)
class RunRequest:
    """A checked request for a run: every table is compiled, nothing is written.

    `schema` has the earlier `batches` that the run adds to, and `notes` say so, or why it does not.
    `resumed_run_id` is the run to resume, None for a new one.
    """

    schema: ExperimentSchema
    seed: int
    counts: dict[str, int]
    plans: list[TablePlan]
    load: bool
    output_dir: Path | None
    resumed_run_id: int | None = None
    schema_version: int = 1
    batches: dict[str, list[int]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def prepare(
    schema: ExperimentSchema,
    rows: int | Mapping[str, int] | None,
    seed: int | None,
    *,
    total_rows: int | None = None,
    before: RunBefore | None = None,
    batches: Batches | None = None,
    load: bool,
    output_dir: str | Path | None,
    home: Path | None = None,
    schema_version: int = 1,
) -> RunRequest:
    """Check and compile a run, with a random seed when none is given. Errors are raised before anything is written.

    `schema_version` is the version of the schema, which the run names, and `before` the run that it may add to;
    `batches` are taken in place of that one's.

    With `home`, the home folder, also raises `GenerationError` for a run that does not fit on the disk.
    """
    chosen = secrets.randbelow(_MAX_RANDOM_SEED) if seed is None else check_seed(seed)
    growth = plan_growth(
        schema, rows, chosen, before, total_rows=total_rows, batches=batches, schema_version=schema_version
    )
    folder = None if output_dir is None else Path(output_dir).expanduser().absolute()
    if folder is not None and folder.exists() and not folder.is_dir():
        raise GenerationError("The output folder is a file.", where=str(folder), hint="Choose a new or empty folder.")
    if folder is not None and folder.exists() and any(folder.iterdir()):
        raise GenerationError(
            "The output folder is not empty.", where=str(folder), hint="Choose a new or empty folder."
        )
    plans = plan_run(growth.schema, chosen, growth.counts)
    if home is not None:
        check_disk_space(plans, folder or home, home, load=load)
    return RunRequest(
        growth.schema,
        chosen,
        growth.counts,
        plans,
        load,
        folder,
        schema_version=schema_version,
        batches=growth.batches,
        notes=growth.notes,
    )


def prepare_resume(schema: ExperimentSchema, run: Run) -> RunRequest:
    """Compile the request of an ABORTED or FAILED run with the schema of its version.

    Raises `ConflictError` for a run in another state.
    """
    check_resumable(run)
    schema, counts = with_batches(schema, run.batches), dict(run.requested_rows)
    folder = None if run.output_dir is None else Path(run.output_dir)
    plans = plan_run(schema, run.seed, counts)
    return RunRequest(schema, run.seed, counts, plans, run.is_to_be_loaded, folder, run.id, run.schema_version)


@dataclass
class RunWork:
    """The work of one run: call `begin` once, then `work` once, from any thread."""

    home: Home
    catalog: Catalog
    settings: Settings
    request: RunRequest
    listener: ProgressListener | None = None
    _lock: ExperimentLock = field(init=False)
    _run: Run = field(init=False)
    _progress: dict[str, TableNumbers] = field(init=False)
    _loading: LoadingNote = field(init=False)
    _table_started: float = 0.0
    _loading_started: float = 0.0
    _kept_seconds: dict[str, float] = field(default_factory=dict)

    def begin(self) -> Run:
        """Take the lock and write the RUNNING row; raises `BusyError` when another change is running."""
        request, name = self.request, self.request.schema.name
        action = "generate" if request.resumed_run_id is None else "resume"
        self._lock = ExperimentLock(self.home, name, action=action).acquire()
        try:
            self.catalog.abort_orphans(name, lambda: False)
            if request.resumed_run_id is None:
                self._run = self.catalog.start_run(
                    name,
                    request.seed,
                    request.counts,
                    request.output_dir,
                    load=request.load,
                    schema_version=request.schema_version,
                    batches=request.batches,
                    notes=request.notes,
                )
            else:
                self._run = self.catalog.resume_run(name, request.resumed_run_id)
            self._lock.note_run(self._run.id)
        except BaseException:
            self._lock.release()
            raise
        return self._run

    def work(self) -> Run:
        """Generate, load and end the run; an error is raised after it is recorded in the run's row."""
        try:
            return self._generate_and_load()
        except CancelledError as error:
            self._end(RunStatus.ABORTED, error=error.message)
            raise
        except KeyboardInterrupt:
            self._end(RunStatus.ABORTED, error="The run was interrupted.")
            raise
        except BaseException as error:
            trace = traceback.format_exc()
            notes = self._remove_partial_files() if is_disk_full(error) else []
            self._end(RunStatus.FAILED, error=_summarize_error(error), trace=trace, notes=notes)
            if is_disk_full(error) and not isinstance(error, WorkbenchError):
                raise GenerationError(f"The run failed: {_FULL_DISK}", hint=_FULL_DISK_HINT) from error
            if isinstance(error, Exception) and not isinstance(error, WorkbenchError):
                raise GenerationError(
                    f"The run failed: {_summarize_error(error)}", hint="Its record has the full traceback."
                ) from error
            raise
        finally:
            self._sweep_and_release()

    def _sweep_and_release(self) -> None:
        """Sweep and release the lock; the listener is notified when the next change is possible."""
        try:
            with suppress(WorkbenchError):  # unreadable catalog: leftover files are swept the next time
                Loader(self.home, self.catalog, self.settings).sweep(self._run.experiment)
        finally:
            self._lock.release()
        with suppress(Exception):  # the run has ended; an error of the listener is ignored
            self._notify()

    def _generate_and_load(self) -> Run:
        request, name = self.request, self.request.schema.name
        self._progress = {key: (0, rows, 0.0) for key, rows in request.counts.items()}
        self._loading = self._expect_loading()
        folder = request.output_dir or self.home.run_dir(name, self._run.id)
        kept = self._check_kept_parts(folder) if request.resumed_run_id is not None else set()
        mark_run(self.home, self.catalog, self._run)
        hooks = Hooks(
            self._on_rows,
            self._is_cancelled,
            is_made=lambda table, number, _path: (table, number) in kept,
            on_part=lambda table, part: self.catalog.add_part(name, self._run.id, table, part),
        )
        self._table_started = time.perf_counter()
        files = write_run(
            request.plans,
            lambda key: self.home.table_dir(folder, key),
            chunk_rows=self.settings.chunk_rows,
            hooks=hooks,
        )
        if not request.load:
            return self._end(RunStatus.COMPLETED)
        self._loading_started = time.perf_counter()
        self._report(LOADING)
        loader = Loader(self.home, self.catalog, self.settings)
        load_id = loader.build(request.schema, files, request.counts, self._on_loaded)
        if self._is_cancelled():
            raise CancelledError("The run was cancelled.")
        return self._end(RunStatus.COMPLETED, load_id=load_id)

    def _expect_loading(self) -> LoadingNote:
        """Return how long loading will take, from earlier runs; the run's progress is shared out by that."""
        request = self.request
        if not request.load:
            return LoadingNote()
        cells = sum(plan.rows * len(plan.outputs) for plan in request.plans)
        earlier = Earlier(self.catalog.timings(), request.schema.name, request.schema_version)
        seconds = loading_seconds(earlier, cells)
        share = expected_share(seconds, earlier, request.counts, cells)
        return LoadingNote(share, seconds, cells=cells)

    def _check_kept_parts(self, folder: Path) -> set[tuple[str, int]]:
        """Return the parts that a resumed run keeps, and count their rows as written; report how far the check is."""
        seconds = self.catalog.table_seconds(self._run.experiment, self._run.id)
        kept = self._reusable_parts(folder)
        rows = dict.fromkeys(self.request.counts, 0)
        for (table, _), part in kept.items():
            rows[table] += part.rows
        self._progress = {key: (rows[key], total, seconds.get(key, 0.0)) for key, total in self.request.counts.items()}
        total, checked, sound = sum(rows.values()), 0, set()
        for (table, number), part in kept.items():
            self._report(WAITING, checked=(checked, total))
            if self._is_cancelled():
                raise CancelledError("The run was cancelled.")
            if part.fault(self.home.table_dir(folder, table) / part_name(number)):
                done, of_table, taken = self._progress[table]
                self._progress[table] = (done - part.rows, of_table, taken)
            else:
                sound.add((table, number))
            checked += part.rows
        self._report(WAITING, checked=(checked, total))
        self._kept_seconds = seconds
        return sound

    def _reusable_parts(self, folder: Path) -> dict[tuple[str, int], Part]:
        """Return the parts that can be reused unless damaged; remove the files of all others."""
        name, run_id, chunk_rows = self._run.experiment, self._run.id, self.settings.chunk_rows
        kept: dict[tuple[str, int], Part] = {}
        noted = self.catalog.parts(name, run_id)
        for table, rows in self.request.counts.items():
            fit = select_fitting(noted.get(table, ()), rows, chunk_rows)
            kept |= {(table, number): part for number, part in fit.items()}
            for number, path in part_files(self.home.table_dir(folder, table)).items():
                if number not in fit:
                    path.unlink(missing_ok=True)
        others = [(table, part.number) for table, parts in noted.items() for part in parts]
        self.catalog.remove_parts(name, run_id, [other for other in others if other not in kept])
        return kept

    def _end(
        self,
        status: RunStatus,
        *,
        error: str | None = None,
        trace: str | None = None,
        load_id: int | None = None,
        notes: Sequence[str] = (),
    ) -> Run:
        done = {key: rows_done for key, (rows_done, _, _) in getattr(self, "_progress", {}).items()}
        self._lock.note_ending()
        self._run = self.catalog.finish_run(
            self._run.experiment,
            self._run.id,
            status,
            done,
            error=error,
            traceback=trace,
            load_id=load_id,
            notes=[*notes, *self._new_notes()],
        )
        mark_run(self.home, self.catalog, self._run)
        return self._run

    def _remove_partial_files(self) -> list[str]:
        """Remove the incomplete files of a run that filled the disk; returns the note about it.

        The catalog cannot be written before there is space again. Resuming the run generates the same files again.
        """
        if all(rows_done == total for rows_done, total, _ in self._progress.values()):
            return []
        folder = self.request.output_dir or self.home.run_dir(self._run.experiment, self._run.id)
        for table in self._progress:
            remove_table_files(self.home.table_dir(folder, table))
        self._progress = {table: (0, total, 0.0) for table, (_, total, _) in self._progress.items()}
        return ["The disk was full: the files of this run were deleted to free space."]

    def _new_notes(self) -> list[str]:
        """Return the notes of the compilers that are not recorded in the run yet."""
        notes = [note for plan in self.request.plans for note in plan.compiler.notes()]
        return [note for note in notes if note not in self._run.notes]

    def _on_rows(self, table: str, rows_done: int) -> None:
        before, total, _ = self._progress[table]
        now = time.perf_counter()
        seconds = self._kept_seconds.get(table, 0.0) + now - self._table_started
        self._progress[table] = (max(before, rows_done), total, seconds)
        if rows_done == total:
            self._table_started = now
        self._report(GENERATING)

    def _on_loaded(self, table: str, rows: int) -> None:
        if self._is_cancelled():
            raise CancelledError("The run was cancelled.", where=table)
        loaded = self._loading.rows | {table: max(rows, self._loading.rows.get(table, 0))}
        self._loading = replace(self._loading, rows=loaded, seconds=time.perf_counter() - self._loading_started)
        self._report(LOADING)

    def _report(self, phase: str, checked: tuple[int, int] | None = None) -> None:
        self.catalog.set_progress(
            self._run.experiment, self._run.id, phase, self._progress, checked=checked, loading=self._loading
        )
        self._notify()

    def _notify(self) -> None:
        if self.listener is not None:
            self.listener(self.catalog.progress(self._run.experiment, self._run.id))

    def _is_cancelled(self) -> bool:
        return self.catalog.is_cancel_requested(self._run.experiment, self._run.id)


def _summarize_error(error: BaseException) -> str:
    if is_disk_full(error) and not isinstance(error, WorkbenchError):
        return _FULL_DISK
    if isinstance(error, LoadError):
        return f"The data could not be loaded: {error}"
    text = " ".join(str(error).split())
    if isinstance(error, WorkbenchError):
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
