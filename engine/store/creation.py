"""The folder of a new experiment, created atomically together with its mark."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from engine.errors import BusyError, ConflictError, WorkbenchError
from engine.schema.models import ExperimentSchema
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.lock import ExperimentLock
from engine.store.mark_sync import folder_tables
from engine.store.marks import ExperimentMark, MarkState, read_experiment_mark, write_experiment_mark
from engine.store.own_files import EXPERIMENT_MARK, is_made_by_lock, remove_path
from engine.store.records import ExperimentRecord
from engine.system.durable_files import temporary_name

_TRIES = 5


def claim_folder(home: Home, catalog: Catalog, schema: ExperimentSchema) -> ExperimentLock:
    """Create the folder of a new experiment, marked as CREATING, and return its lock, which is held.

    Files that a dead process left there are removed. Raises `ConflictError` when the name is taken, or its folder
    contains something else, and `BusyError` when another process is creating or deleting it.
    """
    name, folder = schema.name, home.experiment_dir(schema.name)
    record = ExperimentRecord(name, schema, datetime.now(UTC), None, None, {})
    mark = ExperimentMark(MarkState.CREATING, record)
    for _ in range(_TRIES):
        catalog.check_free(name)
        _check_folder(home, catalog, name)
        if not folder.exists():
            _publish(folder, mark)
        lock = ExperimentLock(home, name, action="create").acquire()
        try:
            catalog.check_free(name)  # definitive now: the creator holds this lock
            found = read_experiment_mark(home, name)
            if found is not None and found.record.created_at != record.created_at:
                _check_folder(home, catalog, name)
                home.remove_experiment(name, folder_tables(home, found.record))
            elif home.lock_path(name).exists():  # the folder was not removed while we waited
                write_experiment_mark(home.mark_path(name), mark)
                return lock
        except BaseException:
            lock.release()
            raise
        lock.release()
    raise BusyError(f'"{name}" is being created or deleted by another process.', hint="Try again.")


def _check_folder(home: Home, catalog: Catalog, name: str) -> None:
    """Raise `ConflictError` when the path of the folder is taken by something else."""
    folder = home.experiment_dir(name)
    if not folder.exists() and not folder.is_symlink():
        return
    if not folder.is_symlink() and folder.is_dir():
        mark = read_experiment_mark(home, name)
        if mark is None and is_made_by_lock(folder):
            return
        if mark is not None and mark.state is not MarkState.READY:
            return
        if mark is not None:
            catalog.check_free(name)  # it may have been created meanwhile
            raise ConflictError(
                f'There is data of an experiment "{mark.record.name}" that is not in the catalog.',
                where=str(folder),
                hint="Restore it with `dw-sim recover`, or choose another name.",
            )
    raise ConflictError(
        "The folder of the experiment is taken by something else.",
        where=str(folder),
        hint="Choose another name, or move the folder away.",
    )


def _publish(folder: Path, mark: ExperimentMark) -> None:
    made = temporary_name(folder)
    try:
        write_experiment_mark(made / EXPERIMENT_MARK, mark)
        _rename(made, folder)
    finally:
        for path in made.iterdir() if made.is_dir() else ():
            remove_path(path)
        with suppress(OSError):
            made.rmdir()


def _rename(made: Path, folder: Path) -> None:
    try:
        made.rename(folder)
    except OSError as error:
        if folder.exists():  # another process was faster
            return
        raise WorkbenchError(
            f"The folder of the experiment cannot be created: {error.strerror}.",
            where=str(folder),
            hint="Check that the disk has space and that you may write to the home folder.",
        ) from error
