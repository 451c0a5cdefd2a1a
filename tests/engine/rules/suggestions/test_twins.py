"""One moment in two columns, flags, states, ages and durations that agree with it."""

from datetime import date

import polars as pl
import pytest

from tests.engine.rules.suggestions.building import reason_of, rows_of


@pytest.mark.parametrize(
    ("twin", "expected"),
    [
        ("order_date date not null", pl.col("ordered_at").dt.date()),
        ("order_epoch_ms bigint not null", pl.col("ordered_at").dt.epoch("ms")),
        ("order_date_key int not null", pl.col("ordered_at").dt.strftime("%Y%m%d").cast(pl.Int32)),
        ("order_date varchar(10) not null", pl.col("ordered_at").dt.strftime("%Y-%m-%d")),
        ("ordered_on date", pl.col("ordered_at").dt.date()),
    ],
)
def test_a_twin_is_computed(twin: str, expected: pl.Expr):
    frame = rows_of(f"create table t (id int, {twin}, ordered_at timestamp not null)")
    assert frame.select((pl.col(twin.split()[0]) == expected).all()).item()


def test_a_required_date_is_the_day_of_an_optional_timestamp():
    frame = rows_of("create table t (visit_start_date date not null, visit_start_datetime timestamp)")
    known = frame.drop_nulls()
    assert 0 < known.height < frame.height
    assert (known["visit_start_datetime"].dt.date() == known["visit_start_date"]).all()


@pytest.mark.parametrize(
    ("flag", "yes", "no"),
    [
        ("is_deleted boolean not null", True, False),
        ("deleted_flag char(1) not null", "Y", "N"),
        ("isDeleted smallint not null", 1, 0),
        ("deleted boolean not null", True, False),
    ],
)
def test_a_flag_agrees_with_its_moment(flag: str, yes: object, no: object):
    frame = rows_of(f"create table t (id int, {flag}, deleted_at timestamp)")
    name = flag.split()[0].casefold()
    assert set(frame.filter(pl.col("deleted_at").is_null())[name]) == {no}
    assert set(frame.filter(pl.col("deleted_at").is_not_null())[name]) == {yes}


def test_a_version_is_current_while_its_end_is_open():
    frame = rows_of("create table t (valid_from date not null, valid_to date, is_current boolean not null)")
    assert (frame["is_current"] == frame["valid_to"].is_null()).all() and 0.4 < frame["is_current"].mean() < 0.8
    frame = rows_of("create table t (valid_from date not null, valid_to date not null, current_flag char(1) not null)")
    assert set(frame.filter(pl.col("valid_to") == date(9999, 12, 31))["current_flag"]) == {"Y"}
    assert set(frame.filter(pl.col("valid_to") < date(9999, 12, 31))["current_flag"]) == {"N"}


def test_a_status_is_the_last_stage_reached():
    script = """create table t (id int, opened_at timestamp not null, resolved_at timestamp, closed_at timestamp,
    status varchar(20) not null)"""
    frame = rows_of(script, rows=500)
    assert set(frame.filter(pl.col("closed_at").is_not_null())["status"]) == {"closed"}
    assert set(frame.filter(pl.col("resolved_at").is_null())["status"]) == {"open"}
    assert reason_of(script, "status") == "Agrees with closed_at, resolved_at."


def test_an_age_is_that_of_the_birth_date():
    frame = rows_of("create table t (id int, age int not null, birth_date date not null)")
    assert (frame["age"] == 2024 - frame["birth_date"].dt.year()).all() and frame["age"].min() >= 18


@pytest.mark.parametrize(
    ("duration", "unit"),
    [
        ("duration_seconds int", 1), ("trip_duration int", 1), ("duration_minutes int", 60),
        ("total_hours decimal(8,2)", 3600),
    ],
)  # fmt: skip
def test_a_duration_is_from_start_to_end(duration: str, unit: int):
    frame = rows_of(f"create table t (started_at timestamp not null, ended_at timestamp not null, {duration} not null)")
    seconds = (frame["ended_at"] - frame["started_at"]).dt.total_seconds()
    assert ((frame[duration.split()[0]].cast(pl.Float64) - seconds / unit).abs() < 1).all()


def test_nights_are_the_days_between():
    frame = rows_of("create table t (check_in date not null, check_out date not null, nights int not null)")
    assert ((frame["check_out"] - frame["check_in"]).dt.total_days() == frame["nights"]).all()


def test_a_date_and_a_datetime_named_like_their_table_are_one_moment():
    script = "create table specimen (n int, specimen_date date not null, specimen_datetime timestamp not null)"
    frame = rows_of(script, "specimen")
    assert (frame["specimen_datetime"].dt.date() == frame["specimen_date"]).all()
