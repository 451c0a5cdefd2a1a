from datetime import date, datetime, timedelta

import polars as pl
import pytest

from tests.engine.rules.building import frame_of, schema_of


def timestamp_columns(*names, data_type="TIMESTAMP", **bounds):
    return [{"name": name, "data_type": data_type, **bounds} for name in names]


def frame(columns, rows=5_000):
    return frame_of(schema_of(t=columns), "t", rows)


@pytest.mark.parametrize("data_type", ["DATE", "TIMESTAMP", "TIMESTAMPTZ"])
def test_a_life_cycle_is_ordered(data_type):
    drawn = frame(timestamp_columns("closed_at", "created_at", "updated_at", data_type=data_type))
    assert drawn.filter(pl.col("created_at") > pl.col("updated_at")).is_empty()
    assert drawn.filter(pl.col("updated_at") > pl.col("closed_at")).is_empty()
    spans = drawn["closed_at"] - drawn["created_at"]
    assert spans.max() <= timedelta(days=30) and spans.mean() > timedelta(days=15)


def test_bounds_hold_for_all():
    bounds = {"timestamp_start": "2024-01-01T00:00:00", "timestamp_end": "2024-01-03T00:00:00"}
    drawn = frame(timestamp_columns("started_at", "ended_at", **bounds))
    assert drawn["started_at"].min() >= datetime(2024, 1, 1)
    assert drawn["ended_at"].max() <= datetime(2024, 1, 3)


def test_dates_and_timestamps_mix():
    drawn = frame([{"name": "order_date", "data_type": "DATE"}, {"name": "delivered_at", "data_type": "TIMESTAMP"}])
    assert drawn.filter(pl.col("delivered_at").dt.date() < pl.col("order_date")).is_empty()
    swapped = frame([{"name": "ordered_at", "data_type": "TIMESTAMP"}, {"name": "delivered", "data_type": "DATE"}])
    assert swapped.filter(pl.col("ordered_at").dt.date() > pl.col("delivered")).is_empty()


def test_columns_with_other_prefixes_are_independent():
    drawn = frame(timestamp_columns("trial_start", "contract_end"))
    assert not drawn.filter(pl.col("trial_start") > pl.col("contract_end")).is_empty()


def test_a_column_whose_bounds_do_not_allow_it_is_independent():
    late = {"name": "created_at", "data_type": "DATE", "date_start": "2024-01-01", "date_end": "2024-12-31"}
    early = {"name": "closed_at", "data_type": "DATE", "date_start": "2020-01-01", "date_end": "2020-12-31"}
    assert frame([late, early])["closed_at"].max() <= date(2020, 12, 31)


def test_adding_a_column_changes_no_other():
    two = frame(timestamp_columns("created_at", "closed_at"), 100)
    three = frame(timestamp_columns("created_at", "updated_at", "closed_at"), 100)
    assert three.select("created_at", "closed_at").equals(two)


def test_the_same_column_under_a_null_mask_keeps_the_order():
    columns = [
        {"name": "created_at", "data_type": "TIMESTAMP", "required": False, "null_fraction": 0.5},
        {"name": "closed_at", "data_type": "TIMESTAMP", "required": False, "null_fraction": 0.5},
    ]
    drawn = frame(columns).drop_nulls()
    assert drawn.height > 1_000
    assert (drawn["created_at"] <= drawn["closed_at"]).all()
