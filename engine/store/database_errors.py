"""SQLite errors of the catalog as errors of the workbench: full disk, damage, no permission, or a lock."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from engine.errors import DamagedError, StorageError
from engine.system.durable_files import is_disk_full

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_SCHEMA}
_ELSEWHERE = "choose another home folder in DW_SIM_HOME"


def catalog_error(error: sqlite3.Error | UnicodeDecodeError, path: Path) -> StorageError:
    """Return a SQLite error of the catalog at `path` as a `StorageError`, or `DamagedError` for damage."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    where = str(path)
    if path.is_dir():
        return DamagedError(
            "The catalog cannot be used: it is a folder, not a file.",
            where=where,
            hint=f"Move the folder away and restore the catalog from a backup, or {_ELSEWHERE}.",
        )
    if is_disk_full(error):
        return StorageError(
            "The disk is full: the catalog cannot be changed.",
            where=where,
            hint="Free some space: delete runs or experiments, or other files on this disk.",
        )
    if code in _DAMAGED or isinstance(error, UnicodeDecodeError) or _is_foreign(error):
        return DamagedError(
            f"The catalog is damaged: {_reason(error)}.",
            where=where,
            hint="Restore this file from a backup, or rebuild it with `dw-sim recover` from the experiment folders "
            f"(saved queries are only in this file), or {_ELSEWHERE}. The data is not affected.",
        )
    if code == sqlite3.SQLITE_READONLY:
        return StorageError(
            "The catalog cannot be changed: it is read-only.",
            where=where,
            hint=f"Allow writing to the home folder, or {_ELSEWHERE}.",
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StorageError(
            "The catalog is locked by another process.", where=where, hint="Try again when that process has finished."
        )
    return StorageError(
        f"The catalog cannot be used: {_reason(error)}.",
        where=where,
        hint="Check that the disk has space and that you may write to the home folder.",
    )


def _is_foreign(error: sqlite3.Error | UnicodeDecodeError) -> bool:
    return "no such table" in str(error) or "no such column" in str(error)


def _reason(error: sqlite3.Error | UnicodeDecodeError) -> str:
    return "it holds text that is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
