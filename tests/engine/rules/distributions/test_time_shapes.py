"""Time shapes at 1,000,000 rows, each compared with the integral of its density, by chi-square on fixed seeds."""

from datetime import date, datetime

import numpy as np
import polars as pl
import pytest
from scipy import stats

from engine.errors import RuleError
from tests.engine.rules.building import values_of
from tests.engine.rules.counting import chi_square

ROWS = 1_000_000
WEEKDAYS = [5, 4, 3, 2, 1, 0, 0.5]
HOURS = [0] * 6 + [1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1] + [0.5] * 6
WHOLE = ("2020-01-01T00:00:00", "2024-12-31T23:59:59")
CUT = ("2024-05-01T10:20:30", "2024-05-03T14:15:16")
SHORT = ("2024-05-01T10:20:30", "2024-05-01T14:15:16")
CENTURIES = ("1800-01-01T05:30:00", "2100-06-30T17:20:10")


def growing(kind, growth):
    """Return the trend for a schema, and the integral of its density from the start of the range."""
    trend = {"type": kind, "growth": growth}
    if kind == "linear":
        return {"trend": trend}, lambda x: x + (growth - 1) * x * x / 2
    return {"trend": trend}, lambda x: growth**x


def even(x):
    return x


def check(drawn, first, last, unit, integral, weekdays=None, hours=None):
    """Compare the counts per unit of seconds, per run of units and per position in the week with the density."""
    first, last = (int(np.datetime64(bound, "s").astype(int)) for bound in (first, last))
    last += 86400 if drawn.dtype == pl.Date else 1
    seconds = drawn.cast(pl.Datetime("us")).cast(pl.Int64).to_numpy() // 10**6
    assert first <= seconds.min() and seconds.max() < last
    units = np.arange(first // unit, (last - 1) // unit + 1)
    starts, ends = np.maximum(units * unit, first), np.minimum((units + 1) * unit, last)
    weights = np.abs(integral((ends - first) / (last - first)) - integral((starts - first) / (last - first)))
    if weekdays is not None:
        weights = weights * np.array(weekdays)[(units * unit // 86400 + 3) % 7]
    if hours is not None:
        weights = weights * np.array(hours)[units * unit // 3600 % 24]
    counts = np.bincount(seconds // unit - units[0], minlength=len(units))
    assert counts[weights == 0].sum() == 0
    expected = weights * ROWS / weights.sum()
    for groups in (
        np.arange(len(units)),
        np.arange(len(units)) // max(1, len(units) // 500),
        units % (7 * 86400 // unit),
    ):
        assert chi_square(np.bincount(groups, counts), np.bincount(groups, expected)) > 0.001


@pytest.mark.parametrize(
    ("range_", "shape", "integral", "unit"),
    [
        (WHOLE, {"weekday_weights": WEEKDAYS, "hour_weights": HOURS}, even, 3600),
        (WHOLE, *growing("linear", 5), 3600),
        (CUT, {"weekday_weights": WEEKDAYS, "hour_weights": HOURS}, even, 60),
        (SHORT, *growing("exponential", 9), 10),
        (SHORT, *growing("linear", 0.1), 10),
        (CENTURIES, *growing("linear", 30), 3600),
    ],
)
def test_timestamps(range_, shape, integral, unit):
    first, last = range_
    drawn = values_of(ROWS, data_type="TIMESTAMP", timestamp_start=first, timestamp_end=last, **shape)
    assert drawn.dtype == pl.Datetime("us")
    check(drawn, first, last, unit, integral, shape.get("weekday_weights"), shape.get("hour_weights"))


@pytest.mark.parametrize(("range_", "unit"), [(WHOLE, 3600), (CUT, 60), (CENTURIES, 3600)])
def test_all_shapes_at_once(range_, unit):
    shape, integral = growing("exponential", 20)
    weights = {"weekday_weights": WEEKDAYS, "hour_weights": HOURS}
    bounds = {"timestamp_start": range_[0], "timestamp_end": range_[1]}
    drawn = values_of(ROWS, data_type="TIMESTAMPTZ", **bounds, **shape, **weights)
    check(drawn, *range_, unit, integral, WEEKDAYS, HOURS)


@pytest.mark.parametrize(("first", "last"), [("2020-01-03", "2024-12-31"), ("1500-01-03", "2400-12-31")])
def test_dates(first, last):
    shape, integral = growing("exponential", 0.1)
    drawn = values_of(ROWS, data_type="DATE", date_start=first, date_end=last, weekday_weights=WEEKDAYS, **shape)
    assert drawn.dtype == pl.Date
    check(drawn, first, last, 86400, integral, WEEKDAYS)


def test_a_distribution_with_weekdays_and_hours():
    beta = {"type": "beta", "parameters": {"alpha": 2, "beta": 5}}
    weights = {"weekday_weights": WEEKDAYS, "hour_weights": HOURS}
    drawn = values_of(ROWS, data_type="TIMESTAMP", distribution=beta, **weights)
    check(drawn, *WHOLE, 3600, stats.beta(2, 5).cdf, WEEKDAYS, HOURS)
    normal = {"type": "normal", "parameters": {"mean": 100, "stddev": 30}}
    year = {"date_start": "2024-01-01", "date_end": "2024-12-31"}
    drawn = values_of(ROWS, data_type="DATE", distribution=normal, weekday_weights=WEEKDAYS, **year)
    check(drawn, *year.values(), 86400, stats.norm(100 / 366, 30 / 366).cdf, WEEKDAYS)


def test_both_limits_are_reached():
    bounds = {"timestamp_start": "2024-05-01T23:59:58", "timestamp_end": "2024-05-02T00:00:01"}
    drawn = values_of(1_000, data_type="TIMESTAMP", hour_weights=[1] * 24, **bounds)
    assert (drawn.min(), drawn.max()) == (datetime(2024, 5, 1, 23, 59, 58), datetime(2024, 5, 2, 0, 0, 1))
    assert drawn.n_unique() == 4


def test_fractions_of_seconds():
    bounds = {"timestamp_start": "2024-05-01T10:20:30.5", "timestamp_end": "2024-05-01T10:20:31.25"}
    drawn = values_of(100_000, data_type="TIMESTAMP", hour_weights=[1] * 24, **bounds)
    assert drawn.min() >= datetime(2024, 5, 1, 10, 20, 30, 500000)
    assert drawn.max() <= datetime(2024, 5, 1, 10, 20, 31, 250000)
    assert (drawn < datetime(2024, 5, 1, 10, 20, 31)).mean() == pytest.approx(2 / 3, abs=0.006)


def test_a_weekday_of_weight_0_never_occurs():
    drawn = values_of(20_000, data_type="DATE", weekday_weights=[0, 0, 0, 0, 0, 1, 1])
    assert set(drawn.dt.weekday().unique()) == {6, 7}


def test_no_weight_in_the_range_is_an_error():
    bounds = {"date_start": "2024-05-04", "date_end": "2024-05-05"}
    with pytest.raises(RuleError, match=r"t\.x: All weights in the range are 0\."):
        values_of(10, data_type="DATE", weekday_weights=[1, 1, 1, 1, 1, 0, 0], **bounds)
    assert values_of(9, data_type="DATE", weekday_weights=[0, 0, 0, 0, 0, 1, 0], **bounds).unique().to_list() == [
        date(2024, 5, 4)
    ]


def test_trend_and_distribution_cannot_be_combined():
    beta = {"type": "beta", "parameters": {"alpha": 2, "beta": 5}}
    with pytest.raises(RuleError, match=r"t\.x: trend and distribution cannot be combined\."):
        values_of(10, data_type="DATE", distribution=beta, trend={"type": "linear", "growth": 2})
    with pytest.raises(RuleError, match=r"t\.x: poisson cannot be combined with weekday or hour weights\."):
        poisson = {"type": "poisson", "parameters": {"mu": 2}}
        values_of(10, data_type="DATE", distribution=poisson, weekday_weights=WEEKDAYS)
