"""Sums of pieces of children: exact at the ends of 64 bits, also for owners in several pieces or without rows."""

import polars as pl
import pytest

from engine.rules.relations.aggregation import Aggregate

OWNERS = 5
LARGEST = 2**62


def aggregated(one: Aggregate, pieces: list[dict[int, list[int]]], dtype: pl.DataType) -> list[int | None]:
    """Return the results of all owners, from pieces that give the values of owners in rising order."""
    partial = []
    for piece in pieces:
        values = pl.Series("v", [value for of_owner in piece.values() for value in of_owner], dtype=dtype)
        counted = pl.DataFrame(
            {"owner": list(piece), "rows": [len(of_owner) for of_owner in piece.values()]},
            schema={"owner": pl.UInt64, "rows": pl.Int64},
        )
        partial.append(one.reduce(pl.DataFrame([values]), counted))
    result = one.finish(partial, OWNERS)
    assert result.dtype == one.result
    return result.to_list()


@pytest.mark.parametrize("dtype", [pl.Int64(), pl.Int128()])
@pytest.mark.parametrize(
    ("pieces", "sums"),
    [
        ([{0: [1, 2], 2: [3]}], [3, 0, 3, 0, 0]),
        ([{0: [1], 1: [2]}, {1: [5], 4: [7]}], [1, 7, 0, 0, 7]),
        ([{3: [1]}, {1: [5]}], [0, 5, 0, 1, 0]),
        ([{1: [LARGEST, LARGEST - 1]}, {1: [LARGEST], 2: [-LARGEST]}], [0, 3 * LARGEST - 1, -LARGEST, 0, 0]),
        ([{0: [LARGEST] * 9}, {4: [1]}], [9 * LARGEST, 0, 0, 0, 1]),
        ([], [0] * OWNERS),
    ],
)
def test_sums_are_exact(dtype: pl.DataType, pieces: list[dict[int, list[int]]], sums: list[int]):
    assert aggregated(Aggregate("sum", "v", None, dtype), pieces, dtype) == sums
    if all(abs(total) < 2**63 for total in sums):
        assert aggregated(Aggregate("sum", "v", None, dtype, is_small=True), pieces, dtype) == sums


def test_a_sum_that_was_to_be_small_is_never_wrong():
    with pytest.raises(pl.exceptions.InvalidOperationError):
        aggregated(Aggregate("sum", "v", None, pl.Int64(), is_small=True), [{0: [LARGEST] * 3}], pl.Int64())


@pytest.mark.parametrize(
    ("function", "results"),
    [("min", [1, None, -4, None, 9]), ("max", [6, None, 3, None, 9]), ("avg", [4, None, -1, None, 9])],
)
def test_owners_without_rows_have_no_bounds_and_no_average(function: str, results: list[int | None]):
    pieces = [{0: [1, 6], 2: [-4]}, {2: [3], 4: [9]}]  # averages are rounded half away from zero
    assert aggregated(Aggregate(function, "v", None, pl.Int64()), pieces, pl.Int64()) == results
