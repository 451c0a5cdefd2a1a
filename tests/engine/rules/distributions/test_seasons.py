"""Seasons and spikes: where dates and timestamps fall, compared with weights made day by day in Python."""

from datetime import date, datetime, timedelta
from functools import cache

import holidays
import numpy as np
import polars as pl
import pytest

from engine.errors import RuleError, SchemaError
from engine.rules.distributions.seasons import Season, week_of
from tests.engine.rules.building import frame_of, schema_of, values_of
from tests.engine.rules.counting import chi_square

ROWS = 400_000
MONTHS = [1, 1, 1, 1, 1, 2, 2.5, 2, 1, 1, 1.5, 3]
HOURS = [0] * 8 + [1, 2, 3, 4, 4, 3, 2, 2, 2, 3, 4, 3, 2, 1, 0, 0]
CASES = {
    "months": {"seasonality": {"month": MONTHS}},
    "one month and a week": {"seasonality": {"month": {"12": 4}, "week": {"1": 0, "26": 3}}},
    "weekdays beside their own key": {"seasonality": {"month": {"2": 0}}, "weekday_weights": [1, 1, 1, 1, 2, 0, 0]},
    "holidays": {"seasonality": {"holidays": {"country": "DE", "subdivision": "BY", "weight": 0}}},
    "holidays of the locale": {"seasonality": {"weekday": {"6": 0.5, "7": 0}, "holidays": {"weight": 3}}},
    "one spike": {"spikes": [{"on": "2024-11-29", "weight": 30}]},
    "spikes each year": {
        "spikes": [{"on": "12-30", "to": "01-02", "weight": 0}, {"on": "02-29", "weight": 9}],
        "seasonality": {"month": {"1": 2}},
    },
}
FIRST, LAST = date(2022, 3, 5), date(2025, 4, 17)


@cache
def holidays_of(country, subdivision):
    return holidays.country_holidays(country, subdiv=subdivision)


def weight_of(day, hour, column):
    """Return the weight of an hour, without arrays."""
    season = column.get("seasonality", {})
    weight = column.get("weekday_weights", [1] * 7)[day.weekday()] * column.get("hour_weights", [1] * 24)[hour]
    numbers = {"month": day.month, "week": day.isocalendar().week, "weekday": day.isoweekday(), "hour": hour}
    for part, number in numbers.items():
        given = season.get(part, {})
        weight *= given.get(str(number), 1) if isinstance(given, dict) else given[number - (part != "hour")]
    if "holidays" in season:
        off = season["holidays"]
        if day in holidays_of(off.get("country", "US"), off.get("subdivision")):
            weight *= off["weight"]
    for spike in column.get("spikes", []):
        first, last = spike["on"], spike.get("to", spike["on"])
        shown = day.isoformat()[-len(first) :]
        inside = first <= shown <= last if first <= last else shown >= first or shown <= last
        is_end_of_february = first == "02-29" and day.month == 2 and (day + timedelta(days=1)).month == 3
        low, high = spike.get("hours", (0, 23))
        if (inside or is_end_of_february) and low <= hour <= high:
            weight *= spike["weight"]
    return weight


@pytest.mark.parametrize("column", CASES.values(), ids=CASES)
def test_dates_have_the_weights_of_their_days(column):
    drawn = values_of(ROWS, data_type="DATE", date_start=str(FIRST), date_end=str(LAST), **column)
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    weights = np.array([weight_of(day, 12, column) for day in days])
    counts = np.bincount((drawn - FIRST).dt.total_days().to_numpy(), minlength=len(days))
    assert counts[weights == 0].sum() == 0
    assert chi_square(counts, weights * ROWS / weights.sum()) > 0.001


@pytest.mark.parametrize(
    "column",
    [
        CASES["one month and a week"],
        {"seasonality": {"hour": HOURS, "month": {"5": 3}}, "weekday_weights": [3, 1, 1, 1, 1, 0, 2]},
        {"spikes": [{"on": "05-04", "to": "05-06", "hours": [18, 22], "weight": 20}], "hour_weights": HOURS},
    ],
)
@pytest.mark.parametrize("kind", ["TIMESTAMP", "TIMESTAMPTZ"])
def test_timestamps_have_the_weights_of_their_hours(column, kind):
    first, last = datetime(2024, 4, 20), datetime(2024, 7, 1, 23, 59, 59)
    bounds = {"timestamp_start": first.isoformat(), "timestamp_end": last.isoformat()}
    drawn = values_of(ROWS, data_type=kind, **bounds, **column)
    hours = [first + timedelta(hours=n) for n in range(73 * 24)]
    weights = np.array([weight_of(hour.date(), hour.hour, column) for hour in hours])
    seconds = drawn.cast(pl.Datetime("us")).cast(pl.Int64).to_numpy() // 10**6 - int(
        (first - datetime(1970, 1, 1)).total_seconds()
    )
    counts = np.bincount(seconds // 3600, minlength=len(hours))
    assert counts[weights == 0].sum() == 0
    assert chi_square(counts, weights * ROWS / weights.sum()) > 0.001
    assert abs(np.mean(seconds % 3600) - 1800) < 20


def test_a_trend_and_a_season_multiply():
    column = {"seasonality": {"month": {"12": 4}}, "trend": {"type": "linear", "growth": 5}}
    drawn = values_of(ROWS, data_type="DATE", date_start="2020-01-01", date_end="2023-12-31", **column)
    days = np.arange(np.datetime64("2020-01-01"), np.datetime64("2024-01-01"))
    middle = (np.arange(len(days)) + 0.5) / len(days)
    weights = (1 + 4 * middle) * np.where(days.astype("datetime64[M]").astype(int) % 12 == 11, 4, 1)
    counts = np.bincount((drawn - date(2020, 1, 1)).dt.total_days().to_numpy(), minlength=len(days))
    assert chi_square(counts, weights * ROWS / weights.sum()) > 0.001


def test_centuries_of_timestamps_have_cells_of_days():
    column = {"timestamp_start": "1700-01-01", "timestamp_end": "2299-12-31T23:59:59"}
    drawn = values_of(ROWS, data_type="TIMESTAMP", seasonality={"month": {"12": 0}, "weekday": {"7": 0}}, **column)
    assert not (drawn.dt.month() == 12).any() and not (drawn.dt.weekday() == 7).any()
    assert chi_square(drawn.dt.hour().value_counts().sort("x")["count"].to_numpy(), np.full(24, ROWS / 24)) > 0.001


def test_values_are_those_of_their_rows_alone():
    column = {
        "data_type": "TIMESTAMP",
        "seasonality": {"month": MONTHS, "hour": HOURS},
        "spikes": [{"on": "05-01", "weight": 3}],
    }
    schema = schema_of(t=[{"name": "x", **column}])
    whole = frame_of(schema, "t", 3000)["x"]
    assert frame_of(schema, "t", 40, offset=2950)["x"].to_list() == whole[2950:2990].to_list()
    far = frame_of(schema, "t", 5, offset=10**9)["x"]
    assert far.to_list() == frame_of(schema, "t", 9, offset=10**9)["x"][:5].to_list()


def test_a_season_follows_a_hidden_normal_in_order():
    columns = [{"name": "x", "data_type": "DATE", "seasonality": {"month": {"12": 5}}, "follows": {"w": 1}}]
    columns.append({"name": "y", "data_type": "DOUBLE", "min_value": 0, "max_value": 1, "follows": {"w": 1}})
    document = {"name": "lab", "tables": [{"name": "t", "latents": ["w"], "columns": columns}]}
    from engine.schema.files import read_schema

    drawn = frame_of(read_schema(document), "t", 5000).sort("y")["x"]
    assert drawn.is_sorted()


def test_weeks_are_those_of_iso_8601():
    days = [date(2000, 1, 1) + timedelta(days=n) for n in range(20_000)]
    numbers = np.array([(day - date(1970, 1, 1)).days for day in days])
    assert week_of(numbers).tolist() == [day.isocalendar().week for day in days]
    old = np.arange(-800_000, -700_000)
    assert week_of(old).min() == 1 and week_of(old).max() == 53
    assert Season(None, None, None, ()).weigh(numbers, numbers * 0).tolist() == [1.0] * len(days)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ({"seasonality": {"weekday": [1] * 7}, "weekday_weights": [1] * 7}, "both weigh the weekdays"),
        ({"seasonality": {"hour": {"3": 1}}}, "does not apply to a DATE"),
        ({"seasonality": {}}, "seasonality is empty"),
        ({"seasonality": {"month": [1, 2]}}, "has 2 weights, and 12 are needed"),
        ({"seasonality": {"month": {"13": 1}}}, 'has "13"'),
        ({"seasonality": {"month": [0] * 12}}, "all weights are 0"),
        ({"seasonality": {"month": {"1": 2}}, "values": ["2024-01-01"]}, "cannot be combined with values"),
        ({"seasonality": {"month": {"1": 2}}, "is_unique": True}, "cannot make unique values"),
        ({"seasonality": {"month": {"1": 2}}, "default_value": "2024-01-01"}, "default_value cannot be combined"),
        ({"spikes": [{"on": "2024-02-30", "weight": 2}]}, "is not a day"),
        ({"spikes": [{"on": "2024-02-03", "to": "02-05", "weight": 2}]}, "has a year, and the other none"),
        ({"spikes": [{"on": "2024-02-03", "to": "2024-02-01", "weight": 2}]}, "is before"),
        ({"spikes": [{"on": "02-03", "hours": [1, 2], "weight": 2}]}, "hours do not apply to a DATE"),
    ],
)
def test_contradictions_are_refused(column, message):
    with pytest.raises(SchemaError, match=message):
        values_of(1, data_type="DATE", **column)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ({"seasonality": {"holidays": {"country": "XX", "weight": 0}}}, 'no holidays of the country "XX"'),
        ({"seasonality": {"holidays": {"country": "DE", "subdivision": "QQ", "weight": 0}}}, 'a subdivision "QQ"'),
        ({"spikes": [{"on": "01-01", "to": "12-31", "weight": 0}]}, "All weights in the range are 0"),
        ({"seasonality": {"month": {"1": 2}}, "date_start": "1000-01-01", "date_end": "2999-12-31"}, "shorter range"),
        ({"seasonality": {"month": {"1": 2}}, "distribution": {"type": "poisson", "parameters": {"lambda": 3}}}, "con"),
    ],
)
def test_what_the_calendar_shows_is_refused_before_the_first_row(column, message):
    with pytest.raises(RuleError, match=message):
        values_of(1, data_type="DATE", **column)
