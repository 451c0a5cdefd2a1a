"""How many rows of a table are worked on at once, so that memory stays flat however wide its rows are.

Polars makes a chunk batch by batch, and a Parquet row group is one batch. What a batch takes is its bytes and, many
times over, what its columns are computed from; measured with batches of 4 MB, the run of a table with 200 columns of
names peaks at a fifth of what it took without, and one of 16 columns is faster, too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import polars as pl

GREATEST_BATCH = 50_000
_LEAST_BATCH = 2_048
_BATCH_BYTES = 4_000_000
_SAMPLE_ROWS = 64
_VARIABLE = "POLARS_IDEAL_MORSEL_SIZE"


def batch_rows(rows: int, frame: Callable[[int, int], pl.LazyFrame]) -> int:
    """Return how many rows make a batch, from a few rows that `frame(first row, rows)` makes.

    The same table has the same batches everywhere: they are a part of its files.
    """
    if rows <= _LEAST_BATCH:
        return GREATEST_BATCH
    sample = frame(0, _SAMPLE_ROWS).collect(engine="streaming")
    fitting = _BATCH_BYTES * _SAMPLE_ROWS // max(1, int(sample.estimated_size()))
    return min(max(fitting, _LEAST_BATCH), GREATEST_BATCH)


@contextmanager
def batches_restored() -> Iterator[None]:
    """Leave Polars' own batch size as it was."""
    before = os.environ.get(_VARIABLE)
    try:
        yield
    finally:
        set_batches(None if before is None else int(before))


def set_batches(rows: int | None) -> None:
    """Let Polars' streaming engine work on so many rows at once; it is one setting for the whole process."""
    pl.Config.set_streaming_chunk_size(rows)
