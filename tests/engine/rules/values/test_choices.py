from fractions import Fraction

import polars as pl
import pytest

from engine.rules.values.choices import make_alias_table
from tests.engine.rules.building import values_of


def shares(weights):
    thresholds, places = make_alias_table(weights)
    found = [Fraction(0)] * len(weights)
    for slot, threshold in enumerate(thresholds):
        found[places[2 * slot]] += Fraction(int(threshold), 2**64)
        found[places[2 * slot + 1]] += 1 - Fraction(int(threshold), 2**64)
    return [float(share / len(weights)) for share in found]


@pytest.mark.parametrize("weights", [[1, 2, 7], [0, 1], [1e-9, 1], [3], [5, 5, 5], [0.1, 0.2, 0.3, 0.4, 0]])
def test_alias_table_holds_the_weights(weights):
    assert shares(weights) == pytest.approx([weight / sum(weights) for weight in weights], rel=1e-9, abs=1e-18)


def test_values_follow_their_weights():
    counts = dict(
        values_of(100_000, data_type="VARCHAR(1)", values=["a", "b", "c"], weights=[1, 2, 7]).value_counts().iter_rows()
    )
    expected = {"a": 10_000, "b": 20_000, "c": 70_000}
    chi_square = sum((counts[value] - expected[value]) ** 2 / expected[value] for value in expected)
    assert chi_square < 13.8  # the 99.9 % point with 2 degrees of freedom


@pytest.mark.parametrize(
    ("column", "dtype"),
    [
        ({"data_type": "INT", "values": [3, 5]}, pl.Int32),
        ({"data_type": "DECIMAL(5,2)", "values": [1.1, 2]}, pl.Decimal(5, 2)),
        ({"data_type": "DATE", "values": ["2024-01-01"]}, pl.Date),
        ({"data_type": "BOOLEAN", "values": [True]}, pl.Boolean),
        ({"data_type": "VARCHAR", "values": ["x", "x", "y"]}, pl.String),
    ],
)
def test_values_take_the_columns_type(column, dtype):
    drawn = values_of(200, **column)
    assert drawn.dtype == dtype
    assert drawn.null_count() == 0


def test_a_repeated_value_counts_twice():
    drawn = values_of(30_000, data_type="VARCHAR", values=["x", "x", "y"])
    assert (drawn == "x").mean() == pytest.approx(2 / 3, abs=0.01)
