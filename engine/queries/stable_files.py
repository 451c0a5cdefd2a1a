"""The loaded tables for other programs: a connection of one's own, and a file that loads do not replace.

The file is a copy, not a link: a program that opens it for writing can neither change nor lock the workbench's own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from engine.errors import ConflictError, StorageError
from engine.settings import Settings
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.system.durable_files import write_atomically
from engine.warehouse.querying.own_connection import OwnConnection, open_own_connection

_ATTEMPTS = 20
T = TypeVar("T")


def connect(home: Home, catalog: Catalog, settings: Settings, name: str) -> OwnConnection:
    """Return a read-only connection to the loaded tables; raises `ConflictError` when nothing is loaded."""
    return _with_warehouse(home, catalog, name, lambda file: open_own_connection(file, home.temp_dir, settings))


def stable_file(home: Home, catalog: Catalog, name: str) -> Path:
    """Return the path of a copy of the loaded tables, which is made if what is there is older or was changed.

    Raises `ConflictError` when nothing is loaded, and `StorageError` when the copy cannot be written.
    """
    target = home.stable_path(name)
    return _with_warehouse(home, catalog, name, lambda file: _copy(file, target))


def _with_warehouse(home: Home, catalog: Catalog, name: str, use: Callable[[Path], T]) -> T:
    """Return `use(warehouse file)`; a load that replaces the file meanwhile makes it begin again."""
    for attempt in range(1, _ATTEMPTS + 1):
        record = catalog.experiment(name)
        if record.load_id is None or record.loaded_run_id is None:
            raise ConflictError(
                f'Nothing is loaded in "{record.name}".', hint="Generate data, or load a completed run."
            )
        file = home.warehouse_path(record.name, record.load_id)
        try:
            return use(file)
        except FileNotFoundError as error:
            if attempt == _ATTEMPTS or (catalog.experiment(name).load_id == record.load_id and not file.exists()):
                raise StorageError(
                    f'The warehouse file of "{record.name}" is missing.',
                    where=str(file),
                    hint="Load a completed run again.",
                ) from error
    raise AssertionError


def _copy(source: Path, target: Path) -> Path:
    if not _is_same(source, target):
        try:
            with write_atomically(target) as temporary:
                shutil.copy2(source, temporary)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise StorageError(
                f"The copy of the loaded tables cannot be written: {error.strerror}.",
                where=str(target),
                hint="Make space, or close the programs that have the file open.",
            ) from error
    return target


def _is_same(source: Path, target: Path) -> bool:
    """Return whether size and time are equal: `copy2` takes the time along, a load or a change has a new one."""
    made = source.stat()
    try:
        there = target.stat()
    except FileNotFoundError:
        return False
    return (there.st_size, there.st_mtime_ns) == (made.st_size, made.st_mtime_ns)
