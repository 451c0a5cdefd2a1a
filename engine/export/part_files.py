"""The files of a table: which rows each has, and how one is made and put."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Protocol

from engine.export.file_formats import TableFormat, write_file
from engine.export.layout import record_name
from engine.export.manifest import to_bytes
from engine.export.places import Place, StoredObject, put_same
from engine.export.request import ExportRequest
from engine.export.sizing import table_frame
from engine.generation.writer import TablePlan


@dataclass(frozen=True)
class PartOrder:
    """A file to make: the rows [first_row, first_row + rows) of a table, its name, its format and its batches."""

    table: str
    number: int
    first_row: int
    rows: int
    name: str
    form: TableFormat
    batch: int


class PartMaker(Protocol):
    """Whoever makes files elsewhere than in this process."""

    def make(
        self, request: ExportRequest, place: Place, orders: Iterable[PartOrder]
    ) -> Iterator[tuple[PartOrder, StoredObject]]:
        """Make the files with their records, and yield each when it is there, in any order."""
        ...


def put_part(plan: TablePlan, order: PartOrder, place: Place, scratch: Path) -> StoredObject:
    """Make a file and put it, then its record; both may be there already, from another attempt."""
    frame = table_frame(plan, order.first_row, order.rows)
    with plan.compiler.failures():
        if place.in_memory:
            buffer = BytesIO()
            write_file(frame, buffer, plan.table, order.form, order.batch)
            stored = put_same(place, order.name, buffer.getbuffer())
        else:
            path = scratch / f"file{order.form.extension}"
            write_file(frame, path, plan.table, order.form, order.batch)
            stored = put_same(place, order.name, path)
    put_record(place, stored)
    return stored


def put_record(place: Place, stored: StoredObject) -> None:
    """Put the record of a file, by which a later change of it is noticed."""
    record = {"bytes": stored.size_bytes, "sha256": stored.sha256}
    put_same(place, record_name(stored.name), to_bytes(record))
