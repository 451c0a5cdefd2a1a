import polars as pl
import pytest

from engine.rules.random.bits import (
    GAMMA,
    below,
    is_chosen,
    mix,
    random_bits,
    random_bits_at,
    row_step,
    staged_bits,
    unit,
)
from engine.rules.random.seeds import stream_key
from engine.rules.stages import Stages

# The first numbers of SplitMix64 with the state 1234567, as its reference implementation prints them.
REFERENCE = [
    6457827717110365317,
    3203168211198807973,
    9817491932198370423,
    4593380528125082431,
    16408922859458223821,
]


def bits_of(rows: int, key: int) -> pl.Series:
    row = pl.int_range(rows, dtype=pl.UInt64)
    return pl.select(random_bits(row_step(row), key)).to_series()


def test_bits_are_the_reference_splitmix64():
    assert bits_of(5, 1234567).to_list() == REFERENCE


def test_python_and_polars_agree():
    assert [random_bits_at(row, 99) for row in range(50)] == bits_of(50, 99).to_list()
    assert mix(1234567 + GAMMA) == REFERENCE[0]


def test_bits_in_stages_are_the_same():
    stages = Stages()
    made = stages.add(staged_bits(stages, row_step(stages.row), 99))
    assert stages.frame(0, 50, [made.alias("bits")]).collect()["bits"].equals(bits_of(50, 99), null_equal=True)


def test_golden_keys():
    assert stream_key(42, "orders", "id", "value") == 2978180466456784566
    assert stream_key(0) == 5769824443010619093


def test_key_depends_on_where_names_are_divided():
    assert stream_key(1, "ab", "c") != stream_key(1, "a", "bc")


@pytest.mark.parametrize("size", [1, 2, 3, 10, 700, 2**16, 2**16 + 1, 10**9, 2**40, 2**63, 2**64])
def test_below_stays_in_range_and_reaches_both_halves(size):
    drawn = pl.select(below(pl.lit(bits_of(2000, 5)), size)).to_series()
    assert drawn.max() < size
    if size > 1:
        assert drawn.min() < size // 2 + 1 <= drawn.max() + 1


def test_below_is_even():
    counts = pl.select(below(pl.lit(bits_of(70_000, 3)), 7)).to_series().value_counts()["count"]
    chi_square = ((counts - 10_000) ** 2 / 10_000).sum()
    assert chi_square < 22.5  # the 99.9 % point with 6 degrees of freedom


def test_unit_fills_the_interval():
    drawn = pl.select(unit(pl.lit(bits_of(100_000, 8)))).to_series()
    assert 0 <= drawn.min() < 1e-3
    assert 1 - 1e-3 < drawn.max() < 1
    assert abs(drawn.mean() - 0.5) < 0.005


@pytest.mark.parametrize("probability", [0.0, 0.01, 0.5, 1.0])
def test_is_chosen_has_its_probability(probability):
    share = pl.select(is_chosen(pl.lit(bits_of(100_000, 4)), probability)).to_series().mean()
    assert abs(share - probability) <= 4 * (probability * (1 - probability) / 100_000) ** 0.5
