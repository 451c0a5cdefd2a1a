"""The move of a renamed experiment's files to the folder of its new name.

The catalog has the new name already, and the new folder the warehouse file. Each step can be repeated, so that a move
is completed after a kill. The old folder goes last.
"""

from __future__ import annotations

from pathlib import Path

from engine.errors import StorageError
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.mark_sync import mark_experiment, mark_runs, mark_versions
from engine.store.own_files import EXPERIMENT_MARK, LOCK, LOCK_NOTE, STABLE, process_of_temporary
from engine.store.records import ExperimentRecord


def complete_move(home: Home, catalog: Catalog, old_name: str, record: ExperimentRecord) -> None:
    """Move what is left in the folder of `old_name` to that of the renamed experiment; both locks must be held."""
    old, new = home.experiment_dir(old_name), home.experiment_dir(record.name)
    warehouses = (path.name for path in home.warehouse_files(old_name).values())
    staying = {LOCK, LOCK_NOTE, EXPERIMENT_MARK, STABLE, f"{STABLE}.wal", *warehouses}
    for path in sorted(old.iterdir()):
        if path.name not in staying and process_of_temporary(path) is None:
            _move(path, new / path.name)
    mark_versions(home, catalog, record)
    mark_experiment(home, record)
    mark_runs(home, catalog, record.name)
    home.remove_experiment(old_name, [])


def _move(path: Path, target: Path) -> None:
    try:
        path.rename(target)
    except OSError as error:
        raise StorageError(
            f"A renamed experiment's files cannot be moved: {error.strerror}.",
            where=str(path),
            hint="Close the programs that use them; opening the home folder again completes the move.",
        ) from error
