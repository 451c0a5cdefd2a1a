"""How many rows a file has, from the bytes of a sample; the same request has the same files everywhere."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from engine.export.file_formats import TableFormat, write_file
from engine.export.layout import exported_columns
from engine.generation.batches import batch_rows
from engine.generation.writer import TablePlan

FILE_BYTES = 150_000_000
_SAMPLE_ROWS = 20_000


@dataclass(frozen=True)
class TableSize:
    """The files of a table: `batch` rows are made at once, a file has `rows_per_file`, a row about `row_bytes`.

    `seconds` is the processor time of all rows, from the sample.
    """

    rows: int
    batch: int
    rows_per_file: int
    row_bytes: float
    seconds: float

    @property
    def files(self) -> int:
        """The number of files; a table without rows has one."""
        return max(1, -(-self.rows // self.rows_per_file))

    @property
    def size_bytes(self) -> int:
        """The size of all files, estimated."""
        return round(self.row_bytes * self.rows)


def table_frame(plan: TablePlan, first: int, rows: int) -> pl.LazyFrame:
    """Return the rows [first, first + rows) of a table with its exported columns, in their types."""
    columns = exported_columns(plan.table)
    return plan.frame(first, rows).select(pl.col(column.name).cast(column.type.polars) for column in columns)


def measure_size(plan: TablePlan, form: TableFormat, rows_per_file: int | None, scratch: Path) -> TableSize:
    """Return the size of a table's files, measured on its first rows."""
    with plan.compiler.failures():
        batch = batch_rows(plan.rows, plan.frame)
        sample = min(plan.rows, _SAMPLE_ROWS)
        path = scratch / f"sample{form.extension}"
        started = time.process_time()
        write_file(table_frame(plan, 0, sample), path, plan.table, form, batch)
        seconds = time.process_time() - started
    row_bytes = path.stat().st_size / max(sample, 1)
    path.unlink()
    if rows_per_file is None:
        fitting = int(FILE_BYTES / max(row_bytes, 0.01))
        rows_per_file = max(batch, fitting // batch * batch)
    return TableSize(plan.rows, batch, rows_per_file, row_bytes, seconds * plan.rows / max(sample, 1))
