"""Places: where the objects of an export are put.

An export needs four things of a place: to create an object only if there is none of that name, to list the names, to
tell size and checksum of an object, and to read a small one; a reader opens large ones too. `LocalPlace` is a
folder, `object_places.ObjectPlace` is object storage; `opening.open_place` chooses by the URL.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from engine.errors import ConflictError, StorageError
from engine.generation import estimates
from engine.system.durable_files import make_folder, sync_file, sync_folder

_SCRATCH = ".dw-sim-"
Content = bytes | memoryview | Path
"""What an object is made of; a local file is used up."""


@dataclass(frozen=True)
class StoredObject:
    """An object of a place: its name, with `/` between folders, its size and its SHA-256 in hexadecimal digits."""

    name: str
    size_bytes: int
    sha256: str


class Place(Protocol):
    """Where an export goes; names are relative, with `/` between folders.

    With `in_memory`, the files of tables are made in memory, as they are sent in one request.
    """

    @property
    def in_memory(self) -> bool:
        """Whether the files of tables are made in memory."""
        ...

    @property
    def url(self) -> str:
        """The place as load scripts name it."""
        ...

    @property
    def free_bytes(self) -> int | None:
        """The free bytes of its disk, None without a limit that is known."""
        ...

    def put(self, name: str, content: Content) -> StoredObject:
        """Create an object from bytes, or from a local file, which is used up; it is there whole or not at all.

        Raises `ConflictError` if there is an object of that name, which is not changed.
        """
        ...

    def names(self) -> Iterator[str]:
        """Yield the names of all objects."""
        ...

    def stat(self, name: str) -> StoredObject | None:
        """Return size and checksum of an object, None if there is none."""
        ...

    def read(self, name: str) -> bytes:
        """Return the content of a small object."""
        ...

    def open(self, name: str) -> BinaryIO:
        """Open an object to be read in pieces."""
        ...

    def scratch(self) -> AbstractContextManager[Path]:
        """Open a local folder for files that are to be put; it is removed at the end."""
        ...

    def tidy(self) -> None:
        """Remove what processes that were killed have left here; called when an export is complete."""
        ...


class LocalPlace:
    """A folder of this machine, which is created by the first object."""

    in_memory = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().absolute()
        if self.folder.exists() and not self.folder.is_dir():
            raise StorageError("The place is a file.", where=str(folder), hint="Choose a new or empty folder.")

    @property
    def url(self) -> str:
        """The absolute path of the folder."""
        return self.folder.as_posix()

    @property
    def free_bytes(self) -> int:
        """The free bytes of the disk of the folder."""
        return estimates.free_bytes(self.folder)

    def put(self, name: str, content: Content) -> StoredObject:
        """Create a file: written aside, flushed to the disk, and linked to its name, which fails if that exists."""
        target = self.folder / name
        make_folder(target.parent)
        if not isinstance(content, Path):
            with self.scratch() as scratch:
                aside = scratch / "object"
                aside.write_bytes(content)
                return self._move(aside, name, target)
        return self._move(content, name, target)

    def _move(self, aside: Path, name: str, target: Path) -> StoredObject:
        stored = StoredObject(name, aside.stat().st_size, _sha256(aside))
        sync_file(aside)
        try:
            os.link(aside, target)
        except FileExistsError:
            raise ConflictError("The file exists already.", where=str(target), hint="Nothing was changed.") from None
        except OSError:  # a file system without hard links
            if target.exists():
                raise ConflictError("The file exists already.", where=str(target)) from None
            shutil.copyfile(aside, aside.with_name(f"{aside.name}.copy"))
            aside.with_name(f"{aside.name}.copy").rename(target)
        aside.unlink()
        sync_folder(target.parent)
        return stored

    def names(self) -> Iterator[str]:
        """Yield the names of all files; those of an export that is being made, or was killed, are left out."""
        for folder, folders, files in os.walk(self.folder):
            folders[:] = sorted(name for name in folders if not name.startswith(_SCRATCH))
            for file in sorted(files):
                yield (Path(folder) / file).relative_to(self.folder).as_posix()

    def stat(self, name: str) -> StoredObject | None:
        """Return size and checksum of a file, which is read for it."""
        path = self.folder / name
        return StoredObject(name, path.stat().st_size, _sha256(path)) if path.is_file() else None

    def read(self, name: str) -> bytes:
        """Return the content of a file."""
        return (self.folder / name).read_bytes()

    def open(self, name: str) -> BinaryIO:
        """Open a file."""
        return (self.folder / name).open("rb")

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Open a folder on the same disk, so that a finished file only gets another name."""
        make_folder(self.folder)
        folder = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=self.folder))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def tidy(self) -> None:
        """Remove the folders of files that were not finished."""
        for folder in self.folder.glob(f"{_SCRATCH}*"):
            shutil.rmtree(folder, ignore_errors=True)


def describe(name: str, content: Content) -> StoredObject:
    """Return name, size and checksum of a content that is to be put."""
    if isinstance(content, Path):
        return StoredObject(name, content.stat().st_size, _sha256(content))
    return StoredObject(name, len(content), hashlib.sha256(content).hexdigest())


def put_same(place: Place, name: str, content: Content) -> StoredObject:
    """Put an object, or keep the one of that name if it has the same size and checksum.

    Two workers, or a second attempt, may make the same part: the first one stays. Raises `ConflictError` for another.
    """
    try:
        return place.put(name, content)
    except ConflictError:
        found = place.stat(name)
        if found is None or found != describe(name, content):
            raise changed_object(place, name) from None
        return found


def changed_object(place: Place, name: str) -> ConflictError:
    """Return the error of an object that is not the one that belongs to the export."""
    where = f"{place.url}/{name}"
    return ConflictError("A file of the export has been changed.", where=where, hint="Delete the file, then resume.")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
