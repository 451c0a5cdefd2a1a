from datetime import UTC, date, datetime, time

import polars as pl

from tests.engine.rules.building import values_of


def test_dates_include_both_bounds():
    drawn = values_of(5_000, data_type="DATE", date_start="2024-02-27", date_end="2024-03-01")
    assert drawn.dtype == pl.Date
    assert drawn.unique().sort().to_list() == [
        date(2024, 2, 27),
        date(2024, 2, 28),
        date(2024, 2, 29),
        date(2024, 3, 1),
    ]


def test_dates_before_1970():
    drawn = values_of(1_000, data_type="DATE", date_start="1899-12-30", date_end="1900-01-02")
    assert (drawn.min(), drawn.max()) == (date(1899, 12, 30), date(1900, 1, 2))


def test_default_does_not_depend_on_today():
    drawn = values_of(50_000, data_type="DATE")
    assert (drawn.min(), drawn.max()) == (date(2020, 1, 1), date(2024, 12, 31))


def test_timestamps_fall_on_whole_seconds_within_bounds():
    bounds = {"timestamp_start": "2024-05-01T10:00:00", "timestamp_end": "2024-05-01T10:00:03"}
    drawn = values_of(500, data_type="TIMESTAMP", **bounds)
    assert drawn.dtype == pl.Datetime("us")
    assert drawn.unique().sort().to_list() == [datetime(2024, 5, 1, 10, 0, second) for second in range(4)]


def test_the_last_date_of_timestamps_is_included_to_its_end():
    drawn = values_of(5_000, data_type="TIMESTAMP_NTZ", date_start="2024-05-01", date_end="2024-05-01")
    assert drawn.max() > datetime(2024, 5, 1, 23, 50)


def test_zoned_bounds_are_converted_to_utc():
    bounds = {"timestamp_start": "2024-05-01T02:00:00+02:00", "timestamp_end": "2024-05-01T00:00:00+00:00"}
    drawn = values_of(3, data_type="TIMESTAMPTZ", **bounds)
    assert drawn.dtype == pl.Datetime("us", "UTC")
    assert set(drawn) == {datetime(2024, 5, 1, tzinfo=UTC)}


def test_only_one_bound_keeps_it():
    assert values_of(5_000, data_type="DATE", date_start="2030-06-01").min() == date(2030, 6, 1)
    assert values_of(5_000, data_type="DATE", date_end="2001-06-01").max() == date(2001, 6, 1)


def test_times():
    drawn = values_of(20_000, data_type="TIME", time_start="09:00:00", time_end="09:00:59")
    assert drawn.dtype == pl.Time
    assert (drawn.min(), drawn.max()) == (time(9, 0, 0), time(9, 0, 59))
