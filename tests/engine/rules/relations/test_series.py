"""Series: each value is a function of its parent and time alone, and walks and autoregressions have their laws."""

import math
from datetime import datetime

import numpy as np
import polars as pl
import pytest

from engine.errors import RuleError, SchemaError
from engine.schema.files import read_schema
from tests.engine.rules.relations.test_every import made, sensors

DAYS = [1.0, 4.0, 2.0, -3.0]


def readings(series, *, sensors_count=50, lines=2000, kind="DOUBLE", every=None, columns=(), **column):
    """The document of sensors with a series v."""
    document = sensors(every, key={"fan_out": [lines, lines]})
    document["tables"][0]["target_rows"] = sensors_count
    document["tables"][0]["columns"].append({"name": "base", "data_type": "DECIMAL(6,2)", "max_value": 90})
    document["tables"][1]["target_rows"] = sensors_count * lines
    value = {"name": "v", "data_type": kind, "series": {"within": "sensor_id", **series}, **column}
    document["tables"][1]["columns"] += [*columns, value]
    return document


def values(document, lines=2000):
    """Return the values as one row for each sensor."""
    frame = made(document, rows=document["tables"][1]["target_rows"])
    return frame.sort("sensor_id", "line_no")["v"].to_numpy().reshape(-1, lines)


def lagged(x, lag):
    return np.corrcoef(x[:, lag:].ravel(), x[:, :-lag].ravel())[0, 1]


@pytest.mark.parametrize("coefficient", [0.9, 0.5, 0.99, 0, -0.6, 0.9999])
def test_an_autoregression_keeps_its_share_of_each_step(coefficient):
    x = values(readings({"ar": {"coefficient": coefficient, "stddev": 3}}, sensors_count=100, lines=1000), 1000)
    error = 5 / math.sqrt(100_000 * (1 - abs(coefficient)) + 60)
    assert abs(x.std() / 3 - 1) < error and abs(x[:, :5].std() / 3 - 1) < 0.3
    for lag in (1, 3) if abs(coefficient) < 0.999 else ():
        assert abs(lagged(x, lag) - coefficient**lag) < error
    change = x[:, 1:] - coefficient * x[:, :-1]  # of its own, and so without a memory
    assert abs(change.std() / (3 * math.sqrt(1 - coefficient**2)) - 1) < 0.02
    assert abs(lagged(change, 1)) < 0.02


@pytest.mark.parametrize(("lines", "sensors_count"), [(200, 500), (5000, 20)])
def test_the_steps_of_a_walk_are_independent(lines, sensors_count):
    x = values(readings({"walk": 1.5, "level": 7}, sensors_count=sensors_count, lines=lines), lines)
    steps = np.diff(x, axis=1)
    assert (x[:, 0] == 7).all()
    assert abs(steps.std() / 1.5 - 1) < 0.02 and abs(steps.mean()) < 0.02
    assert all(abs(lagged(steps, lag)) < 0.02 for lag in (1, 2, 7))
    assert abs((x[:, -1] - 7).std() / (1.5 * math.sqrt(lines - 1)) - 1) < 0.5


def test_level_trend_and_waves_add_up_by_line():
    waves = [{"period": 12, "amplitude": 3, "peak": 0.5}, {"period": 4, "values": DAYS}]
    document = readings({"level": "sensor_id.base", "trend": 0.25, "waves": waves}, lines=30)
    x = values(document, 30)
    base = made(document, "sensors", 50).sort("id")["base"].cast(pl.Float64).to_numpy()
    line = np.arange(30)
    expected = 0.25 * line + 3 * np.cos(2 * np.pi * (line / 12 - 0.5)) + np.array(DAYS)[line % 4]
    assert np.allclose(x, base[:, None] + expected, atol=2e-5)


@pytest.mark.parametrize("start", [None, "sensor_id.since", "2022-12-31T18:00:00"])
def test_time_is_that_of_a_column(start):
    series = {"time": "read_at", "step": "1 hour", "trend": 2, "waves": [{"period": "1 day", "values": DAYS}]}
    document = readings(series | ({"start": start} if start else {}), lines=40, every={"interval": "45 minutes"})
    frame = made(document, rows=2000).join(made(document, "sensors", 50), left_on="sensor_id", right_on="id")
    first = pl.lit(datetime(2022, 12, 31, 18)) if start and "T" in start else pl.col("since")
    hours = frame.select((pl.col("read_at") - first).dt.total_microseconds() / 3.6e9).to_series().to_numpy()
    seconds = frame["read_at"].dt.epoch("us").to_numpy() / 1e6 % 86_400
    expected = 2 * hours + np.interp(seconds, [0, 21_600, 43_200, 64_800, 86_400], [*DAYS, DAYS[0]])
    assert np.allclose(frame["v"].to_numpy(), expected, atol=1e-6)


def test_times_within_one_step_share_the_walk():
    moment = {
        "name": "seen_at",
        "data_type": "TIMESTAMP",
        "timestamp_start": "2024-01-01",
        "timestamp_end": "2024-01-09",
    }
    series = {"time": "seen_at", "step": "1 day", "walk": 2, "ar": {"coefficient": 0.5, "stddev": 1}}
    frame = made(readings(series, columns=[moment], lines=100), rows=5000)
    days = frame.group_by("sensor_id", pl.col("seen_at").dt.date()).agg(pl.col("v").n_unique())
    assert days["v"].max() == 1 and frame["v"].n_unique() == len(days)


def test_rows_alone_are_those_of_the_whole():
    parts = {"walk": 1, "ar": {"coefficient": 0.8, "stddev": 2}, "noise": 0.5, "waves": [{"period": 7, "amplitude": 1}]}
    document = readings({**parts, "level": "sensor_id.base"}, lines=60, kind="DECIMAL(9,3)")
    whole = made(document, rows=3000)
    for first, rows in ((0, 1), (1234, 56), (2990, 10)):
        assert made(document, rows=rows, offset=first).equals(whole[first : first + rows])
    document["tables"][0]["target_rows"] = 10**9
    far = made(document, rows=30, offset=10**9)
    assert far[3:9].equals(made(document, rows=6, offset=10**9 + 3)) and far["v"].n_unique() > 20


def test_numbers_are_rounded_and_stay_within_bounds():
    whole = values(readings({"level": 50, "noise": 40}, kind="INT", min_value=0, max_value=100))
    assert whole.min() == 0 and whole.max() == 100
    with pytest.raises(RuleError, match="does not fit"):
        made(readings({"level": 30_000, "noise": 4000}, kind="SMALLINT"), rows=2000)


def test_more_lines_seldom_change_a_series():
    series = {"walk": 1, "ar": {"coefficient": 0.9, "stddev": 1}}
    few, more = (values(readings(series, sensors_count=5, lines=lines), lines) for lines in (1100, 3900))
    assert (more[:, :1100] == few).all()


@pytest.mark.parametrize(
    ("series", "message"),
    [
        ({}, "series is empty"),
        ({"within": "line_no", "noise": 1}, "not a foreign key"),
        ({"time": "read_att", "step": "1 day", "noise": 1}, "does not have"),
        ({"time": "read_at", "noise": 1}, "needs a step"),
        ({"step": "1 day", "noise": 1}, "can only be used with time"),
        ({"time": "read_at", "step": "soon", "noise": 1}, "is not an interval"),
        ({"waves": [{"period": "1 day", "amplitude": 1}]}, "needs a time"),
        ({"time": "read_at", "step": "1 day", "waves": [{"period": 12, "amplitude": 1}]}, "is a number of rows"),
        ({"waves": [{"period": 12}]}, "either an amplitude or values"),
        ({"level": "base"}, "not a column of the parent"),
    ],
)
def test_contradictions_are_refused(series, message):
    with pytest.raises(SchemaError, match=message):
        read_schema(readings(series))


@pytest.mark.parametrize(
    ("series", "message"),
    [
        ({"level": "sensor_id.since"}, "and not a number"),
        ({"level": "sensor_id.basis"}, 'no column "basis"'),
        ({"time": "line_no", "step": "1 day", "noise": 1}, "not a date or timestamp"),
        ({"time": "read_at", "step": "1 day", "walk": 1, "start": "2030-01-01"}, "before the start"),
    ],
)
def test_what_a_plan_shows_is_refused(series, message):
    with pytest.raises(RuleError, match=message):
        made(readings(series, lines=20), rows=1000)
