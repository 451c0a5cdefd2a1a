"""Sweeping: what a finished load or a dead process left behind.

Files are removed under the experiment's lock only. A reader that has a warehouse file open keeps it (where the
system forbids the removal, it is tried again next time); one that is about to open it asks the catalog again.
"""

from __future__ import annotations

import shutil
from contextlib import suppress

from engine.errors import NotFoundError, WorkbenchError
from engine.schema.names import name_fault
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.lock import ExperimentLock


def sweep_experiment(home: Home, name: str, load_id: int | None) -> None:
    """Remove the warehouse files other than that of `load_id`, and unfinished files; the lock must be held."""
    old = [path for number, path in home.warehouse_files(name).items() if number != load_id]
    for path in [*old, *home.unfinished(name)]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
            continue
        with suppress(OSError):
            path.unlink(missing_ok=True)


def sweep_home(home: Home, catalog: Catalog) -> None:
    """Repair a home folder at its opening; an experiment that somebody works on is left alone.

    A run whose process is dead becomes ABORTED, folders of experiments that do not exist (half created or half
    deleted) and unfinished files are removed.
    """
    known = {name.lower() for name in catalog.experiment_names() if not name_fault(name)}
    for name in sorted(known | set(home.experiment_folders())):
        lock = ExperimentLock(home, name)
        try:
            if lock.try_acquire():
                _sweep_locked(home, catalog, name)
        except WorkbenchError:  # damage, or no room: the others must open; whoever uses this one hears of it
            continue
        finally:
            lock.release()


def _sweep_locked(home: Home, catalog: Catalog, name: str) -> None:
    try:
        record = catalog.experiment(name)
    except NotFoundError:
        home.remove_experiment(name)
        return
    catalog.abort_orphans(record.name, lambda: False)
    sweep_experiment(home, record.name, record.load_id)
