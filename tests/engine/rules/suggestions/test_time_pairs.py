"""Moments in the order of their names, in every type and style of name."""

from datetime import date, time, timedelta
from itertools import pairwise

import polars as pl
import pytest

from tests.engine.rules.suggestions.building import imported, reason_of, rows_of


def are_in_order(frame: pl.DataFrame, names: list[str]) -> bool:
    return all(frame.select((pl.col(a) <= pl.col(b)).all()).item() for a, b in pairwise(names))


@pytest.mark.parametrize(
    ("names", "data_type"),
    [
        (["check_in", "check_out"], "date"),
        (["startdate", "enddate"], "date"),
        (["effectiveDate", "expirationDate"], "date"),
        (["l_shipdate", "l_receiptdate"], "date"),
        (["tpep_pickup_datetime", "tpep_dropoff_datetime"], "timestamp"),
        (["order_ts", "ship_ts", "delivery_ts"], "timestamptz"),
        (["requested_at", "accepted_at", "picked_up_at", "delivered_at"], "timestamp"),
        (["sent_at", "delivered_at", "opened_at", "clicked_at"], "timestamp"),
        (["sys_created_at", "sys_updated_at"], "timestamp"),
        (["trade_date", "settlement_date"], "date"),
        (["disbursed_on", "matures_on"], "date"),
        (["hire_date", "termination_date"], "date"),
        (["dob", "hired_on", "deceased_date"], "date"),
        (["admit_date", "discharge_date"], "date"),
        (["first_seen", "last_seen"], "timestamp"),
        (["event_time", "received_at", "ingested_at", "loaded_at"], "timestamp"),
        (["scheduled_departure", "actual_departure"], "timestamp"),
        (["valid_from", "valid_thru"], "timestamp"),
        (["shift_start", "shift_end"], "time"),
        (["started_at_ms", "ended_at_ms"], "bigint"),
        (["order_date_key", "ship_date_key"], "int"),
        (["start_date", "end_date"], "varchar(10)"),
        (["issue_dt", "maturity_dt"], "date"),
    ],
)
def test_the_later_follows_the_earlier(names: list[str], data_type: str):
    columns = ", ".join(f"{name} {data_type} not null" for name in reversed(names))
    frame = rows_of(f"create table t (id int not null, {columns})")
    folded = [name.casefold() for name in names]
    assert are_in_order(frame, folded)
    assert frame[folded[-1]].null_count() == 0


def test_gaps_are_those_of_what_the_table_holds():
    frame = rows_of("create table calls (call_start timestamp not null, call_end timestamp not null)", "calls")
    gaps = frame["call_end"] - frame["call_start"]
    assert timedelta(minutes=1) <= gaps.min() and gaps.max() <= timedelta(minutes=90)
    reason = reason_of("create table t (check_in date not null, check_out date not null)", "check_out")
    assert reason == "After check_in, by 1 to 14 days."


def test_a_later_stage_is_missing_with_an_earlier_one():
    frame = rows_of(
        "create table t (ordered_at timestamp not null, shipped_at timestamp, delivered_at timestamp)", rows=900
    )
    assert frame["shipped_at"].null_count() > 0
    assert frame.filter(pl.col("shipped_at").is_null() & pl.col("delivered_at").is_not_null()).is_empty()
    assert frame["delivered_at"].null_count() > frame["shipped_at"].null_count()


def test_a_required_stage_after_an_optional_one_follows_what_there_is():
    frame = rows_of(
        "create table t (ordered_at timestamp not null, shipped_at timestamp, delivered_at timestamp not null)"
    )
    late = frame.filter(pl.col("delivered_at") < pl.coalesce("shipped_at", "ordered_at"))
    assert late.is_empty() and frame["shipped_at"].null_count() > 0


def test_dates_and_timestamps_follow_each_other():
    frame = rows_of("create table t (order_date date not null, shipped_at timestamp not null, due_date date not null)")
    assert (frame["shipped_at"] >= frame["order_date"].cast(pl.Datetime("us"))).all()


def test_stays_begin_and_journeys_end_with_the_arrival():
    columns = "(arrival_date date not null, departure_date date not null)"
    stay = rows_of(f"create table hotel_stays {columns}", "hotel_stays")
    assert (stay["arrival_date"] <= stay["departure_date"]).all()
    flight = rows_of(f"create table flights {columns}", "flights")
    assert (flight["departure_date"] <= flight["arrival_date"]).all()


def test_an_actual_time_follows_its_plan_and_its_own_start():
    names = ["scheduled_departure", "scheduled_arrival", "actual_departure", "actual_arrival"]
    frame = rows_of(f"create table t ({', '.join(f'{name} timestamp not null' for name in names)})")
    assert are_in_order(frame, ["scheduled_departure", "actual_departure", "actual_arrival"])
    assert are_in_order(frame, ["scheduled_departure", "scheduled_arrival", "actual_arrival"])


def test_a_child_follows_its_parent():
    script = """create table orders (order_id int primary key, ordered_at timestamp not null);
    create table payments (id int, order_id int not null references orders(order_id), paid_at timestamp not null);
    create table t (id int, order_id int not null references orders(order_id), shipped_at timestamp not null)"""
    schema = imported(script)
    assert schema.table("t").column("shipped_at").expression.endswith("order_id.ordered_at)")
    assert "order_id.ordered_at" in schema.table("payments").column("paid_at").expression


def test_an_event_is_within_its_session():
    script = """create table sessions (session_id int primary key, session_start timestamp not null,
    session_end timestamp);
    create table t (id int, session_id int not null references sessions(session_id), event_ts timestamp not null)"""
    assert reason_of(script, "event_ts") == "Within session_id.session_start and session_end."
    assert rows_of(script)["event_ts"].null_count() == 0


def test_hours_of_a_shift_stay_within_the_day():
    frame = rows_of("create table shifts (start_time time not null, end_time time not null)", "shifts")
    assert (frame["start_time"] < frame["end_time"]).all() and frame["start_time"].min() >= time(6)


def test_what_the_script_says_stays():
    script = "create table t (check_in date not null, check_out date not null unique)"
    assert imported(script).table("t").column("check_out").expression is None


@pytest.mark.parametrize(
    ("table", "earlier", "later"),
    [
        ("ticket_order", "order_placed_at", "order_delivered_courier_at"),
        ("surgery", "surgery_date", "surgery_end_date"),
        ("bill", "created", "finalized_at"),
        ("bill", "created", "due_date"),
        ("opinion", "opinion_creation_date", "opinion_answer_timestamp"),
    ],
)
def test_what_happens_later_by_its_name_comes_later(table: str, earlier: str, later: str):
    frame = rows_of(f"create table {table} (n int, {earlier} timestamp not null, {later} timestamp not null)", table)
    assert (frame[later] >= frame[earlier]).all()


def test_nobody_is_hired_after_the_last_day_of_the_data():
    script = "create table staff (n int, birth_date date not null, hire_date date not null)"
    frame = rows_of(script, "staff", rows=1000)
    years = (frame["hire_date"] - frame["birth_date"]).dt.total_days() / 365.25
    assert years.min() > 17.9 and years.max() < 46 and frame["hire_date"].max() <= date(2024, 12, 31)


def test_days_told_by_numbers_and_timestamps_keep_their_order():
    script = """create table t (order_date_key int not null, ship_date_key int not null, order_date timestamp,
    ship_date timestamp)"""
    frame = rows_of(script).drop_nulls()
    assert (frame["ship_date"] >= frame["order_date"]).all()
    assert (frame["ship_date"].dt.strftime("%Y%m%d").cast(pl.Int32) == frame["ship_date_key"]).all()
