"""The folder of a new experiment: it appears with its mark already in it, or not at all."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from engine.errors import BusyError, ConflictError, WorkbenchError
from engine.schema.models import ExperimentSchema
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.lock import ExperimentLock
from engine.store.marks import ExperimentMark, MarkState, read_experiment_mark, write_experiment_mark
from engine.store.own_files import EXPERIMENT_MARK, is_made_by_lock, remove_path
from engine.store.records import ExperimentRecord
from engine.system.durable_files import temporary_name

_TRIES = 5


def claim_folder(home: Home, catalog: Catalog, schema: ExperimentSchema) -> ExperimentLock:
    """Make the folder of a new experiment, marked as CREATING, and return its lock, which is held.

    What a dead process left of an experiment of that name is removed. Raises `ConflictError` when the name is taken,
    or its folder by something that the workbench did not make, and `BusyError` when somebody is at work there.
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
            catalog.check_free(name)  # for sure: whoever creates it holds this lock
            found = read_experiment_mark(home, name)
            if found is not None and found.record.created_at != record.created_at:
                _check_folder(home, catalog, name)
                home.remove_experiment(name, [table.key for table in found.record.schema.tables])
            elif home.lock_path(name).exists():  # the folder was not removed while we waited
                write_experiment_mark(home.mark_path(name), mark)
                return lock
        except BaseException:
            lock.release()
            raise
        lock.release()
    raise BusyError(f'"{name}" is being created or deleted by somebody else.', hint="Try again.")


def _check_folder(home: Home, catalog: Catalog, name: str) -> None:
    """Raise `ConflictError` when what lies where the folder belongs must not be touched."""
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
                f'There is data of an experiment "{mark.record.name}" that the catalog does not know.',
                where=str(folder),
                hint="Bring it back with `dw-sim recover`, or choose another name.",
            )
    raise ConflictError(
        "There is something in the way that the workbench did not make.",
        where=str(folder),
        hint="Choose another name, or move it away.",
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
        if folder.exists():  # somebody else was faster
            return
        raise WorkbenchError(
            f"The folder of the experiment cannot be made: {error.strerror}.",
            where=str(folder),
            hint="Check that the disk has room and that you may write to the home folder.",
        ) from error
