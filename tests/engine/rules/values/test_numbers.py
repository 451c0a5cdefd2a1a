from decimal import Decimal

import polars as pl
import pytest

from engine.errors import RuleError
from tests.engine.rules.building import values_of


@pytest.mark.parametrize(
    ("column", "dtype", "low", "high"),
    [
        ({"data_type": "INT", "min_value": -3, "max_value": 3}, pl.Int32, -3, 3),
        ({"data_type": "SMALLINT"}, pl.Int16, 0, 1000),
        ({"data_type": "SMALLINT", "max_value": 5}, pl.Int16, 0, 5),
        ({"data_type": "SMALLINT", "max_value": -3}, pl.Int16, -1003, -3),
        ({"data_type": "TINYINT", "max_value": 0}, pl.Int8, -128, 0),
        (
            {"data_type": "DECIMAL(4,1)", "min_value": "-0.3", "max_value": "0.2"},
            pl.Decimal(4, 1),
            Decimal("-0.3"),
            Decimal("0.2"),
        ),
        ({"data_type": "DOUBLE", "min_value": 0.25, "max_value": 0.25}, pl.Float64, 0.25, 0.25),
    ],
)
def test_bounds_are_inclusive_and_reached(column, dtype, low, high):
    drawn = values_of(20_000, **column)
    assert drawn.dtype == dtype
    assert (drawn.min(), drawn.max()) == (low, high)


def test_full_bigint_range_does_not_overflow():
    drawn = values_of(10_000, data_type="BIGINT", min_value=-(2**63), max_value=2**63 - 1)
    assert drawn.min() < -(2**62) and drawn.max() > 2**62


def test_decimal_of_38_digits_is_exact():
    largest = "9" * 30 + "." + "9" * 8
    drawn = values_of(10_000, data_type="DECIMAL(38,8)", min_value="-" + largest, max_value=largest)
    assert drawn.max() > Decimal("8e29") and drawn.min() < Decimal("-8e29")
    assert drawn.n_unique() == 10_000
    assert {str(value)[-1] for value in drawn.head(200)} == set("0123456789")


def test_narrow_decimal_range_holds_every_value_equally_often():
    counts = values_of(30_000, data_type="DECIMAL(20,2)", min_value="0.01", max_value="0.03").value_counts()["count"]
    assert len(counts) == 3 and counts.min() > 9_700


def test_floats_stay_below_their_bound():
    drawn = values_of(100_000, data_type="FLOAT", min_value=-1, max_value=1)
    assert drawn.dtype == pl.Float64
    assert -1 <= drawn.min() < -0.999 and 0.999 < drawn.max() <= 1


def test_the_whole_range_of_floats_is_spread_evenly():
    drawn = values_of(10_000, data_type="FLOAT", min_value=-1e308, max_value=1e308)
    assert -1e308 <= drawn.min() < -0.99e308 and 0.99e308 < drawn.max() <= 1e308
    assert (drawn < 0).mean() == pytest.approx(0.5, abs=0.03)
    assert -1000 - 7 <= values_of(100, data_type="FLOAT", max_value=-7).min() < -8


def test_boolean_has_its_probability():
    share = values_of(40_000, data_type="BOOLEAN", probability=0.2).mean()
    assert share == pytest.approx(0.2, abs=0.008)


def test_range_without_a_value_is_an_error():
    with pytest.raises(RuleError, match=r"t\.x: There is no DECIMAL\(5,1\) between"):
        values_of(1, data_type="DECIMAL(5,1)", min_value="0.11", max_value="0.19")
