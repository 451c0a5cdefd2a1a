"""Batch size: the rows of a table generated at once, so that memory does not grow with the width of its rows.

Polars makes a chunk batch by batch, and a Parquet row group is one batch. A batch needs its own bytes and
a multiple of them for the inputs of its columns; measured with batches of 4 MB, a run of a table with 200 columns of
names peaks at a fifth of the memory it needs otherwise, and one of 16 columns is also faster.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import polars as pl

MAX_BATCH = 50_000
_MIN_BATCH = 2_048
MAX_CODED = _MIN_BATCH // 2
"""The most different texts that are written as codes: a row group has them all, and at least twice as many rows."""
_BATCH_BYTES = 4_000_000
_SAMPLE_ROWS = 64
_VARIABLE = "POLARS_IDEAL_MORSEL_SIZE"


def batch_rows(rows: int, frame: Callable[[int, int], pl.LazyFrame]) -> int:
    """Return the batch size in rows, measured on a few rows of `frame(first row, rows)`.

    The same table has the same batches everywhere, because they determine its files.
    """
    if rows <= _MIN_BATCH:
        return MAX_BATCH
    sample = frame(0, _SAMPLE_ROWS).collect(engine="streaming")
    fitting = _BATCH_BYTES * _SAMPLE_ROWS // max(1, int(sample.estimated_size()))
    return min(max(fitting, _MIN_BATCH), MAX_BATCH)


@contextmanager
def restore_batches() -> Iterator[None]:
    """Restore Polars' batch size on exit."""
    before = os.environ.get(_VARIABLE)
    try:
        yield
    finally:
        set_batches(None if before is None else int(before))


def set_batches(rows: int | None) -> None:
    """Set the batch size of Polars' streaming engine; the setting is global to the process."""
    pl.Config.set_streaming_chunk_size(rows)
