"""The manifest of an export: what it holds, and the claim by which an unfinished one is recognised."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from engine.export.places import StoredObject
from engine.export.request import ExportRequest
from engine.schema.files import schema_to_json

LIBRARIES = {"engine": "dw-simulator", "polars": "polars", "pyarrow": "pyarrow", "faker": "faker", "mimesis": "mimesis"}


@dataclass(frozen=True)
class PartFile:
    """A file of a table: its rows [first_row, first_row + rows), and what is stored."""

    first_row: int
    rows: int
    stored: StoredObject


@dataclass(frozen=True)
class TableFiles:
    """The files of one table in row order, and the note about its format, if any."""

    key: str
    folder: str
    format: str
    rows: int
    files: tuple[PartFile, ...]
    note: str = ""

    @property
    def size_bytes(self) -> int:
        """The size of all files."""
        return sum(file.stored.size_bytes for file in self.files)


def library_versions() -> dict[str, str]:
    """Return the versions of what decides the bytes of an export."""
    found = {}
    for name, package in LIBRARIES.items():
        try:
            found[name] = version(package)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found


def schema_hash(request: ExportRequest) -> str:
    """Return the SHA-256 of the schema's JSON, with the batches that the rows were made with."""
    return hashlib.sha256(schema_to_json(request.schema).encode()).hexdigest()


def claim(request: ExportRequest, rows_per_file: dict[str, int]) -> dict[str, Any]:
    """Return what identifies an export: two with the same claim have the same bytes."""
    return {
        "experiment": request.schema.name,
        "seed": str(request.seed),
        "rows": {key: request.counts[key] for key in request.tables},
        "all_rows": dict(request.counts),
        "schema_sha256": schema_hash(request),
        "format": request.format,
        "target": request.target,
        "codec": request.codec,
        "rows_per_file": rows_per_file,
        "names": vars(request.names),
        "versions": library_versions(),
    }


def manifest(request: ExportRequest, tables: list[TableFiles], others: list[StoredObject]) -> bytes:
    """Return the content of `manifest.json`; it has no time and no path, so that equal exports are equal."""
    content = {
        "experiment": request.schema.name,
        "seed": str(request.seed),
        "all_rows": dict(request.counts),
        "format": request.format,
        "target": request.target,
        "codec": request.codec,
        "schema_sha256": schema_hash(request),
        "versions": library_versions(),
        "tables": [
            {
                "table": table.key,
                "format": table.format,
                "rows": table.rows,
                "bytes": table.size_bytes,
                **({"note": table.note} if table.note else {}),
                "files": [
                    {"first_row": file.first_row, "rows": file.rows, **_object(file.stored)} for file in table.files
                ],
            }
            for table in tables
        ],
        "other_files": [_object(stored) for stored in others],
        "schema": json.loads(schema_to_json(request.schema)),
    }
    return to_bytes(content)


def to_bytes(content: dict[str, Any]) -> bytes:
    """Return JSON for people, in UTF-8."""
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def _object(stored: StoredObject) -> dict[str, Any]:
    return {"name": stored.name, "bytes": stored.size_bytes, "sha256": stored.sha256}
