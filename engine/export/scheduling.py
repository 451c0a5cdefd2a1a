"""How long workers take for the files of an export, when each takes the next file as soon as it is free."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heapreplace

from engine.export.sizing import TableSize

_MAX_FILES = 100_000


def elapsed_seconds(sizes: Iterable[TableSize], workers: int) -> float:
    """Return the seconds from the first file to the last one, without the start of the workers.

    Files are taken in the order of the tables, as an export takes them. Beyond 100,000 files they are so small a part
    that the time is the sum by the number of workers.
    """
    listed = list(sizes)
    if sum(size.files for size in listed) > _MAX_FILES:
        return sum(size.seconds for size in listed) / workers
    free_at = [0.0] * min(workers, max(1, sum(size.files for size in listed)))
    heapify(free_at)
    for size in listed:
        per_row = size.seconds / max(size.rows, 1)
        for first in range(0, size.rows, size.rows_per_file):
            rows = min(size.rows_per_file, size.rows - first)
            heapreplace(free_at, free_at[0] + rows * per_row)
    return max(free_at)
