"""Ranges of measurements and counts: by their unit, and by what their table is about."""

import pytest

from engine.rules.suggestions.measures import measure_words
from tests.engine.rules.suggestions.building import imported, rows_of


@pytest.mark.parametrize(
    ("table", "name", "kind", "low", "high"),
    [
        ("flights", "dep_delay_min", "smallint", 1, 40),
        ("movie", "runtime_min", "smallint", 80, 115),
        ("trips", "distance_km", "numeric(6,2)", 1, 10),
        ("flights", "distance_km", "int", 300, 2000),
        ("users", "weight_kg", "numeric(5,1)", 60, 90),
        ("parcels", "weight_kg", "numeric(7,2)", 1, 20),
        ("meters", "voltage_v", "numeric(5,1)", 225, 240),
        ("readings", "pressure_hpa", "numeric(7,2)", 1005, 1022),
        ("observations", "wind_speed_ms", "numeric(4,1)", 2, 9),
        ("house", "bedrooms", "int", 2, 4),
        ("house", "year_built", "int", 1950, 2010),
        ("warehouse", "capacity_m3", "int", 10_000, 120_000),
        ("daily_summary", "steps", "int", 6000, 10_500),
        ("menu_items", "calories", "int", 350, 750),
        ("stock_price", "volume", "bigint", 100_000, 9_000_000),
        ("ads", "cpc", "numeric(10,4)", 0.3, 2),
        ("sessions", "session_number", "int", 1, 5),
        ("player", "experiencepoints", "numeric(12,0)", 100, 4000),
        ("requests", "latency_ms", "int", 50, 600),
        ("loans", "days_past_due", "int", 2, 60),
        ("players", "bytes_down", "bigint", 50_000, 20_000_000),
    ],
)
def test_the_median_is_plausible(table, name, kind, low, high):
    frame = rows_of(f"create table {table} (a varchar(5), {name} {kind} not null)", table)
    assert low <= float(frame[name].cast(float).median()) <= high


@pytest.mark.parametrize("name", ["stockout_flag", "monday", "is_open"])
def test_whole_numbers_for_yes_and_no_are_0_and_1(name):
    assert set(rows_of(f"create table t (a varchar(5), {name} smallint not null)")[name]) == {0, 1}


@pytest.mark.parametrize("name", ["order_id", "birth_day", "status_code"])
def test_keys_codes_and_parts_of_dates_are_no_measurements(name):
    column = imported(f"create table t (a varchar(5), {name} int)").tables[0].columns[1]
    assert column.distribution is None


@pytest.mark.parametrize(
    ("name", "table", "expected"),
    [
        ("airTimeMin", "flight", ("air", "time", "minutes")),
        ("batterystartpct", "t", ("battery", "start", "percent")),
        ("points_used", "t", ("used", "points")),
        ("volume_m3", "t", ("volume", "cubic")),
    ],
)
def test_units_have_one_spelling(name, table, expected):
    assert measure_words(name, table)[0] == expected
