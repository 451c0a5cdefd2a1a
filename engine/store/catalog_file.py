"""The state of the catalog file, determined without changing anything, not even SQLite's own files."""

from __future__ import annotations

import sqlite3
from enum import Enum, auto
from pathlib import Path
from urllib.parse import quote

from engine.errors import WorkbenchError

_OWN_COLUMNS = frozenset({"name", "schema", "next_run_id", "next_load_id", "loaded_run_id"})


class CatalogState(Enum):
    """The state of the catalog file: EMPTY is a missing file, no bytes, or no experiments."""

    EMPTY = auto()
    FILLED = auto()
    FOREIGN = auto()
    DAMAGED = auto()


def catalog_state(path: Path) -> CatalogState:
    """Return the state of the file at `path`; FOREIGN is the database of another program."""
    try:
        if path.stat().st_size == 0 and not _has_log(path):
            return CatalogState.EMPTY
    except FileNotFoundError:
        return CatalogState.EMPTY
    except OSError:
        return CatalogState.FILLED  # opening it reports why it cannot be read
    try:
        return _read_state(path)
    except sqlite3.OperationalError:  # locked or not permitted: opening it reports that
        return CatalogState.FILLED
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return CatalogState.DAMAGED


def check_not_foreign(path: Path) -> None:
    """Raise `WorkbenchError` when the file at `path` is the database of another program."""
    if catalog_state(path) is CatalogState.FOREIGN:
        raise WorkbenchError(
            "This is another program's database, not a catalog of the workbench.",
            where=str(path),
            hint="Choose another home folder in DW_SIM_HOME, or move this file away.",
        )


def _read_state(path: Path) -> CatalogState:
    # SQLite creates files next to a WAL database even for reading, unless it is opened as immutable.
    options = "mode=ro" if _has_log(path) else "mode=ro&immutable=1"
    connection = sqlite3.connect(f"file:{quote(str(path))}?{options}", uri=True, timeout=5)
    try:
        tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
        if not tables:
            return CatalogState.EMPTY
        columns = {row[1] for row in connection.execute("pragma table_info(experiments)")}
        if "runs" not in tables or not columns >= _OWN_COLUMNS:
            return CatalogState.FOREIGN
        is_filled = connection.execute("select 1 from experiments limit 1").fetchone()
        return CatalogState.FILLED if is_filled else CatalogState.EMPTY
    finally:
        connection.close()


def _has_log(path: Path) -> bool:
    try:
        return path.with_name(path.name + "-wal").stat().st_size > 0
    except OSError:
        return False
