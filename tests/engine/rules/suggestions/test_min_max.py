"""Numbers in the order of their names."""

from itertools import pairwise

import polars as pl
import pytest

from tests.engine.rules.suggestions.building import rows_of


@pytest.mark.parametrize(
    ("names", "data_type"),
    [
        (["min_price", "max_price"], "decimal(8,2)"),
        (["min_temp_c", "avg_temp_c", "max_temp_c"], "decimal(5,1)"),
        (["salary_min", "salary_max"], "int"),
        (["lower_bound", "upper_bound"], "double precision"),
        (["low_52w", "high_52w"], "decimal(12,4)"),
        (["p50_ms", "p90_ms", "p99_ms"], "int"),
        (["range_from", "range_to"], "smallint"),
        (["minAmount", "medianAmount", "maxAmount"], "decimal(12,2)"),
    ],
)
def test_numbers_are_in_order(names: list[str], data_type: str):
    columns = ", ".join(f"{name} {data_type} not null" for name in reversed(names))
    frame = rows_of(f"create table t (id int, {columns})")
    for low, high in pairwise(names):
        assert (frame[low.casefold()] <= frame[high.casefold()]).all()


def test_prices_of_a_period():
    names = ("open", "high", "low", "close")
    frame = rows_of(f"create table t ({', '.join(f'{name} decimal(12,4) not null' for name in names)})")
    assert (frame["low"] <= frame.select(pl.min_horizontal("open", "close")).to_series()).all()
    assert (frame["high"] >= frame.select(pl.max_horizontal("open", "close")).to_series()).all()


def test_keys_named_from_and_to_are_no_range():
    frame = rows_of("create table t (from_station_id int not null, to_station_id int not null)")
    assert (frame["from_station_id"] > frame["to_station_id"]).any()
