"""A cache of slow results on the disk: a file that is missing, damaged or not writable costs time, never correctness.

The cache is off until a folder is set. A key must name everything that its result depends on, the code included:
`code_digest` and `code_stamp` are the part of a key that changes with the source of packages.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path

from engine.system.durable_files import temporary_name

MAX_FILES = 2000
_EVICTED = 500
_DIGEST_BYTES = 16
_FILE_NAME = re.compile(r"[a-z]+-[0-9a-f]{32}\.bin")
_folder: Path | None = None


def use_folder(folder: Path | None) -> None:
    """Set the folder of this process's cache; None turns the cache off. The folder is created with its first file."""
    global _folder
    _folder = folder


def cached_bytes(kind: str, key: str, compute: Callable[[], bytes | None]) -> bytes | None:
    """Return the result stored under a key, or compute and store it; a result of None is not stored.

    `kind` is a word in lower case that begins the name of the file.
    """
    if _folder is None:
        return compute()
    path = _folder / f"{kind}-{_digest(key.encode()).hex()}.bin"
    stored = _read(path, key)
    if stored is not None:
        return stored
    result = compute()
    if result is not None:
        with suppress(OSError):
            _write(path, key, result)
    return result


@cache
def code_digest(*packages: str) -> str:
    """Return a digest of the source files of packages, without their subpackages."""
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for package in packages:
        for folder in import_module(package).__path__:
            for path in sorted(Path(folder).glob("*.py")):
                digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def code_stamp(package: str) -> str:
    """Return a digest of the paths, sizes and times of a package's source files and subpackages, none of them read.

    A file whose text changes without a new size or time goes unnoticed, as it does by Python's own bytecode.
    """
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for folder in import_module(package).__path__:
        for path in sorted(Path(folder).rglob("*.py")):
            state = path.stat()
            digest.update(f"{path.relative_to(folder)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _digest(*parts: bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def _read(path: Path, key: str) -> bytes | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    result = content[_DIGEST_BYTES:]
    return result if content[:_DIGEST_BYTES] == _digest(key.encode(), result) else None


def _write(path: Path, key: str, result: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    _evict(path.parent)
    temporary = temporary_name(path)
    try:
        temporary.write_bytes(_digest(key.encode(), result) + result)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _evict(folder: Path) -> None:
    """Remove the oldest files of a full cache."""
    files = [path for path in folder.iterdir() if _FILE_NAME.fullmatch(path.name)]
    if len(files) < MAX_FILES:
        return
    for path in sorted(files, key=lambda path: path.stat().st_mtime)[:_EVICTED]:
        path.unlink(missing_ok=True)
