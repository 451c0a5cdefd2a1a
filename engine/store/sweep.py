"""Sweeping: deleting files left behind by a finished load or a dead process.

Only workbench files are deleted, and only under the experiment's lock: a folder must have its mark, with the state of
a partial creation or deletion. Everything else stays and is reported. A reader that has a warehouse file open keeps it
(where the system forbids the deletion, it is retried next time); one that is about to open it reads the catalog again.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from engine.errors import NotFoundError, WorkbenchError
from engine.export.job_folders import sweep_job_folders
from engine.schema.names import name_fault
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.lock import ExperimentLock
from engine.store.mark_sync import (
    folder_tables,
    mark_experiment,
    mark_run,
    mark_versions,
    newer_mark,
    newer_run_mark,
)
from engine.store.marks import ExperimentMark, MarkState, read_experiment_mark, read_run_mark
from engine.store.moving import complete_move
from engine.store.own_files import (
    EXPERIMENT_MARK,
    LOCK,
    LOCK_NOTE,
    is_made_by_lock,
    process_of_temporary,
    remove_path,
    unfinished_files,
)
from engine.store.records import ExperimentRecord
from engine.system.processes import is_process_alive
from engine.warehouse.querying.spill_folders import sweep_spill_folders

RECOVER_HINT = "Restore it with `dw-sim recover`."


def sweep_experiment(home: Home, name: str, load_id: int | None) -> None:
    """Delete the warehouse files other than that of `load_id`, and unfinished files; the lock must be held.

    While the file of `load_id` is missing, the others stay: the catalog may be an older copy.
    """
    found = home.warehouse_files(name)
    old = [path for number, path in found.items() if number != load_id and (load_id is None or load_id in found)]
    for path in [*old, *home.unfinished(name)]:
        remove_path(path)


def sweep_home(home: Home, catalog: Catalog) -> list[str]:
    """Clean up a home folder at opening; return notes about unknown files, which are not touched.

    An experiment that is being changed is skipped. A run whose process is dead becomes ABORTED. Partially created or
    deleted experiments and runs, unfinished files, spill folders and exports of dead processes are deleted.
    """
    sweep_spill_folders(home.temp_dir)
    sweep_job_folders(home.temp_dir)
    marks = {name: read_experiment_mark(home, name) for name in home.experiment_folders()}
    known = {name.lower(): name for name in catalog.experiment_names() if not name_fault(name)}
    notes = []
    for path in sorted(home.experiments_dir.iterdir()):
        if path.name in known:
            if path.exists() and not path.is_dir():
                notes.append(f"{path}: A file is where the folder of an experiment is needed. Move it away.")
        elif path.name.startswith("."):
            _sweep_moved(path)
        elif (mark := marks.get(path.name)) is not None:
            notes += _sweep_unknown(home, catalog, path.name, mark)
        elif path.name not in marks or not is_made_by_lock(path):
            notes.append(f"{path}: Not a workbench file; it is ignored.")
    for name in known.values():
        lock = ExperimentLock(home, name)
        try:
            if (not home.experiment_dir(name).exists() or home.experiment_dir(name).is_dir()) and lock.try_acquire():
                notes += _sweep_known(home, catalog, name)
        except WorkbenchError:  # damage or a full disk: the error is raised when this experiment is used
            continue
        finally:
            lock.release()
    return notes


def _sweep_moved(folder: Path) -> None:
    """Delete a folder that a dead process had not published yet, or had renamed for deletion."""
    process = process_of_temporary(folder)
    if process is None or name_fault(folder.name.split(".")[1]) or folder.is_symlink() or not folder.is_dir():
        return
    if not is_process_alive(process):
        for path in (*unfinished_files(folder), *(folder / name for name in (LOCK_NOTE, EXPERIMENT_MARK, LOCK))):
            remove_path(path)
        with suppress(OSError):
            folder.rmdir()


def _sweep_unknown(home: Home, catalog: Catalog, name: str, mark: ExperimentMark) -> list[str]:
    if mark.state is MarkState.READY:
        now = read_experiment_mark(home, name)  # it may have been deleted meanwhile
        if now is None or now.state is not MarkState.READY or _is_known(catalog, name):
            return []
        if _complete_rename(home, catalog, name, now):
            return []
        return [f"{home.experiment_dir(name)}: This experiment is not in the catalog. {RECOVER_HINT}"]
    lock = ExperimentLock(home, name)
    if not lock.try_acquire():
        return []
    try:
        now = read_experiment_mark(home, name)
        if now is None or now.state is MarkState.READY or _is_known(catalog, name):
            return []
        if now.state is MarkState.CREATING and home.run_folders(name):
            return [f"{home.experiment_dir(name)}: This experiment is not in the catalog. {RECOVER_HINT}"]
        return describe_left_files(home.remove_experiment(name, folder_tables(home, now.record)))
    finally:
        lock.release()


def _complete_rename(home: Home, catalog: Catalog, name: str, mark: ExperimentMark) -> bool:
    """Complete a rename whose process died after the catalog had the new name; return whether it is one."""
    if mark.renamed_to is None:
        return False
    try:
        record = catalog.experiment(mark.renamed_to)
    except WorkbenchError:
        return False
    if record.created_at != mark.record.created_at:
        return False
    old, new = ExperimentLock(home, name), ExperimentLock(home, record.name)
    try:
        if old.try_acquire() and new.try_acquire():
            complete_move(home, catalog, name, record)
    finally:
        new.release()
        old.release()
    return True


def _sweep_known(home: Home, catalog: Catalog, name: str) -> list[str]:
    try:
        record = catalog.experiment(name)
    except NotFoundError:  # deleted meanwhile
        return []
    catalog.abort_orphans(record.name, lambda: False)
    folder = home.experiment_dir(name)
    if newer_mark(home, record) is not None:
        return [f"{folder}: Its files are newer than the catalog. {RECOVER_HINT}"]
    notes = []
    if record.load_id is not None and not home.warehouse_path(name, record.load_id).is_file():
        notes.append(f"{folder}: The warehouse file of {record.name} is missing. Load a run, or reset the tables.")
    if not folder.is_symlink() or read_experiment_mark(home, name) is not None:
        mark_versions(home, catalog, record)
        mark_experiment(home, record)
        notes += _sweep_runs(home, catalog, record)
        sweep_experiment(home, record.name, record.load_id)
    return notes


def _sweep_runs(home: Home, catalog: Catalog, record: ExperimentRecord) -> list[str]:
    name, notes = record.name, []
    runs = {run.id: run for run in catalog.runs(name)}
    for run in runs.values():
        if newer_run_mark(home, run) is not None:
            notes.append(f"{home.run_dir(name, run.id)}: This run is completed only in its files. {RECOVER_HINT}")
        else:
            mark_run(home, catalog, run)
    for run_id, folder in home.run_folders(name).items():
        if run_id in runs:
            continue
        mark = read_run_mark(home, name, run_id)
        if mark is None:
            notes.append(f"{folder}: Not a workbench file; it is ignored.")
        elif mark.state is MarkState.DELETING:
            notes += describe_left_files(home.remove_run(name, run_id, mark.run.requested_rows))
        else:
            notes.append(f"{folder}: This run is not in the catalog. {RECOVER_HINT}")
    last_run = max(home.run_folders(name), default=0)
    catalog.reserve_ids(name, last_run_id=last_run, last_load_id=max(home.warehouse_files(name), default=0))
    return notes


def describe_left_files(left: list[Path]) -> list[str]:
    """Return notes about the files that a deletion left."""
    return [f"{path}: Not a workbench file; it was not deleted." for path in left]


def _is_known(catalog: Catalog, name: str) -> bool:
    with suppress(NotFoundError):
        catalog.experiment_name(name)
        return True
    return False
