"""Tasks and records: what is sent to a worker, and what comes back. Both are JSON, which every engine carries.

A task has the schema itself, not its compiled form, which is a hundred times larger; a worker compiles it once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from engine.export.file_formats import TableFormat
from engine.export.object_access import StoreOptions
from engine.export.part_files import PartOrder

LIBRARIES = (
    "dw-simulator", "polars", "pyarrow", "faker", "mimesis", "numpy", "scipy", "holidays", "cityhash", "mmh3",
    "sqlglot",
)  # fmt: skip
"""What decides the values and the bytes of a file."""


@dataclass(frozen=True)
class PartTask:
    """One file to make, anywhere: a pure function of this description writes it to `url`."""

    schema: str
    """The experiment as JSON."""
    table: str
    seed: int
    counts: tuple[tuple[str, int], ...]
    number: int
    first_row: int
    rows: int
    url: str
    name: str
    format: str
    target: str
    codec: str
    batch: int
    """The rows that are made at once: they are a row group, so they decide bytes."""
    endpoint: str
    retries: int

    @property
    def order(self) -> PartOrder:
        """The file as an export orders it."""
        form = TableFormat(self.format, self.target, self.codec)
        return PartOrder(self.table, self.number, self.first_row, self.rows, self.name, form, self.batch)

    @property
    def store(self) -> StoreOptions:
        """How object storage is reached; credentials are found where the worker is."""
        return StoreOptions(self.endpoint, self.retries)


@dataclass(frozen=True)
class PartRecord:
    """A file that is there: its number and name in the task, and what is stored."""

    table: str
    number: int
    name: str
    size_bytes: int
    sha256: str


def library_versions() -> dict[str, str]:
    """Return the version of every library that decides values or bytes."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found


def pack(task: PartTask, versions: Mapping[str, str]) -> str:
    """Return a task as text, with the versions that a worker must have."""
    return json.dumps({"versions": dict(versions), "task": asdict(task)}, ensure_ascii=False)


def unpack(content: Mapping[str, Any]) -> PartTask:
    """Return the task of a packed one."""
    fields = dict(content["task"])
    fields["counts"] = tuple((key, rows) for key, rows in fields["counts"])
    return PartTask(**fields)
