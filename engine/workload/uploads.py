"""Uploaded queries: .sql files, and zip archives of them, as texts by name."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import PurePosixPath

from engine.errors import WorkbenchError

MAX_FILES = 5_000
MAX_BYTES = 16 * 1024 * 1024
"""The size of all files together."""

_UNREADABLE = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError)


def read_uploads(uploads: Mapping[str, bytes]) -> dict[str, str]:
    """Return the texts by file name, those of an archive by the path in it; raises `WorkbenchError`."""
    texts: dict[str, str] = {}
    size = 0
    for name, content in uploads.items():
        for inner, data in _unpack(name, content) if name.lower().endswith(".zip") else [(name, content)]:
            size += len(data)
            if size > MAX_BYTES:
                raise _too_much()
            try:
                texts[inner] = data.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                hint = "Save it as UTF-8 and upload it again."
                raise WorkbenchError("The file is not UTF-8 text.", where=inner, hint=hint) from error
    return texts


def check_size(files: Mapping[str, str]) -> None:
    """Raise `WorkbenchError` for more than can be kept."""
    if len(files) > MAX_FILES or sum(map(len, files.values())) > MAX_BYTES:
        raise _too_much()


def _unpack(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            inner = [each for each in archive.infolist() if _is_query(each.filename)]
            if len(inner) > MAX_FILES or sum(each.file_size for each in inner) > MAX_BYTES:
                raise _too_much()
            for each in inner:
                with archive.open(each) as stream:
                    yield each.filename, stream.read(each.file_size)
    except _UNREADABLE as error:
        raise WorkbenchError(
            "The archive cannot be read.", where=name, hint="Make it anew as a zip file without a password."
        ) from error
    if not inner:
        raise WorkbenchError("The archive has no .sql file.", where=name, hint="Put the queries into it as .sql files.")


def _is_query(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.lower() == ".sql" and not any(part.startswith((".", "__MACOSX")) for part in path.parts)


def _too_much() -> WorkbenchError:
    limit = f"{MAX_FILES:,} files and {MAX_BYTES // 1024**2} MB"
    return WorkbenchError(f"The queries have more than {limit}.", hint="Bring those of one subject at a time.")
