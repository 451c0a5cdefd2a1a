"""Synchronization of the folder marks with the catalog.

The catalog is authoritative. A mark that cannot be written, as on a full disk, is written at the next opening; one that
is newer than the catalog stays, because then the catalog is an older copy.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from engine.errors import WorkbenchError
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.marks import (
    ExperimentMark,
    MarkState,
    RunMark,
    experiment_facts,
    read_experiment_mark,
    read_facts,
    read_run_mark,
    run_facts,
    write_experiment_mark,
    write_run_mark,
)
from engine.store.records import ExperimentRecord, Run, RunStatus


def mark_experiment(home: Home, record: ExperimentRecord, state: MarkState = MarkState.READY) -> None:
    """Update the mark of an experiment if it differs; the lock must be held."""
    mark = ExperimentMark(state, record)
    found = read_facts(home.mark_path(record.name))
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
    return [table.key for table in mark.record.schema.tables]


def mark_run(home: Home, catalog: Catalog, run: Run, state: MarkState = MarkState.READY) -> None:
    """Update the mark of a run if it differs; the lock must be held."""
    mark = RunMark(state, run, catalog.parts(run.experiment, run.id))
    path = home.run_mark_path(run.experiment, run.id)
    if read_facts(path) != run_facts(mark):
        with suppress(WorkbenchError):
            write_run_mark(path, mark)


def newer_mark(home: Home, record: ExperimentRecord) -> ExperimentMark | None:
    """Return the mark of an experiment if the catalog is an older copy: another experiment of that name, or load."""
    mark = read_experiment_mark(home, record.name)
    if mark is None or mark.state is not MarkState.READY:
        return None
    if mark.record.created_at != record.created_at:
        return mark
    is_there = [
        load_id is not None and home.warehouse_path(record.name, load_id).is_file()
        for load_id in (record.load_id, mark.record.load_id)
    ]
    return mark if is_there == [False, True] else None


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
