"""Independence of columns at 1,000,000 rows."""

from itertools import combinations

import numpy as np
import polars as pl
import pytest

from tests.engine.rules.building import frame_of, schema_of
from tests.engine.rules.counting import chi_square

ROWS = 1_000_000
OPTIONAL = {"required": False}
NORMAL = {"type": "normal", "parameters": {"mean": 0, "stddev": 1}}
LEVELS = {"values": [1, 2, 3, 4], "weights": [1, 2, 3, 4]}
COLUMNS = [
    {"name": "whole", "data_type": "INT", "min_value": 1, "max_value": 1_000_000, "null_fraction": 0.5, **OPTIONAL},
    {"name": "twin", "data_type": "INT", "min_value": 1, "max_value": 1_000_000, "null_fraction": 0.5, **OPTIONAL},
    {"name": "money", "data_type": "DECIMAL(12,2)", "null_fraction": 0.01, **OPTIONAL},
    {"name": "measure", "data_type": "DOUBLE", "distribution": NORMAL, "null_fraction": 0.2, **OPTIONAL},
    {"name": "is_new", "data_type": "BOOLEAN", "probability": 0.3, "null_fraction": 0.9, **OPTIONAL},
    {"name": "day", "data_type": "DATE", "date_start": "2020-01-01", "date_end": "2024-12-31", **OPTIONAL},
    {"name": "moment", "data_type": "TIMESTAMP", "null_fraction": 0.2, **OPTIONAL},
    {"name": "level", "data_type": "INT", **LEVELS, "null_fraction": 0.2, **OPTIONAL},
]


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    return frame_of(schema_of(t=COLUMNS), "t", ROWS)


def test_columns_are_not_correlated(frame):
    numbers = frame.select(pl.all().to_physical().cast(pl.Float64)).fill_null(strategy="mean")
    correlations = np.corrcoef(numbers.to_numpy(), rowvar=False)
    assert np.abs(correlations - np.eye(len(COLUMNS))).max() < 0.005


def test_consecutive_rows_are_not_correlated(frame):
    values = frame["measure"].drop_nulls().to_numpy()
    for distance in (1, 2, 64, 4096):
        assert abs(np.corrcoef(values[:-distance], values[distance:])[0, 1]) < 0.005


def test_null_shares_are_accurate(frame):
    for column in COLUMNS:
        share = column.get("null_fraction", 0.05)
        found = frame[column["name"]].is_null().mean()
        assert found == pytest.approx(share, abs=4 * (share * (1 - share) / ROWS) ** 0.5), column["name"]


def test_null_masks_are_independent(frame):
    masks = {name: frame[name].is_null() for name in frame.columns}
    for one, other in combinations(masks, 2):
        both = masks[one].mean() * masks[other].mean()
        assert (masks[one] & masks[other]).mean() == pytest.approx(both, abs=4 * (both * (1 - both) / ROWS) ** 0.5)


def test_nulls_do_not_choose_the_values_of_another_column(frame):
    money = frame["money"].cast(pl.Float64)
    kept, others = (money.filter(mask).mean() for mask in (frame["whole"].is_null(), frame["whole"].is_not_null()))
    assert kept == pytest.approx(others, abs=4 * money.std() * 2 / ROWS**0.5)


@pytest.mark.parametrize("weights", [[1, 2, 3, 4], [0.7, 0.25, 0.05], [1e-9, 1, 1]])
def test_weighted_choices_by_chi_square(weights):
    values = list(range(len(weights)))
    drawn = frame_of(schema_of(t=[{"name": "x", "data_type": "INT", "values": values, "weights": weights}]), "t", ROWS)[
        "x"
    ]
    counts = np.bincount(drawn.to_numpy(), minlength=len(weights))
    assert chi_square(counts, np.array(weights) / sum(weights) * ROWS) > 0.001
