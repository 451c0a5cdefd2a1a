"""The runs in the catalog: their start, progress and end."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from engine.errors import BusyError, ConflictError, NotFoundError, WorkbenchError
from engine.store.database import Database
from engine.store.experiment_rows import experiment_row, point_at_warehouse
from engine.store.fields import (
    NO_TIME,
    Faults,
    as_batches,
    as_counts,
    as_integer,
    as_optional_text,
    as_text,
    as_texts,
    as_time,
    shown,
)
from engine.store.progress import GENERATING, WAITING, LoadingNote, ProgressNote, TableNumbers, read_note, run_progress
from engine.store.records import Run, RunProgress, RunStatus
from engine.system.durable_files import is_disk_full

ORPHAN_ERROR = "Its process ended before the run did."
_RUNS_SHOWN = 20
_MAX_INTEGER = 2**63 - 1  # of SQLite

_SELECT_ALL = """
    select runs.*, experiments.name as experiment,
        experiments.loaded_run_id is not null and experiments.loaded_run_id = runs.id as is_loaded
    from runs join experiments on experiments.id = runs.experiment_id
"""
_SELECT = _SELECT_ALL + " where runs.experiment_id = :experiment_id"
_RUNNING = _SELECT_ALL + " where runs.status = 'RUNNING' order by runs.started_at"
_ENDED = _SELECT_ALL + " where runs.finished_at > ? order by runs.finished_at desc limit 100"


class RunRows:
    """Queries and changes of the runs in the catalog."""

    _database: Database

    def start_run(
        self,
        experiment: str,
        seed: int,
        row_counts: Mapping[str, int],
        output_dir: str | Path | None = None,
        *,
        load: bool = True,
        schema_version: int = 1,
        batches: Mapping[str, Sequence[int]] | None = None,
        notes: Sequence[str] = (),
    ) -> Run:
        """Add a RUNNING run with the next id; the experiment's lock must be held. Raises `BusyError`.

        `load` is whether to load its data when it is generated, and `schema_version` the version that makes it.
        `batches` are the earlier ones that it adds to.
        """
        try:
            with self._database.transaction() as connection:
                row = experiment_row(connection, experiment)
                run_id = row["next_run_id"]
                connection.execute("update experiments set next_run_id = ? where id = ?", (run_id + 1, row["id"]))
                connection.execute(
                    "insert into runs (experiment_id, id, status, seed, row_counts, requested_rows, is_to_be_loaded,"
                    " started_at, output_dir, schema_version, batches, notes)"
                    " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        row["id"],
                        run_id,
                        RunStatus.RUNNING,
                        str(seed),
                        json.dumps(dict(row_counts)),
                        json.dumps(dict(row_counts)),
                        int(load),
                        _now(),
                        None if output_dir is None else str(output_dir),
                        schema_version,
                        json.dumps({key: list(ends) for key, ends in (batches or {}).items()}),
                        json.dumps(list(notes)),
                    ),
                )
                return _run(_run_row(connection, row, run_id))
        except sqlite3.IntegrityError as error:
            raise BusyError(f'A run of "{experiment}" is active.', hint="Wait until it has finished.") from error

    def resume_run(self, experiment: str, run_id: int) -> Run:
        """Set an ABORTED or FAILED run to RUNNING again; the experiment's lock must be held.

        Its earlier end becomes a note. Raises `NotFoundError`, and `ConflictError` for a run in another state.
        """
        with self._database.transaction() as connection:
            row = experiment_row(connection, experiment)
            old = _run_row(connection, row, run_id)
            run = _run(old)
            check_resumable(run)
            before = read_note(old["progress"])
            note = replace(
                before,
                phase=WAITING,
                tables=_kept_tables(connection, run, row["id"], before),
                elapsed_before=before.elapsed,
                loading=LoadingNote(share=before.loading.share),
            )
            connection.execute(
                "update runs set status = ?, row_counts = requested_rows, error = null, traceback = null, notes = ?,"
                " started_at = ?, finished_at = null, is_cancel_requested = 0, progress = ?"
                " where experiment_id = ? and id = ?",
                (
                    RunStatus.RUNNING,
                    json.dumps([*run.notes, _describe_earlier_end(run)]),
                    _now(),
                    note.to_json(),
                    row["id"],
                    run_id,
                ),
            )
            return _run(_run_row(connection, row, run_id))

    def finish_run(
        self,
        experiment: str,
        run_id: int,
        status: RunStatus,
        row_counts: Mapping[str, int] | None = None,
        error: str | None = None,
        traceback: str | None = None,
        notes: Sequence[str] = (),
        *,
        load_id: int | None = None,
    ) -> Run:
        """End a RUNNING run; without `row_counts` the requested ones stay.

        With `load_id` the experiment's warehouse pointer moves to that load of this run in the same transaction.
        Raises `ConflictError` when the run has ended already.
        """
        with self._database.transaction(is_freeing=status is not RunStatus.COMPLETED) as connection:
            row = experiment_row(connection, experiment)
            run = _run(_run_row(connection, row, run_id))
            if run.status is not RunStatus.RUNNING:
                raise ConflictError(f'Run {run_id} of "{experiment}" has ended already: {run.status}.')
            counts = run.row_counts if row_counts is None else dict(row_counts)
            connection.execute(
                "update runs set status = ?, row_counts = ?, error = ?, traceback = ?, notes = ?, finished_at = ?"
                " where experiment_id = ? and id = ?",
                (
                    RunStatus(status),
                    json.dumps(counts),
                    error,
                    traceback,
                    json.dumps([*run.notes, *notes]),
                    _now(),
                    row["id"],
                    run_id,
                ),
            )
            if load_id is not None:
                point_at_warehouse(connection, row["id"], load_id, run_id, counts, run.schema_version)
            return _run(_run_row(connection, row, run_id))

    def runs(self, experiment: str) -> list[Run]:
        """Return the runs of an experiment, newest first."""
        with self._database.reading() as connection:
            row = experiment_row(connection, experiment)
            found = connection.execute(_SELECT + " order by runs.id desc", {"experiment_id": row["id"]}).fetchall()
        return [_run(run) for run in found]

    def run(self, experiment: str, run_id: int) -> Run:
        """Return one run; raises `NotFoundError`."""
        with self._database.reading() as connection:
            return _run(_run_row(connection, experiment_row(connection, experiment), run_id))

    def remove_run(self, experiment: str, run_id: int) -> None:
        """Delete a run and its parts."""
        with self._database.transaction(is_freeing=True) as connection:
            connection.execute(
                "delete from runs where experiment_id = ? and id = ?",
                (experiment_row(connection, experiment)["id"], run_id),
            )

    def request_cancel(self, experiment: str, run_id: int) -> Run:
        """Request cancellation of a run, of any process; has no effect when it has ended."""
        with self._database.transaction() as connection:
            row = experiment_row(connection, experiment)
            run = _run(_run_row(connection, row, run_id))
            connection.execute(
                "update runs set is_cancel_requested = 1 where experiment_id = ? and id = ? and status = 'RUNNING'",
                (row["id"], run_id),
            )
            return run

    def is_cancel_requested(self, experiment: str, run_id: int) -> bool:
        """Return whether cancellation of the run was requested."""
        with self._database.reading() as connection:
            row = _run_row(connection, experiment_row(connection, experiment), run_id)
            return bool(row["is_cancel_requested"])

    def set_progress(
        self,
        experiment: str,
        run_id: int,
        phase: str,
        tables: Mapping[str, TableNumbers],
        *,
        checked: tuple[int, int] | None = None,
        loading: LoadingNote | None = None,
    ) -> None:
        """Record the progress of a RUNNING run: per table the rows done, total rows and elapsed seconds.

        The rate of the run is measured from its start to the last record of the phase "generating", without the pause
        before it was resumed and without the phase "waiting", whose kept rows are `checked`.
        """
        with self._database.transaction(is_durable=False) as connection:
            row = experiment_row(connection, experiment)
            old = _run_row(connection, row, run_id)
            before = read_note(old["progress"])
            passed = (datetime.now(UTC) - _run(old).started_at).total_seconds()
            elapsed, elapsed_before = before.elapsed, before.elapsed_before
            if phase == WAITING:
                elapsed_before = elapsed - passed
            elif phase == GENERATING or not elapsed:
                elapsed = elapsed_before + passed
            note = ProgressNote(
                phase, tables, elapsed, elapsed_before, checked or before.checked, loading or before.loading
            )
            connection.execute(
                "update runs set progress = ? where experiment_id = ? and id = ? and status = 'RUNNING'",
                (note.to_json(), row["id"], run_id),
            )

    def progress(self, experiment: str, run_id: int) -> RunProgress:
        """Return the progress of a run; raises `NotFoundError`."""
        with self._database.reading() as connection:
            row = _run_row(connection, experiment_row(connection, experiment), run_id)
        return run_progress(_run(row), read_note(row["progress"]))

    def table_seconds(self, experiment: str, run_id: int) -> dict[str, float]:
        """Return the recorded seconds of each table of a run."""
        with self._database.reading() as connection:
            row = _run_row(connection, experiment_row(connection, experiment), run_id)
        return {key: seconds for key, (_, _, seconds) in read_note(row["progress"]).tables.items()}

    def current_runs(self, ended_after: datetime | None = None) -> list[tuple[Run, RunProgress]]:
        """Return the RUNNING runs of all experiments, the oldest first, with their progress.

        With `ended_after` also those that ended after that time, at most 100.
        """
        with self._database.reading() as connection:
            rows = connection.execute(_RUNNING).fetchall()
            if ended_after is not None:
                rows += connection.execute(_ENDED, (_as_stored(ended_after),)).fetchall()
        return [(run, run_progress(run, read_note(row["progress"]))) for row in rows if (run := _run(row))]

    def abort_orphans(self, experiment: str, is_lock_held: Callable[[], bool]) -> list[Run]:
        """Mark the RUNNING run as ABORTED when the experiment's lock is free: its process is dead.

        Returns the marked runs. The lock is checked only when there is a RUNNING run.
        """
        running = [run for run in self.runs(experiment) if run.status is RunStatus.RUNNING]
        if not running or is_lock_held():
            return []
        aborted = []
        for run in running:
            try:
                written = {table.table: table.rows_done for table in self.progress(experiment, run.id).tables}
                aborted.append(self.finish_run(experiment, run.id, RunStatus.ABORTED, written, error=ORPHAN_ERROR))
            except ConflictError:  # it ended and released the lock after we read it as RUNNING
                continue
            except WorkbenchError as error:
                if not is_disk_full(error):
                    raise
                continue  # it is marked when there is space again; reading works meanwhile
        return aborted


def check_resumable(run: Run) -> None:
    """Raise `ConflictError` unless a run ended early and its request is recorded."""
    name = f'Run {run.id} of "{run.experiment}"'
    if run.is_damaged:
        raise ConflictError(f"{name} cannot be resumed: {run.error}", hint="Delete the run, and generate again.")
    if run.status is RunStatus.RUNNING:
        raise ConflictError(f"{name} is still RUNNING.", hint="Wait until it has ended, or cancel it.")
    if run.status is RunStatus.COMPLETED:
        raise ConflictError(f"{name} is COMPLETED: there is nothing to resume.", hint="Load it, or generate again.")
    if not run.requested_rows:
        raise ConflictError(
            f"{name} was made by an earlier version, which did not record the requested rows.",
            hint=f"Generate again with the seed {run.seed}: the data is the same.",
        )


def _describe_earlier_end(run: Run) -> str:
    ended = "" if run.finished_at is None else f" at {run.finished_at:%Y-%m-%d %H:%M:%S} UTC"
    reason = f": {run.error}" if run.error else ""
    return f"Resumed after it was {run.status}{ended}{reason}"


def _run_row(connection: sqlite3.Connection, experiment: sqlite3.Row, run_id: int) -> sqlite3.Row:
    if isinstance(run_id, bool) or not isinstance(run_id, int):
        raise NotFoundError(f"{run_id!r} is not the number of a run.", hint="Runs are numbered 1, 2, 3, ...")
    row: sqlite3.Row | None = connection.execute(
        _SELECT + " and runs.id = :run_id",
        {"experiment_id": experiment["id"], "run_id": min(max(run_id, 0), _MAX_INTEGER)},
    ).fetchone()
    if row is None:
        hint = _run_id_hint(connection, experiment)
        raise NotFoundError(f'There is no run {run_id} of "{experiment["name"]}".', hint=hint)
    return row


def _run_id_hint(connection: sqlite3.Connection, experiment: sqlite3.Row) -> str:
    """Return a hint with the run ids of an experiment; damaged ids are ignored."""
    rows = connection.execute(
        "select id from runs where experiment_id = ? and typeof(id) = 'integer' and id > 0 order by id",
        (experiment["id"],),
    ).fetchall()
    ids = [int(row["id"]) for row in rows]
    if not ids:
        return "It has no runs yet: generate data first."
    if len(ids) == 1:
        return f"Its only run is {ids[0]}."
    if ids == list(range(ids[0], ids[-1] + 1)):
        return f"Its runs are numbered {ids[0]} to {ids[-1]}."
    more = ", ..." if len(ids) > _RUNS_SHOWN else ""
    return f"Its runs are {', '.join(map(str, ids[:_RUNS_SHOWN]))}{more}."


def _run(row: sqlite3.Row) -> Run:
    """Return the record of a row; one with damaged columns is FAILED, with an error about them."""
    faults = Faults()
    finished_at = faults.read("finished_at", _as_optional_time, row["finished_at"], None)
    run = Run(
        id=row["id"],
        experiment=shown(row["experiment"]),
        status=faults.read("status", lambda value: RunStatus(as_text(value)), row["status"], RunStatus.FAILED),
        seed=faults.read("seed", as_integer, row["seed"], 0),
        row_counts=faults.read("row_counts", as_counts, row["row_counts"], {}),
        started_at=faults.read("started_at", as_time, row["started_at"], finished_at or NO_TIME),
        finished_at=finished_at,
        error=faults.read("error", as_optional_text, row["error"], None),
        traceback=faults.read("traceback", as_optional_text, row["traceback"], None),
        is_loaded=bool(row["is_loaded"]),
        output_dir=faults.read("output_dir", as_optional_text, row["output_dir"], None),
        notes=faults.read("notes", as_texts, row["notes"], ()),
        requested_rows=faults.read("requested_rows", as_counts, row["requested_rows"], {}),
        is_to_be_loaded=bool(row["is_to_be_loaded"]),
        schema_version=faults.read("schema_version", as_integer, row["schema_version"], 1),
        batches=faults.read("batches", as_batches, row["batches"], {}),
    )
    if not faults.damaged:
        return run
    error = f"The catalog's record of this run is damaged ({', '.join(faults.damaged)}): delete it and generate again."
    return replace(
        run, status=RunStatus.FAILED, finished_at=finished_at or run.started_at, error=error, is_damaged=True
    )


def _as_optional_time(value: object) -> datetime | None:
    return None if value is None else as_time(value)


def _kept_tables(
    connection: sqlite3.Connection, run: Run, experiment_id: int, before: ProgressNote
) -> dict[str, TableNumbers]:
    """Return the numbers of the tables of a run that is resumed: the rows of its recorded parts count as written."""
    found = connection.execute(
        "select table_key, sum(rows) as rows from parts where experiment_id = ? and run_id = ? group by table_key",
        (experiment_id, run.id),
    )
    written = {shown(row["table_key"]): int(row["rows"]) for row in found}
    return {
        key: (min(written.get(key, 0), total), total, before.tables.get(key, (0, 0, 0.0))[2])
        for key, total in run.requested_rows.items()
    }


def _as_stored(time: datetime) -> str:
    """Return a time as the catalog stores it; one that has no equivalent in UTC becomes the min or max date."""
    try:
        return time.astimezone(UTC).isoformat()
    except OverflowError:
        return time.date().isoformat()


def _now() -> str:
    return datetime.now(UTC).isoformat()
