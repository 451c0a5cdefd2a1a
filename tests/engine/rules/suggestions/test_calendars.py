"""Calendars: consecutive days, months or times, and parts of dates in any table."""

from datetime import date

import polars as pl
import pytest

from engine.rules.suggestions.date_part_names import part_of_name
from tests.engine.rules.suggestions.building import imported, rows_of


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("d_moy", "month"), ("calendaryear", "year"), ("WeekOfYear", "week"), ("day_num_in_month", "day"),
        ("dayOfWeekName", "weekdayname"), ("month_abbr", "monthshort"), ("is_last_day_of_month", "ismonthend"),
        ("d_qoy", "quarter"), ("fiscal_qtr", "fiscalquarter"), ("last_day_of_quarter", "quarterend"),
        ("same_day_last_year", "lastyear"), ("isWeekend", "isweekend"), ("yyyymm", "yearmonth"),
        ("month_end_date", "monthend"),
    ],
)  # fmt: skip
def test_names_of_parts(name: str, part: str):
    assert part_of_name(name) == (part, ())


def test_the_subject_of_a_part():
    assert part_of_name("order_month") == ("month", ("order",))
    assert part_of_name("year_of_birth") == ("year", ("birth",))
    assert part_of_name("city") is None


CALENDAR = """create table dim_date (date_key int primary key, full_date date not null, year int not null,
quarter_name varchar(2) not null, month_name varchar(9) not null, month_abbr char(3) not null, day_of_week int not null,
day_name varchar(10) not null, week_of_year int not null, is_weekend boolean not null, weekend_flag char(1) not null,
last_day_of_month date not null, same_day_last_year date not null, month_year varchar(8) not null,
is_leap_year int not null)"""


def test_a_calendar_has_consecutive_days_and_their_parts():
    frame = rows_of(CALENDAR, "dim_date", rows=800)
    day = pl.col("full_date")
    assert frame["full_date"][0] == date(2020, 1, 1) and set(
        frame["full_date"].diff().drop_nulls().dt.total_days()
    ) == {1}
    expected = {
        "date_key": day.dt.strftime("%Y%m%d").cast(pl.Int32), "year": day.dt.year(),
        "quarter_name": pl.format("Q{}", day.dt.quarter()), "month_name": day.dt.strftime("%B"),
        "month_abbr": day.dt.strftime("%b"), "day_of_week": day.dt.weekday(), "day_name": day.dt.strftime("%A"),
        "week_of_year": day.dt.week(), "is_weekend": day.dt.weekday() > 5,
        "weekend_flag": pl.when(day.dt.weekday() > 5).then(pl.lit("Y")).otherwise(pl.lit("N")),
        "last_day_of_month": day.dt.month_end(), "same_day_last_year": day.dt.offset_by("-1y"),
        "month_year": day.dt.strftime("%b %Y"), "is_leap_year": day.dt.is_leap_year().cast(pl.Int32),
    }  # fmt: skip
    wrong = [name for name, sql in expected.items() if not frame.select((pl.col(name) == sql).all()).item()]
    assert wrong == []


def test_a_date_as_text_and_a_table_of_months():
    frame = rows_of("create table calendar (d_date varchar(10) not null, calendaryear int, calendarmonth int,"
                    " monthname text)",
                    "calendar", rows=40)  # fmt: skip
    assert frame["d_date"][:2].to_list() == ["2020-01-01", "2020-01-02"] and frame["calendarmonth"][31] == 2
    months = rows_of("create table dim_month (month_id int primary key, year int, month int, month_end_date date)",
                     "dim_month", rows=14)  # fmt: skip
    assert months["year"][12] == 2021 and months["month_end_date"][1] == date(2020, 2, 29)


def test_times_of_day():
    script = """create table dim_time (time_key int primary key, hour int not null, minute int not null,
    am_pm char(2) not null, part_of_day varchar(10) not null)"""
    frame = rows_of(script, "dim_time", rows=1000)
    assert (frame["hour"] * 60 + frame["minute"]).to_list() == list(range(1000))
    assert (frame["am_pm"] == pl.Series(["AM" if hour < 12 else "PM" for hour in frame["hour"]])).all()


def test_parts_outside_calendars():
    script = """create table t (id int, order_date date not null, order_year int not null,
    order_month varchar(7) not null, is_weekend boolean not null, pickup_ts timestamp not null,
    pickup_hour int not null)"""
    frame = rows_of(script)
    assert (frame["order_year"] == frame["order_date"].dt.year()).all()
    assert (frame["order_month"] == frame["order_date"].dt.strftime("%Y-%m")).all()
    assert (frame["pickup_hour"] == frame["pickup_ts"].dt.hour()).all()


def test_a_year_that_is_no_part_of_a_date_of_the_table():
    schema = imported("create table cars (id int, model_year int, year int, created_at timestamp not null)")
    assert "created_at" not in (schema.table("cars").column("year").expression or "")


def test_parts_of_a_birth():
    frame = rows_of("create table t (id int, year_of_birth int not null, month_of_birth int,"
                    " birth_datetime timestamp)")  # fmt: skip
    assert (frame["year_of_birth"] == frame["birth_datetime"].dt.year()).all() and frame["year_of_birth"].max() <= 2006
