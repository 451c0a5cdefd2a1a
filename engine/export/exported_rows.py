"""The rows of a table of an export: read from its files in pieces, as they are in the workbench.

A file of an export lacks the key that an import added, and in a Delta table a time is text. Both are put back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from engine.export.layout import exported_columns
from engine.export.manifest import PartFile
from engine.export.places import Place
from engine.export.reading import damaged_part
from engine.schema.hidden import stored_columns
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import Kind

Positions = npt.NDArray[np.int64]
MakeColumn = Callable[[str, int, int], pl.Series]
"""Makes the rows [first, first + rows) of a column that an export lacks: its name, first and rows."""


class ExportedTable:
    """A table of an export: `take` some of its rows, or `scan` columns of all of them."""

    def __init__(
        self, place: Place, table: TableSchema, files: Sequence[PartFile], is_delta: bool, make: MakeColumn
    ) -> None:
        self.place = place
        self.table = table
        self.files = files
        self._make = make
        self._held = {column.name for column in exported_columns(table)}
        self._timed = {column.name for column in table.columns if column.type.kind is Kind.TIME and is_delta}
        self._checked: set[str] = set()

    @property
    def rows(self) -> int:
        """The number of rows."""
        return sum(file.rows for file in self.files)

    @property
    def is_as_stored(self) -> bool:
        """Whether the files have the columns and types of the files of a run."""
        return not self._timed and all(column.name in self._held for column in stored_columns(self.table))

    def scan(self, names: Sequence[str] | None = None) -> Iterator[tuple[int, pl.DataFrame]]:
        """Yield all rows in pieces, each with the number of its first row; `names` are the columns."""
        for file in self.files:
            yield from self._pieces(file, names, None)

    def take(self, positions: Positions, names: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield the rows of sorted positions in pieces; files and row groups without any are not read."""
        for file in self.files:
            low, high = np.searchsorted(positions, [file.first_row, file.first_row + file.rows])
            if low < high:
                for first, frame in self._pieces(file, names, positions[low:high]):
                    inside = positions[
                        np.searchsorted(positions, first) : np.searchsorted(positions, first + len(frame))
                    ]
                    yield frame[inside - first]

    def _pieces(
        self, file: PartFile, names: Sequence[str] | None, positions: Positions | None
    ) -> Iterator[tuple[int, pl.DataFrame]]:
        columns = [column for column in stored_columns(self.table) if names is None or column.name in names]
        held = [column.name for column in columns if column.name in self._held]
        self._check(file)
        with self._failures(file), self.place.open(file.stored.name) as source, pq.ParquetFile(source) as parquet:
            if parquet.metadata.num_rows != file.rows:
                fault = f"it has {parquet.metadata.num_rows:,} rows, {file.rows:,} were written"
                raise damaged_part(self.place, file.stored.name, fault)
            first = file.first_row
            for group in range(parquet.num_row_groups):
                rows = parquet.metadata.row_group(group).num_rows
                if positions is None or _has_any(positions, first, rows):
                    frame = pl.DataFrame(pl.from_arrow(parquet.read_row_group(group, columns=held)))
                    yield first, self._as_stored(frame, columns, first, rows)
                first += rows

    def _as_stored(self, frame: pl.DataFrame, columns: Sequence[ColumnSchema], first: int, rows: int) -> pl.DataFrame:
        made = []
        for column in columns:
            if column.name not in self._held:
                series = self._make(column.name, first, rows)
            elif column.name in self._timed:
                series = frame[column.name].str.to_time("%H:%M:%S%.f")
            else:
                series = frame[column.name]
            made.append(series.cast(column.type.polars).alias(column.name))
        return pl.DataFrame(made)

    def _check(self, file: PartFile) -> None:
        """Compare size and checksum of a file with the manifest, once; object storage keeps the checksum with it."""
        name = file.stored.name
        if name in self._checked:
            return
        if self.place.stat(name) != file.stored:
            raise damaged_part(self.place, name, "size or checksum are not those of the manifest")
        self._checked.add(name)

    @contextmanager
    def _failures(self, file: PartFile) -> Iterator[None]:
        try:
            yield
        except (pa.ArrowException, KeyError, pl.exceptions.PolarsError) as error:
            raise damaged_part(self.place, file.stored.name, _first_line(error)) from error


def _has_any(positions: Positions, first: int, rows: int) -> bool:
    low, high = np.searchsorted(positions, [first, first + rows])
    return bool(low < high)


def _first_line(error: Exception) -> str:
    text = ""
    with suppress(IndexError):
        text = str(error).splitlines()[0].rstrip(".")
    return text or type(error).__name__
