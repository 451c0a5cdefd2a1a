"""Files at a place that the user names: written whole or not at all, with an error that says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import WorkbenchError
from engine.system.durable_files import write_atomically


def check_target(path: str | Path) -> Path:
    """Return the place of a file to write; raises `WorkbenchError` when it is a folder, or has none around it."""
    target = Path(path).expanduser()
    if not target.parent.is_dir():
        raise WorkbenchError(f"There is no folder {target.parent}.", where=str(path), hint="Create it first.")
    if target.is_dir():
        raise WorkbenchError("This is a folder, not a file.", where=str(path), hint="Add a file name.")
    return target


@contextmanager
def write_user_file(path: Path) -> Iterator[Path]:
    """Yield a temporary file that replaces `path` at the end; raises `WorkbenchError` if it cannot be written."""
    try:
        with write_atomically(path) as temporary:
            yield temporary
    except OSError as error:
        raise WorkbenchError(
            f"The file cannot be written: {error.strerror or error}.",
            where=str(path),
            hint="Choose an existing, writable folder on a disk with free space.",
        ) from error
