"""The oracle of `tests/meaning` knows right values from wrong ones: one small table of each for every kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import polars as pl
import pytest

from engine import ExperimentSchema
from tests.meaning.oracle import KINDS
from tests.meaning.oracle.names import prefix_of, words_of
from tests.meaning.oracle.reading import Table, read_tables

Cells = Mapping[str, tuple[str, Sequence[Any]]]


def table_of(cells: Cells, name: str = "t", primary_key: Sequence[str] = ()) -> Table:
    """Return a table of columns by name, each a declared type and its values."""
    columns = [{"name": key, "data_type": declared} for key, (declared, _) in cells.items()]
    schema = ExperimentSchema.model_validate(
        {"name": "x", "tables": [{"name": name, "columns": columns, "primary_key": list(primary_key)}]}
    )
    types = {column.name: column.type.polars for column in schema.tables[0].columns}
    frame = pl.DataFrame({key: list(values) for key, (_, values) in cells.items()}, schema=types)
    return read_tables(schema, {name: frame})[0]


def verdicts(kind: str, *tables: Table) -> dict[str, bool]:
    """Return whether the columns of each judgement are right, by their names."""
    return {",".join(found.columns): found.is_right for found in KINDS[kind](tables)}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ORDER_DATE", ("order", "date")),
        ("orderDate", ("order", "date")),
        ("orderdate", ("order", "date")),
        ("calendaryear", ("calendar", "year")),
        ("customerID", ("customer", "id")),
        ("visit_start_datetime", ("visit", "start", "datetime")),
        ("row_md5", ("row", "md5")),
        ("Is-Deleted", ("is", "deleted")),
        ("barometer", ("barometer",)),
    ],
)
def test_a_name_is_split_into_its_words(name: str, words: tuple[str, ...]):
    assert words_of(name) == words


def test_a_short_word_before_most_names_is_a_prefix():
    assert prefix_of(["l_orderkey", "l_shipdate", "l_tax"]) == "l"
    assert prefix_of(["order_id", "order_date", "order_total"]) is None


PARTS = {
    "d_year": ("INT", [1999, 2024], [25, 804]),
    "calendaryear": ("INT", [2020, 2021], [212, 434]),
    "qtr": ("INT", [1, 4], [1, 804]),
    "month_of_year": ("SMALLINT", [1, 12], [0, 13]),
    "month_name": ("VARCHAR(9)", ["March", "May"], ["VW", "QA"]),
    "DAY_NAME": ("VARCHAR(3)", ["Mon", "Tue"], ["Mon", "ZZ"]),
    "dayOfWeek": ("INT", [0, 7], [1, 8]),
    "hour_of_day": ("INT", [0, 23], [0, 24]),
    "date_key": ("INT", [20240131, 20240229], [20240131, 20240230]),
    "fiscal_quarter": ("VARCHAR(10)", ["Q1", "2024-Q3"], ["Q1", "south"]),
}


@pytest.mark.parametrize("name", PARTS)
def test_parts_of_dates(name: str):
    declared, right, wrong = PARTS[name]
    assert verdicts("parts of dates", table_of({name: (declared, right)})) == {name: True}
    assert verdicts("parts of dates", table_of({name: (declared, wrong)})) == {name: False}


@pytest.mark.parametrize("name", ["price_per_hour", "watt_hour", "last_day", "days", "birthday", "monthly_fee"])
def test_a_unit_or_a_point_in_time_is_no_part_of_a_date(name: str):
    assert verdicts("parts of dates", table_of({name: ("INT", [5000])})) == {}


DAYS = [date(2024, 1, 1) + timedelta(days) for days in range(4)]
MOMENTS = [datetime(2024, 1, 1, 12) + timedelta(days) for days in range(4)]
EARLY, LATE = DAYS[:2], DAYS[2:]

PAIRS = [
    ("check_in", "check_out"),
    ("startdate", "enddate"),
    ("validFrom", "validTo"),
    ("EFFECTIVE_DATE", "EXPIRATION_DATE"),
    ("issue_date", "due_date"),
    ("visit_start_date", "visit_end_date"),
    ("l_shipdate", "l_receiptdate"),
    ("hire_date", "termination_date"),
]


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_order_of_dates(pair: tuple[str, str]):
    first, second = pair
    assert verdicts("order", table_of({first: ("DATE", EARLY), second: ("DATE", LATE)})) == {f"{first},{second}": True}
    wrong = table_of({first: ("DATE", LATE), second: ("DATE", EARLY)})
    assert verdicts("order", wrong) == {f"{first},{second}": False}


def test_order_of_a_chain_with_a_missing_last_stage():
    names = ("requested_at", "accepted_at", "picked_up_at", "delivered_at")
    steps = {name: ("TIMESTAMP", [MOMENTS[at], None]) for at, name in enumerate(names)}
    found = verdicts("order", table_of(steps))
    assert found == dict.fromkeys([f"{a},{b}" for a, b in pairwise(names)], True)


def test_order_of_events_with_different_stems_is_not_judged():
    assert verdicts("order", table_of({"trial_start": ("DATE", LATE), "visit_end": ("DATE", EARLY)})) == {}


def test_order_of_numbers():
    right = {
        "min_price": ("INT", [1]),
        "max_price": ("INT", [2]),
        "unit_cost": ("INT", [3]),
        "unit_price": ("INT", [4]),
    }
    assert set(verdicts("order", table_of(right)).values()) == {True}
    wrong = {
        "min_price": ("INT", [2]),
        "max_price": ("INT", [1]),
        "unit_cost": ("INT", [4]),
        "unit_price": ("INT", [3]),
    }
    assert set(verdicts("order", table_of(wrong)).values()) == {False}


def test_order_of_a_bar():
    bar = {"open": ("INT", [2, 3]), "high": ("INT", [5, 5]), "low": ("INT", [1, 2]), "close": ("INT", [3, 2])}
    assert verdicts("order", table_of(bar))["open,high,low,close"]
    assert not verdicts("order", table_of({**bar, "close": ("INT", [3, 9])}))["open,high,low,close"]


def test_net_and_tax_make_the_gross():
    right = {"net": ("INT", [10]), "tax": ("INT", [2]), "gross": ("INT", [12])}
    assert verdicts("order", table_of(right))["net,tax,gross"]
    assert not verdicts("order", table_of({**right, "gross": ("INT", [13])}))["net,tax,gross"]


def test_twins_of_a_date_and_its_timestamp():
    pair = {"order_date": ("DATE", DAYS), "ordr_ts": ("TIMESTAMP", MOMENTS), "order_timestamp": ("TIMESTAMP", MOMENTS)}
    assert verdicts("twins", table_of(pair)) == {"order_date,order_timestamp": True}
    assert not verdicts("twins", table_of({**pair, "order_date": ("DATE", DAYS[::-1])}))["order_date,order_timestamp"]


def test_twins_of_a_flag_and_its_date():
    deleted = ("TIMESTAMP", [None, MOMENTS[0]])
    right = table_of({"is_deleted": ("BOOLEAN", [False, True]), "deleted_at": deleted})
    wrong = table_of({"is_deleted": ("BOOLEAN", [True, True]), "deleted_at": deleted})
    assert verdicts("twins", right) == {"is_deleted,deleted_at": True}
    assert verdicts("twins", wrong) == {"is_deleted,deleted_at": False}


def test_twins_of_a_current_version_and_its_open_end():
    ends = ("DATE", [DAYS[0], date(9999, 12, 31), None])
    right = table_of({"current_flag": ("CHAR(1)", ["N", "Y", "Y"]), "valid_to": ends})
    wrong = table_of({"current_flag": ("CHAR(1)", ["Y", "Y", "N"]), "valid_to": ends})
    assert verdicts("twins", right) == {"current_flag,valid_to": True}
    assert verdicts("twins", wrong) == {"current_flag,valid_to": False}


def test_twins_of_an_age_and_a_birth_date():
    births = ("DATE", [date(1990, 5, 1), date(1960, 5, 1)])
    assert verdicts("twins", table_of({"age": ("INT", [35, 65]), "birth_date": births})) == {"age,birth_date": True}
    assert verdicts("twins", table_of({"age": ("INT", [35, 20]), "birth_date": births})) == {"age,birth_date": False}


CASTS = {
    "amount": ("12.50", "south drift steady"),
    "order_qty": ("3", "-3"),
    "order_date": ("2024-01-31", "2024-13-31"),
    "event_ts": ("2024-01-31T10:00:00Z", "yesterday"),
    "updated_ms": ("1706695200000", "12.5"),
    "is_active": ("Y", "maybe"),
    "payload": ('{"a": 1}', "{a"),
    "lat": ("-33.86", "north"),
}


@pytest.mark.parametrize("name", CASTS)
def test_casts(name: str):
    right, wrong = CASTS[name]
    assert verdicts("casts", table_of({name: ("VARCHAR(100)", [right, None])})) == {name: True}
    assert verdicts("casts", table_of({name: ("VARCHAR(100)", [right, wrong])})) == {name: False}
