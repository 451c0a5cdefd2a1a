import os
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from engine.generation.batches import batch_rows, restore_batches, set_batches
from tests.engine.generation.lab import lab, written

MORSEL = "POLARS_IDEAL_MORSEL_SIZE"


def of_width(columns: int):
    return lambda first, rows: pl.LazyFrame(
        {f"c{n}": pl.int_range(first, first + rows, eager=True) for n in range(columns)}
    )


def test_a_batch_has_fewer_rows_the_wider_they_are():
    assert batch_rows(10**6, of_width(2)) == 50_000
    assert batch_rows(10**6, of_width(50)) == 10_000  # of 400 bytes each: 4 MB
    assert batch_rows(10**6, of_width(5_000)) == 2_048


def test_a_small_table_needs_no_sample():
    assert batch_rows(2_048, lambda first, rows: 1 / 0) == 50_000


def test_a_file_has_a_row_group_for_each_batch(tmp_path: Path):
    set_batches(12_345)
    try:
        files = written(lab(), tmp_path, visits=120_000, chunk_rows=110_000)["visits"]
        assert os.environ[MORSEL] == "12345"
    finally:
        set_batches(None)

    groups = [pq.ParquetFile(file).metadata for file in files]
    sizes = [[data.row_group(n).num_rows for n in range(data.num_row_groups)] for data in groups]
    assert list(map(sum, sizes)) == [110_000, 10_000]
    assert 1 < len(sizes[0]) < 12
    assert max(sizes[0]) <= 50_000


def test_the_users_own_batch_size_comes_back():
    with restore_batches():
        set_batches(7)
        assert os.environ[MORSEL] == "7"
    assert MORSEL not in os.environ
