import polars as pl
import pytest

from engine.rules.random.permutation import permuted
from engine.rules.stages import Stages


def places(size: int, key: int, rows: int, first: int = 0) -> pl.Series:
    stages = Stages()
    index = permuted(stages, stages.row, size, key)
    return stages.frame(first, rows, [index.alias("x")]).collect().get_column("x")


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 10, 97, 100, 1000, 12_345])
def test_is_a_permutation(size):
    assert places(size, 11, size).sort().to_list() == list(range(size))


@pytest.mark.parametrize("size", [36**4, 2**32 + 15, 2**62, 2**63])
def test_no_repeats_in_large_domains(size):
    drawn = places(size, 3, 200_000, first=1_000_000)
    assert drawn.n_unique() == 200_000
    assert drawn.max() < size


def test_golden_vector():
    assert places(1000, 42, 8).to_list() == GOLDEN


def test_keys_differ():
    assert places(1000, 1, 1000).to_list() != places(1000, 2, 1000).to_list()


def test_neighbours_do_not_stay_neighbours():
    drawn = places(100_000, 5, 100_000).cast(pl.Int64)
    assert drawn.diff().abs().drop_nulls().mean() == pytest.approx(100_000 / 3, rel=0.05)
    assert abs(pl.select(pl.corr(pl.int_range(100_000), drawn)).item()) < 0.015


GOLDEN = [88, 230, 541, 179, 864, 249, 898, 38]
