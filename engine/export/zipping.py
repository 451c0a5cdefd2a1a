"""An export as one zip file. Its files are made in a folder beside it, which a resumed export takes up again."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from engine.errors import ConflictError
from engine.export.exporting import Export, export
from engine.export.places import LocalPlace
from engine.export.request import ExportListener, ExportRequest
from engine.system.durable_files import write_atomically

_PACKED = (".parquet", ".gz", ".duckdb", ".xlsx")
_DATE = (1980, 1, 1, 0, 0, 0)
_BLOCK_BYTES = 1 << 20


def export_zip(
    request: ExportRequest, to: Path, *, resume: bool = False, listener: ExportListener | None = None
) -> Export:
    """Write an export to one zip file, block by block; equal exports are equal files.

    Raises `ConflictError` if the file exists, and what `export` raises.
    """
    path = to.expanduser().absolute()
    path = path if path.suffix == ".zip" else path.with_name(f"{path.name}.zip")
    if path.exists():
        raise ConflictError("The file exists already.", where=str(path), hint="Choose another name.")
    folder = path.with_name(f"{path.name}.unfinished")
    place = LocalPlace(folder)
    made = export(replace(request, is_packed=True), place, resume=resume, listener=listener)
    with write_atomically(path) as unfinished, zipfile.ZipFile(unfinished, "w") as archive:
        for name in _packed_names(place):
            with (folder / name).open("rb") as source, archive.open(_entry(folder / name, name), "w") as packed:
                shutil.copyfileobj(source, packed, _BLOCK_BYTES)
    shutil.rmtree(folder)
    return replace(made, url=path.as_posix())


def zip_blocks(folder: Path) -> Iterator[bytes]:
    """Yield a zip file of an export in a folder, made block by block while it is read."""
    sent = _Blocks()
    with zipfile.ZipFile(sent, "w") as archive:  # type: ignore[call-overload]
        for name in _packed_names(LocalPlace(folder)):
            with (folder / name).open("rb") as source, archive.open(_entry(folder / name, name), "w") as packed:
                while block := source.read(_BLOCK_BYTES):
                    packed.write(block)
                    yield sent.take()
    yield sent.take()


class _Blocks:
    """A file that can only be written, and forgets what was taken."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        self._written += data
        return len(data)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        taken, self._written = self._written, bytearray()
        return bytes(taken)


def _packed_names(place: LocalPlace) -> Iterator[str]:
    return (name for name in place.names() if not name.startswith("_dw_sim/"))


def _entry(path: Path, name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    entry.file_size = path.stat().st_size
    return entry
