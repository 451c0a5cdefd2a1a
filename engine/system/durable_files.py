"""Atomic file writes: written under a temporary name, flushed to the disk, then renamed.

A temporary name starts with a dot and ends with `.tmp` (a program may append its own suffix, as DuckDB does), so that
files of a killed process are recognized by name.
"""

from __future__ import annotations

import errno
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.errors import StorageError

_FULL = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})
_FULL_NAMES = frozenset({"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"})
_FULL_TEXT = re.compile("|".join(re.escape(os.strerror(number)) for number in sorted(_FULL)), re.IGNORECASE)


def make_folder(folder: Path) -> None:
    """Create a folder and its parents; raises `StorageError` when one of them is a file."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        blocking = find_blocking_file(folder)
        if blocking is None:
            raise
        raise StorageError(
            "A file is where a folder is needed.", where=str(blocking), hint="Move it away, and try again."
        ) from error


def find_blocking_file(folder: Path) -> Path | None:
    """Return the file in place of a folder or one of its parents, None when there is none."""
    for part in (folder, *folder.parents):
        if part.is_dir():
            return None
        if os.path.lexists(part):
            return part
    return None


def is_disk_full(error: BaseException | None) -> bool:
    """Return whether an error, or its cause, means that the disk is full.

    Libraries report it only as text, in the words of the operating system.
    """
    while error is not None:
        if (isinstance(error, OSError) and error.errno in _FULL) or _FULL_TEXT.search(str(error)):
            return True
        if getattr(error, "sqlite_errorname", None) in _FULL_NAMES:
            return True
        error = error.__cause__
    return False


def temporary_name(path: Path) -> Path:
    """Return a name next to `path` that no other process or thread uses."""
    return path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")


def sync_file(path: Path) -> None:
    """Wait until the contents of a file are on the disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder are on the disk; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def publish(temporary: Path, path: Path) -> None:
    """Rename a finished file to its final name, durably; an existing file is replaced."""
    sync_file(temporary)
    temporary.replace(path)
    sync_folder(path.parent)


def read_json_object(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file, empty when it is missing or anything else."""
    try:
        if not path.is_file():  # reading a named pipe would wait forever
            return {}
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


@contextmanager
def write_atomically(path: Path) -> Iterator[Path]:
    """Yield a temporary path to write to; rename it to `path` on success, remove it on failure."""
    temporary = temporary_name(path)
    try:
        yield temporary
        publish(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
