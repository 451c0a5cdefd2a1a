"""Draws in expressions: types, bounds, evenness, and that a draw is a function of the row."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from statistics import mean, pstdev

import polars as pl
import pytest

from engine.errors import RuleError
from engine.rules.rule_checks import check_rules
from tests.engine.rules.building import frame_of, schema_of
from tests.engine.rules.derived.building import derived, table_with

ID = {"name": "id", "data_type": "INT", "is_unique": True}


def problem_of(expression: str) -> str:
    (problem,) = check_rules(table_with(data_type="VARCHAR(60)", expression=expression, required=False))
    return str(problem)


def test_random_is_a_double_from_0_to_1():
    drawn = derived("random()", "DOUBLE", rows=4000)
    assert min(drawn) >= 0 and max(drawn) < 1 and len(set(drawn)) == 4000
    assert 0.48 < mean(drawn) < 0.52 and 0.27 < pstdev(drawn) < 0.31


def test_uniform_of_whole_numbers_includes_both_bounds_evenly():
    counts = Counter(derived("uniform(-2, 3, random())", "INT", rows=6000))
    assert sorted(counts) == [-2, -1, 0, 1, 2, 3]
    assert all(880 < count < 1120 for count in counts.values())


def test_uniform_of_decimals_keeps_their_places():
    drawn = derived("uniform(0.5, 2.50, random())", "VARCHAR(9)", rows=3000)
    assert all(len(text) == 4 for text in drawn)
    assert (min(drawn), max(drawn)) == ("0.50", "2.50") and len(set(drawn)) == 201


@pytest.mark.parametrize("expression", ["uniform(0::float, 1, random())", "uniform(0, f, random())"])
def test_uniform_of_doubles_is_a_double(expression: str):
    drawn = derived(expression, "DOUBLE", rows=300)
    assert len(set(drawn)) == 300 and min(drawn) >= 0


def test_bounds_can_be_columns():
    frame = frame_of(table_with(data_type="INT", expression="uniform(1, qty, random())"), "t", 3000)
    assert all(1 <= x <= qty for x, qty in zip(frame["x"], frame["qty"], strict=True))
    assert set(frame.filter(pl.col("qty") == 9)["x"]) == set(range(1, 10))


def test_a_missing_bound_gives_null():
    frame = frame_of(table_with(data_type="BIGINT", expression="uniform(n, 60, random())", required=False), "t", 500)
    assert frame["x"].is_null().equals(frame["n"].is_null())
    assert frame.filter(pl.col("x") < pl.col("n")).is_empty() and frame["x"].max() <= 60


def test_wide_bounds_do_not_overflow():
    drawn = derived("uniform(-9000000000000000000, 200, random())", "BIGINT")
    assert min(drawn) < -8 * 10**18 and max(drawn) < 201
    assert max(derived("uniform(least(big, 0), 3, random())", "BIGINT")) <= 3
    assert {len(text) for text in derived("uniform(1000000000000000000.5, 1000000000000000009.5, random())")} == {21}


def test_calls_have_streams_of_their_own_and_a_seed_shares_one():
    assert derived("random() - random()", "DOUBLE").count(0.0) == 0
    assert set(derived("random(7) - random(7)", "DOUBLE")) == {0.0}
    assert derived("random(7) - random(8)", "DOUBLE").count(0.0) == 0
    assert derived("random()  +  0", "DOUBLE") == derived("random()", "DOUBLE")


def test_a_draw_does_not_depend_on_chunks_or_branches():
    schema = table_with(data_type="INT", expression="case when ok then uniform(1, 9, random()) else 10 end")
    whole = frame_of(schema, "t", 100)
    assert pl.concat([frame_of(schema, "t", 41), frame_of(schema, "t", 59, offset=41)]).equals(whole)
    assert not whole.equals(frame_of(schema, "t", 100, seed=8))


def test_a_child_sees_the_draw_of_its_parent():
    key = {"references_table": "hotels", "references_column": "id"}
    schema = schema_of(
        hotels=[ID, {"name": "stars", "data_type": "INT", "expression": "uniform(1, 5, random())"}],
        stays=[ID, {"name": "hotel", "data_type": "INT", "foreign_key": key},
               {"name": "stars", "data_type": "INT", "expression": "hotel.stars"}],
    )  # fmt: skip
    stars = dict(frame_of(schema, "hotels", 50, hotels=50).iter_rows())
    stays = frame_of(schema, "stays", 500, hotels=50)
    assert all(stars[hotel] == found for _, hotel, found in stays.iter_rows())


def test_a_date_plus_a_draw_is_a_date():
    frame = frame_of(table_with(data_type="DATE", expression="d + uniform(1, 14, random())"), "t", 900)
    gaps = [(x - d).days for x, d in zip(frame["x"], frame["d"], strict=True)]
    assert frame["x"].dtype == pl.Date and set(gaps) == set(range(1, 15))


@pytest.mark.parametrize(
    ("expression", "data_type", "dtype", "low", "high"),
    [
        ("dateadd(second, uniform(60, 5400, random()), ts)", "TIMESTAMP", pl.Datetime("us"), 60, 5400),
        ("dateadd(minute, uniform(1, 90, random()), ts)", "TIMESTAMPTZ", pl.Datetime("us", "UTC"), 60, 5400),
        ("ts + uniform(1, 3, random()) * interval '1 hour'", "TIMESTAMP", pl.Datetime("us"), 3600, 10800),
        ("dateadd(day, uniform(1, 3, random()), ts)", "TIMESTAMP", pl.Datetime("us"), 86400, 3 * 86400),
    ],
)
def test_a_timestamp_is_followed_by_another(expression: str, data_type: str, dtype: object, low: int, high: int):
    frame = frame_of(table_with(data_type=data_type, expression=expression), "t", 500)
    assert frame["x"].dtype == dtype
    gaps = (frame["x"].dt.replace_time_zone(None) - frame["ts"]).dt.total_seconds()
    assert low <= gaps.min() and gaps.max() <= high and gaps.n_unique() > 2


def test_a_date_moved_by_months_or_seconds():
    moved = derived("dateadd(month, uniform(1, 6, random()), date '2024-01-31')", "DATE")
    assert {day.month for day in moved} == {2, 3, 4, 5, 6, 7} and date(2024, 2, 29) in moved
    early = derived("dateadd(second, uniform(0, 9, random()), date '2024-01-31')", "TIMESTAMP")
    assert {moment.second for moment in early} == set(range(10))


def test_a_decimal_is_rounded_to_its_scale():
    expression = "round(price * uniform(0.60, 1.00, random()), 2)"
    frame = frame_of(table_with(data_type="DECIMAL(8,2)", expression=expression), "t", 900)
    shares = [x / price for x, price in zip(frame["x"], frame["price"], strict=True)]
    assert frame["x"].dtype == pl.Decimal(8, 2)
    assert Decimal("0.59") < min(shares) < Decimal("0.62") and Decimal("0.98") < max(shares) <= Decimal("1.01")


def test_normal_has_its_mean_and_deviation_by_row():
    drawn = derived("normal(100, 15, random())", "DOUBLE", rows=5000)
    assert 99 < mean(drawn) < 101 and 14.5 < pstdev(drawn) < 15.5
    assert set(derived("normal(qty, 0, random()) - qty", "DOUBLE")) == {0.0}


def test_zipf_counts_from_1_and_prefers_it():
    counts = Counter(derived("zipf(1.2, 10, random())", "INT", rows=3000))
    assert sorted(counts) == list(range(1, 11)) and counts[1] > counts[2] > counts[5] > counts[10]


def test_the_row_number_makes_a_calendar():
    days = derived("date '2015-01-01' + seq4()", "DATE", rows=1000)
    assert days == [date(2015, 1, 1) + timedelta(days=index) for index in range(1000)]
    assert derived("seq8() * 10 + 1", "BIGINT", rows=4) == [1, 11, 21, 31]


@pytest.mark.parametrize(
    ("expression", "start"),
    [
        ("uniform(1, 9)", "t.x: UNIFORM takes 3 arguments, not 2"),
        ("uniform(1, 9, qty)", "t.x: UNIFORM: its last argument must be RANDOM() (character 1). For example"),
        ("uniform(9, 1, random())", "t.x: UNIFORM: the lower bound is above the upper bound (character 1). Swap them."),
        ("uniform(qty, 3, random())", "t.x: UNIFORM(qty, 3, RANDOM()) has a lower bound above its upper bound in some"),
        ("uniform(f, 3, random())", "t.x: UNIFORM(f, 3, RANDOM()) has a lower bound above its upper bound in some"),
        ("uniform(d, 3, random())", "t.x: UNIFORM: d is a date, not a number"),
        ("normal(0, -1, random())", "t.x: NORMAL(0, -1, RANDOM()) has a negative standard deviation in some rows."),
        ("random(qty)", "t.x: RANDOM: the seed must be a literal whole number"),
        ("zipf(-1, 5, random())", "t.x: ZIPF: the exponent must be a literal number of 0 or more"),
        ("seq4(2)", "t.x: SEQ4: the argument must be a literal whole number from 0 to 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused(expression: str, start: str):
    assert problem_of(expression).startswith(start)


def test_too_many_numbers_between_bounds_are_refused():
    with pytest.raises(RuleError, match="too many numbers between the bounds"):
        derived("uniform(0, 99999999999999999999, random())", "DECIMAL(38,0)")
