"""Synchronization of the folder marks with the catalog.

The catalog is authoritative. A mark that cannot be written, as on a full disk, is written at the next opening; one that
is newer than the catalog stays, because then the catalog is an older copy.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from engine.errors import DamagedError, WorkbenchError
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.marks import (
    ExperimentMark,
    MarkState,
    RunMark,
    experiment_facts,
    read_experiment_mark,
    read_run_mark,
    run_facts,
    write_experiment_mark,
    write_run_mark,
)
from engine.store.records import ExperimentRecord, Run, RunStatus
from engine.store.version_marks import VersionMark, read_version_marks, write_version_mark
from engine.system.durable_files import read_json_object


def mark_experiment(home: Home, record: ExperimentRecord, state: MarkState = MarkState.READY) -> None:
    """Update the mark of an experiment if it differs; the lock must be held."""
    mark = ExperimentMark(state, record)
    found = read_json_object(home.mark_path(record.name))
    found.pop("schema", None)
    if found != experiment_facts(mark):
        with suppress(WorkbenchError):
            write_experiment_mark(home.mark_path(record.name), mark)


def mark_deleting(home: Home, name: str) -> list[str] | None:
    """Mark an experiment as being deleted; return its table keys, None without a mark."""
    mark = read_experiment_mark(home, name)
    if mark is None:
        return None
    mark_experiment(home, mark.record, MarkState.DELETING)
    return folder_tables(home, mark.record)


def folder_tables(home: Home, record: ExperimentRecord) -> list[str]:
    """Return the keys of all tables whose files can be in an experiment's folder: those of any version or run."""
    schemas = [record.schema, *(mark.schema for mark in read_version_marks(home, record.name, record.created_at))]
    keys = dict.fromkeys(table.key for schema in schemas for table in schema.tables)
    for run_id in home.run_folders(record.name):
        run_mark = read_run_mark(home, record.name, run_id)
        keys |= dict.fromkeys(run_mark.run.requested_rows if run_mark else ())
    return list(keys)


def mark_versions(home: Home, catalog: Catalog, record: ExperimentRecord) -> None:
    """Write the missing files of schema versions, once there is more than one version."""
    if record.version == 1:
        return
    found = home.version_files(record.name)
    for each in catalog.versions(record.name):
        if each.number in found:
            continue
        with suppress(DamagedError):
            schema = catalog.version_schema(record.name, each.number)
            mark = VersionMark(each.number, each.saved_at, schema, each.note, each.changes)
            write_version_mark(home, record.name, record.created_at, mark)


def mark_run(home: Home, catalog: Catalog, run: Run, state: MarkState = MarkState.READY) -> None:
    """Update the mark of a run if it differs; the lock must be held."""
    mark = RunMark(state, run, catalog.parts(run.experiment, run.id))
    path = home.run_mark_path(run.experiment, run.id)
    if read_json_object(path) != run_facts(mark):
        with suppress(WorkbenchError):
            write_run_mark(path, mark)


def mark_runs(home: Home, catalog: Catalog, name: str) -> None:
    """Update the marks of all runs of an experiment; the lock must be held."""
    for run in catalog.runs(name):
        mark_run(home, catalog, run)


def newer_mark(home: Home, record: ExperimentRecord) -> ExperimentMark | None:
    """Return the mark of an experiment if the catalog is an older copy.

    Then the mark is of another experiment of that name, or of a later load, or there is a later version of its schema.
    """
    mark = read_experiment_mark(home, record.name)
    if mark is None or mark.state is not MarkState.READY:
        return None
    if mark.record.created_at != record.created_at:
        return mark
    if mark.record.version > record.version or _has_later_version(home, record):
        return mark
    if mark.record.version < record.version:  # not written yet
        return None
    is_there = [
        load_id is not None and home.warehouse_path(record.name, load_id).is_file()
        for load_id in (record.load_id, mark.record.load_id)
    ]
    return mark if is_there == [False, True] else None


def _has_later_version(home: Home, record: ExperimentRecord) -> bool:
    if max(home.version_files(record.name), default=0) <= record.version:
        return False
    marks = read_version_marks(home, record.name, record.created_at)
    return any(mark.number > record.version for mark in marks)


def newer_run_mark(home: Home, run: Run) -> RunMark | None:
    """Return the mark of a run that is COMPLETED in its mark but not in the catalog, an older copy."""
    if run.status is RunStatus.COMPLETED:
        return None
    mark = read_run_mark(home, run.experiment, run.id)
    return mark if mark is not None and mark.run.status is RunStatus.COMPLETED else None


def abort_if_running(run: Run, error: str) -> Run:
    """Return a RUNNING run as ABORTED with `error`, any other unchanged."""
    if run.status is not RunStatus.RUNNING:
        return run
    return replace(run, status=RunStatus.ABORTED, error=error, finished_at=run.started_at)
