"""One generation run, from its lock to its end.

Order: everything is compiled, then the experiment's lock is taken, then the run's row is written. Whatever happens
after that ends the row (COMPLETED, FAILED or ABORTED) and gives the lock back, in the thread that does the work. The
lock is marked as ending before the row says so: a change that somebody begins at the sight of the row waits for it.
"""

from __future__ import annotations

import secrets
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import CancelledError, GenerationError, LoadError, WorkbenchError
from engine.generation.estimates import check_room
from engine.generation.parts import Part, fitting, part_files
from engine.generation.row_counts import checked_seed, row_counts
from engine.generation.writer import Hooks, TablePlan, plan_run, write_run
from engine.runs.loading import Loader
from engine.schema.models import ExperimentSchema
from engine.settings import Settings
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.lock import ExperimentLock
from engine.store.marking import mark_run
from engine.store.own_files import remove_table_files
from engine.store.records import Run, RunProgress, RunStatus
from engine.store.run_rows import check_resumable
from engine.system.durable_files import is_disk_full

_GREATEST_MADE_SEED = 2**31
_FULL_DISK = "The disk is full, or the file grew beyond what the system allows."
_FULL_DISK_HINT = "Free some space, then resume the run; its record holds the full traceback."
ProgressListener = Callable[[RunProgress], None]


@dataclass(frozen=True)
class RunRequest:
    """What a run was asked for, checked: every table is compiled, nothing is written.

    `resumed_run_id` is the run to go on with, None for a new one.
    """

    schema: ExperimentSchema
    seed: int
    counts: dict[str, int]
    plans: list[TablePlan]
    load: bool
    output_dir: Path | None
    resumed_run_id: int | None = None


def prepare(
    schema: ExperimentSchema,
    rows: int | Mapping[str, int] | None,
    seed: int | None,
    *,
    load: bool,
    output_dir: str | Path | None,
    home: Path | None = None,
) -> RunRequest:
    """Check and compile a run; a seed is made when none is given. Raises what is wrong before anything is written.

    With `home`, the home folder, a run that cannot fit on the disk is refused as well.
    """
    counts = row_counts(schema, rows)
    chosen = secrets.randbelow(_GREATEST_MADE_SEED) if seed is None else checked_seed(seed)
    folder = None if output_dir is None else Path(output_dir).expanduser().absolute()
    if folder is not None and folder.exists() and not folder.is_dir():
        raise GenerationError("The output folder is a file.", where=str(folder), hint="Name a new or an empty folder.")
    if folder is not None and folder.exists() and any(folder.iterdir()):
        raise GenerationError(
            "The output folder is not empty.", where=str(folder), hint="Name a new or an empty folder."
        )
    plans = plan_run(schema, chosen, counts)
    if home is not None:
        check_room(plans, folder or home, home, load=load)
    return RunRequest(schema, chosen, counts, plans, load, folder)


def prepare_resume(schema: ExperimentSchema, run: Run) -> RunRequest:
    """Compile what an ABORTED or FAILED run was asked for; raises `ConflictError` for a run in another state."""
    check_resumable(run)
    counts = dict(run.requested_rows)
    folder = None if run.output_dir is None else Path(run.output_dir)
    return RunRequest(schema, run.seed, counts, plan_run(schema, run.seed, counts), run.is_to_be_loaded, folder, run.id)


@dataclass
class RunWork:
    """The work of one run. `begin` once, then `work` once, from any thread."""

    home: Home
    catalog: Catalog
    settings: Settings
    request: RunRequest
    listener: ProgressListener | None = None
    _lock: ExperimentLock = field(init=False)
    _run: Run = field(init=False)
    _progress: dict[str, tuple[int, int, float]] = field(init=False)
    _table_started: float = 0.0

    def begin(self) -> Run:
        """Take the lock and write the RUNNING row; raises `BusyError` when another change is under way."""
        request, name = self.request, self.request.schema.name
        action = "generate" if request.resumed_run_id is None else "resume"
        self._lock = ExperimentLock(self.home, name, action=action).acquire()
        try:
            self.catalog.abort_orphans(name, lambda: False)
            if request.resumed_run_id is None:
                self._run = self.catalog.start_run(
                    name, request.seed, request.counts, request.output_dir, load=request.load
                )
            else:
                self._run = self.catalog.resume_run(name, request.resumed_run_id)
            self._lock.note_run(self._run.id)
        except BaseException:
            self._lock.release()
            raise
        return self._run

    def work(self) -> Run:
        """Generate, load, and end the run; raises what ended it early, after the run's row says so."""
        try:
            return self._worked()
        except CancelledError as error:
            self._end(RunStatus.ABORTED, error=error.message)
            raise
        except KeyboardInterrupt:
            self._end(RunStatus.ABORTED, error="The run was interrupted.")
            raise
        except BaseException as error:
            trace = traceback.format_exc()
            notes = self._given_back() if is_disk_full(error) else []
            self._end(RunStatus.FAILED, error=_one_line(error), trace=trace, notes=notes)
            if is_disk_full(error) and not isinstance(error, WorkbenchError):
                raise GenerationError(f"The run failed: {_FULL_DISK}", hint=_FULL_DISK_HINT) from error
            if isinstance(error, Exception) and not isinstance(error, WorkbenchError):
                raise GenerationError(
                    f"The run failed: {_one_line(error)}", hint="Its record holds the full traceback."
                ) from error
            raise
        finally:
            self._give_back_lock()

    def _give_back_lock(self) -> None:
        """Sweep and release; the listener hears of the end when the next change is possible."""
        try:
            with suppress(WorkbenchError):  # a catalog that cannot be read: what is left is swept the next time
                Loader(self.home, self.catalog, self.settings).sweep(self._run.experiment)
        finally:
            self._lock.release()
        with suppress(Exception):  # the run has ended, whatever its listener makes of that
            self._notify()

    def _worked(self) -> Run:
        request, name = self.request, self.request.schema.name
        self._progress = {key: (0, rows, 0.0) for key, rows in request.counts.items()}
        folder = request.output_dir or self.home.run_dir(name, self._run.id)
        kept = self._kept_parts(folder) if request.resumed_run_id is not None else {}
        mark_run(self.home, self.catalog, self._run)
        hooks = Hooks(
            self._on_rows,
            self._is_cancelled,
            is_made=lambda table, number, path: (table, number) in kept and not kept[table, number].fault(path),
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
        self._report("loading")
        loader = Loader(self.home, self.catalog, self.settings)
        load_id = loader.build(request.schema, files, request.counts)
        if self._is_cancelled():
            raise CancelledError("The run was cancelled.")
        return self._end(RunStatus.COMPLETED, load_id=load_id)

    def _kept_parts(self, folder: Path) -> dict[tuple[str, int], Part]:
        """Return the parts that need not be made again, unless damaged; remove the files of all others."""
        name, run_id, chunk_rows = self._run.experiment, self._run.id, self.settings.chunk_rows
        kept: dict[tuple[str, int], Part] = {}
        noted = self.catalog.parts(name, run_id)
        for table, rows in self.request.counts.items():
            fit = fitting(noted.get(table, ()), rows, chunk_rows)
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

    def _given_back(self) -> list[str]:
        """Remove the files of a run that filled the disk before they were complete; returns the note that says so.

        The catalog may not be written before there is room again. A resumption makes the same files anew.
        """
        if all(rows_done == total for rows_done, total, _ in self._progress.values()):
            return []
        folder = self.request.output_dir or self.home.run_dir(self._run.experiment, self._run.id)
        for table in self._progress:
            remove_table_files(self.home.table_dir(folder, table))
        self._progress = {table: (0, total, 0.0) for table, (_, total, _) in self._progress.items()}
        return ["The disk was full: the files of this run were removed to give the space back."]

    def _new_notes(self) -> list[str]:
        """Return what the compilers say of the values, unless a resumed run has said it before."""
        notes = [note for plan in self.request.plans for note in plan.compiler.notes()]
        return [note for note in notes if note not in self._run.notes]

    def _on_rows(self, table: str, rows_done: int) -> None:
        _, total, _ = self._progress[table]
        now = time.perf_counter()
        self._progress[table] = (rows_done, total, now - self._table_started)
        if rows_done == total:
            self._table_started = now
        self._report("generating")

    def _report(self, phase: str) -> None:
        self.catalog.set_progress(self._run.experiment, self._run.id, phase, self._progress)
        self._notify()

    def _notify(self) -> None:
        if self.listener is not None:
            self.listener(self.catalog.progress(self._run.experiment, self._run.id))

    def _is_cancelled(self) -> bool:
        return self.catalog.is_cancel_requested(self._run.experiment, self._run.id)


def _one_line(error: BaseException) -> str:
    if is_disk_full(error) and not isinstance(error, WorkbenchError):
        return _FULL_DISK
    if isinstance(error, LoadError):
        return f"The data could not be loaded: {error}"
    text = " ".join(str(error).split())
    if isinstance(error, WorkbenchError):
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
