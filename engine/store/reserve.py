"""Room on the disk that is kept for the changes that give room back.

SQLite writes a change to its log before it frees anything, so on a full disk not even a deletion succeeds. A file of
some size beside the catalog is released for those changes, and made again as soon as there is room.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from engine.errors import WorkbenchError
from engine.system.durable_files import is_disk_full, temporary_name

RESERVE_BYTES = 1 << 20
"""The size of the file: the log of a deletion, and the index of that log."""

_ENOUGH_BYTES = 4 * RESERVE_BYTES


class Reserve:
    """The file of reserved room at `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def release(self) -> None:
        """Give the room to whoever writes next, when the disk has little else."""
        with suppress(OSError):
            if _free_bytes(self._path.parent) < _ENOUGH_BYTES:
                self._path.unlink(missing_ok=True)

    def restore(self) -> None:
        """Take the room again if it was released and the disk has enough; a failure changes nothing."""
        temporary = temporary_name(self._path)
        try:
            if self._path.exists() or _free_bytes(self._path.parent) < _ENOUGH_BYTES:
                return
            temporary.write_bytes(os.urandom(RESERVE_BYTES))  # zeros might take no room
            temporary.replace(self._path)
        except OSError:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def with_room(change: Callable[[], None], free: Callable[[], object]) -> None:
    """Make a change of the catalog; on a disk too full for it, free some room first and try once more."""
    try:
        change()
    except WorkbenchError as error:
        if not is_disk_full(error):
            raise
        free()
        change()


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free
