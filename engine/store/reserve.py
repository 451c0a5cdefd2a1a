"""Disk space reserved for changes that free space.

SQLite writes a change to its log before it frees anything, so on a full disk not even a deletion succeeds. A file
next to the catalog is deleted for those changes, and recreated as soon as there is space.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import sleep

from engine.errors import WorkbenchError
from engine.system.durable_files import is_disk_full, temporary_name

RESERVE_BYTES = 1 << 20
"""The size of the file: enough for the log of a deletion and its index."""

_ENOUGH_BYTES = 4 * RESERVE_BYTES
_ATTEMPTS, _RETRY_SECONDS = 14, 0.1


class Reserve:
    """The file of reserved space at `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def release(self) -> None:
        """Free the space for the next write, when the disk is almost full."""
        with suppress(OSError):
            if _free_bytes(self._path.parent) < _ENOUGH_BYTES:
                self._path.unlink(missing_ok=True)

    def restore(self) -> None:
        """Reserve the space again if it was released and the disk has enough; errors are ignored."""
        temporary = temporary_name(self._path)
        try:
            if self._path.exists() or _free_bytes(self._path.parent) < _ENOUGH_BYTES:
                return
            temporary.write_bytes(os.urandom(RESERVE_BYTES))  # zeros might take no space
            temporary.replace(self._path)
        except OSError:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def retry_with_space(change: Callable[[], None], free: Callable[[], object]) -> None:
    """Make a change of the catalog; on a full disk, call `free` and retry.

    A warehouse file that a query read last takes its space for a moment longer, so the change is tried until then.
    """
    for attempt in range(_ATTEMPTS):
        try:
            change()
            return
        except WorkbenchError as error:
            if not is_disk_full(error) or attempt == _ATTEMPTS - 1:
                raise
        if attempt == 0:
            free()
        else:
            sleep(_RETRY_SECONDS)


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free
