"""The oracle of `tests/meaning` knows right values from wrong ones: one small table of each for every kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
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
    series = [pl.Series(key, list(values), strict=False).cast(types[key]) for key, (_, values) in cells.items()]
    return read_tables(schema, {name: pl.DataFrame(series)})[0]


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
        ("isin", ("isin",)),
        ("wk_of_yr_nbr", ("week", "of", "year", "nbr")),
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


@pytest.mark.parametrize(
    "name",
    ["price_per_hour", "watt_hour", "d_current_month", "term_month", "last_day", "days", "birthday", "monthly_fee"],
)
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
    "duration_ms": ("1250", "steady"),
    "is_active": ("Y", "maybe"),
    "payload": ('{"a": 1}', "{a"),
    "lat": ("-33.86", "north"),
}


@pytest.mark.parametrize("name", ["energy_rating", "normal_balance", "customer_name", "price_list"])
def test_text_that_stands_for_itself_is_not_cast(name: str):
    assert verdicts("casts", table_of({name: ("VARCHAR(100)", ["A"])})) == {}


@pytest.mark.parametrize("name", CASTS)
def test_casts(name: str):
    right, wrong = CASTS[name]
    assert verdicts("casts", table_of({name: ("VARCHAR(100)", [right, None])})) == {name: True}
    assert verdicts("casts", table_of({name: ("VARCHAR(100)", [right, wrong])})) == {name: False}


def calendar_of(**changes: tuple[str, list[Any]]) -> Table:
    """Return a calendar of four days from Monday the first of January 2024, with columns replaced."""
    cells = {
        "full_date": ("DATE", DAYS),
        "date_key": ("INT", [20240101, 20240102, 20240103, 20240104]),
        "year": ("INT", [2024] * 4),
        "month_name": ("VARCHAR(9)", ["January"] * 4),
        "week_of_year": ("INT", [1] * 4),
        "day_of_week": ("INT", [2, 3, 4, 5]),
        "is_weekend": ("BOOLEAN", [False] * 4),
    }
    return table_of({**cells, **changes}, name="dim_date")


def test_calendars():
    assert verdicts("calendars", calendar_of()) == dict.fromkeys(
        ("full_date", "date_key", "year", "month_name", "week_of_year", "day_of_week", "is_weekend"), True
    )


@pytest.mark.parametrize(
    ("name", "declared", "wrong"),
    [
        ("full_date", "DATE", [DAYS[0], DAYS[1], DAYS[3], DAYS[3]]),
        ("date_key", "INT", [1, 2, 3, 4]),
        ("year", "INT", [2024, 2024, 2024, 2023]),
        ("month_name", "VARCHAR(9)", ["January", "January", "March", "January"]),
        ("week_of_year", "INT", [1, 1, 9, 1]),
        ("day_of_week", "INT", [2, 3, 4, 4]),
        ("is_weekend", "BOOLEAN", [True] * 4),
    ],
)
def test_calendars_with_a_wrong_column(name: str, declared: str, wrong: list[Any]):
    assert verdicts("calendars", calendar_of(**{name: (declared, wrong)}))[name] is False


FORMATS = {
    "event_uuid": ("VARCHAR(40)", "0f8fad5b-d9cb-469f-a165-70867728950e", "brave snow"),
    "order_id": ("CHAR(36)", "0f8fad5b-d9cb-469f-a165-70867728950e", "brave snow"),
    "email": ("VARCHAR(40)", "ann@example.com", "ann@example"),
    "home_phone": ("VARCHAR(20)", "+1 (555) 010-9999 x12", "555-01"),
    "profile_url": ("VARCHAR(80)", "https://example.com/a?b=1", "south drift"),
    "client_ip": ("VARCHAR(45)", "192.0.2.1", "192.0.2.999"),
    "row_md5": ("CHAR(32)", "d41d8cd98f00b204e9800998ecf8427e", "d41d8cd98f"),
    "customer_hk": ("VARCHAR(64)", "ab" * 32, "south drift"),
    "country_code": ("CHAR(2)", "DE", "XX"),
    "currency": ("CHAR(3)", "EUR", "eu "),
    "postal_code": ("VARCHAR(10)", "SW1A 1AA", "drift"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_formats(name: str):
    declared, right, wrong = FORMATS[name]
    assert verdicts("formats", table_of({name: (declared, [right, None])})) == {name: True}
    assert verdicts("formats", table_of({name: (declared, [right, wrong])})) == {name: False}


def test_unique_formats():
    ids = [f"0f8fad5b-d9cb-469f-a165-70867728950{digit}" for digit in "ab"]
    for values, is_right in ((ids, True), ([ids[0], ids[0]], False), ([ids[0], "jade swift.4"], False)):
        table = table_of({"order_id": ("VARCHAR(36)", values)}, primary_key=["order_id"])
        assert verdicts("unique formats", table) == {"order_id": is_right}


CUT = {
    "country": ("VARCHAR(10)", ["Chad", "Costa Rica"], ["Chad", "United Sta"]),
    "state": ("VARCHAR(8)", ["Virginia", "TX"], ["New Hamp", "North Da"]),
    "job_title": ("VARCHAR(12)", ["Engineer", "Clerk"], ["Engineer", "Clinical bio"]),
    "month_name": ("VARCHAR(3)", ["Jan", "Sep"], ["Jan "[:3], "Ma "]),
    "email": ("VARCHAR(16)", ["ann@example.com", "jo12@example.com"], ["jonathan12@examp", "ann@example.com"]),
}


@pytest.mark.parametrize("name", CUT)
def test_cut_words(name: str):
    declared, right, wrong = CUT[name]
    assert verdicts("cut words", table_of({name: (declared, right)})) == {name: True}
    assert verdicts("cut words", table_of({name: (declared, wrong)})) == {name: False}


FRACTIONS = {
    "l_discount": ("DECIMAL(12,2)", [0, 0.1], [0, 200]),
    "tax_rate": ("DECIMAL(5,4)", [0, 0.21], [0.2, -0.2]),
    "margin_pct": ("DECIMAL(5,2)", [-10, 45], [0, 900]),
    "click_through_rate": ("FLOAT", [0, 0.02], [0, 5000]),
    "market_share": ("FLOAT", [0, 0.4], [0, 4]),
}


@pytest.mark.parametrize("name", FRACTIONS)
def test_fractions(name: str):
    declared, right, wrong = FRACTIONS[name]
    assert verdicts("fractions", table_of({name: (declared, right)})) == {name: True}
    assert verdicts("fractions", table_of({name: (declared, wrong)})) == {name: False}


@pytest.mark.parametrize(
    "name", ["exchange_rate", "heart_rate", "room_rate", "discount_amount", "shares", "share_price"]
)
def test_a_rate_that_is_no_fraction_is_not_judged(name: str):
    assert verdicts("fractions", table_of({name: ("DECIMAL(12,2)", [140])})) == {}


def test_amounts_are_skewed():
    skewed = [1.01**step for step in range(500)]
    uniform = [float(step) for step in range(500)]
    assert [found.is_right for found in KINDS["amounts"]([table_of({"amount": ("FLOAT", skewed)})])] == [True, True]
    assert [found.is_right for found in KINDS["amounts"]([table_of({"amount": ("FLOAT", uniform)})])] == [True, False]


def test_amounts_are_not_below_zero_except_where_they_may_be():
    assert verdicts("amounts", table_of({"sale_price": ("FLOAT", [-1.0])})) == {"sale_price": False}
    assert verdicts("amounts", table_of({"adjustment_amount": ("FLOAT", [-1.0])})) == {}


def test_amounts_of_a_line():
    line = {"quantity": ("INT", [2]), "unit_price": ("FLOAT", [10.0]), "discount": ("FLOAT", [0.1])}
    names = "line_total,quantity,unit_price,discount"
    assert verdicts("amounts", table_of({**line, "line_total": ("FLOAT", [18.0])}))[names]
    assert not verdicts("amounts", table_of({**line, "line_total": ("FLOAT", [614.0])}))[names]


def test_amounts_extended_by_quantity():
    line = {"ss_quantity": ("INT", [3]), "ss_list_price": ("FLOAT", [2.0]), "ss_ext_list_price": ("FLOAT", [6.0])}
    assert verdicts("amounts", table_of(line))["ss_ext_list_price,ss_quantity,ss_list_price"]
    wrong = table_of({**line, "ss_ext_list_price": ("FLOAT", [7.0])})
    assert not verdicts("amounts", wrong)["ss_ext_list_price,ss_quantity,ss_list_price"]


def details_of(orders: list[int], lines: list[int], line: str) -> Table:
    return table_of({"order_no": ("INT", orders), line: ("INT", lines)}, primary_key=["order_no", line])


def test_keys_of_lines():
    orders, lines = [n // 3 for n in range(60)], [n % 3 + 1 for n in range(60)]
    assert verdicts("keys", details_of(orders, lines, "line_number")) == {"order_no,line_number": True}
    assert verdicts("keys", details_of(list(range(60)), lines, "line_number")) == {"order_no,line_number": False}
    assert verdicts("keys", details_of(orders, list(range(60)), "line_number")) == {"order_no,line_number": False}


def test_keys_of_items():
    orders, items = [n // 3 for n in range(60)], [n * 7 % 60 for n in range(60)]
    assert verdicts("keys", details_of(orders, items, "item_sk")) == {"order_no,item_sk": True}
    assert verdicts("keys", details_of([0] * 200, list(range(200)), "item_sk")) == {"order_no,item_sk": False}


def test_counts_of_a_lookup_and_of_a_fact():
    region = Table("dim_region", ("dim", "region"), (), count=5, has_own_count=True)
    fact = Table("fact_sales", ("fact", "sales"), (), parents=("dim_region",), count=1000, has_own_count=True)
    assert [found.is_right for found in KINDS["counts"]([region, fact])] == [True, True]
    large = replace(region, count=5000)
    assert [found.is_right for found in KINDS["counts"]([large, fact])] == [False, False]
    assert list(KINDS["counts"]([replace(large, has_own_count=False), fact])) == []


def test_hash_keys_of_a_hub():
    hub = table_of({"customer_hk": ("CHAR(32)", ["a", "b"])}, "hub_customer", ["customer_hk"])
    right = table_of({"customer_hk": ("CHAR(32)", ["b", "b"]), "load_date": ("DATE", EARLY)}, "sat_customer")
    wrong = table_of({"customer_hk": ("CHAR(32)", ["b", "c"]), "load_date": ("DATE", EARLY)}, "sat_customer")
    assert verdicts("hash keys", hub, right) == {"customer_hk": True}
    assert verdicts("hash keys", hub, wrong) == {"customer_hk": False}


PLACES = [
    ({"lat": ("FLOAT", [91.0])}, {"lat": ("FLOAT", [-33.9])}),
    ({"longitude": ("FLOAT", [181.0])}, {"longitude": ("FLOAT", [151.2])}),
    (
        {"billing_state": ("CHAR(2)", ["TX"]), "billing_zip": ("CHAR(5)", ["10001"])},
        {"billing_state": ("CHAR(2)", ["NY"]), "billing_zip": ("CHAR(5)", ["10001"])},
    ),
    (
        {"state": ("VARCHAR(20)", ["Texas"]), "country": ("VARCHAR(20)", ["France"])},
        {"state": ("VARCHAR(20)", ["Texas"]), "country": ("VARCHAR(20)", ["United States"])},
    ),
    (
        {"country_code": ("CHAR(2)", ["JP"]), "currency": ("CHAR(3)", ["USD"])},
        {"country_code": ("CHAR(2)", ["JP"]), "currency": ("CHAR(3)", ["JPY"])},
    ),
    (
        {"country": ("CHAR(2)", ["DE"]), "lat": ("FLOAT", [4.0]), "lon": ("FLOAT", [13.4])},
        {"country": ("CHAR(2)", ["DE"]), "lat": ("FLOAT", [52.5]), "lon": ("FLOAT", [13.4])},
    ),
]


@pytest.mark.parametrize(("wrong", "right"), PLACES, ids=["-".join(right) for _, right in PLACES])
def test_places(wrong: Cells, right: Cells):
    names = ",".join(right)
    assert verdicts("places", table_of(right))[names] is True
    assert verdicts("places", table_of(wrong))[names] is False


def test_states_of_an_order_are_only_of_a_status():
    assert verdicts("states", table_of({"education": ("VARCHAR(20)", ["Bachelor"])})) == {"education": True}
    assert verdicts("states", table_of({"cabin_class": ("VARCHAR(20)", ["pending"])})) == {"cabin_class": False}
    assert verdicts("states", table_of({"order_status": ("VARCHAR(20)", ["pending"])})) == {}


def test_codes_are_no_words():
    assert verdicts("codes", table_of({"promo_code": ("VARCHAR(20)", ["SPRING-24", "AB12"])})) == {"promo_code": True}
    assert verdicts("codes", table_of({"promo_code": ("VARCHAR(20)", ["flint grass"])})) == {"promo_code": False}


def test_guests_arrive_before_they_leave_and_flights_depart_before_they_arrive():
    stay = {"arrivalDate": ("DATE", EARLY), "departureDate": ("DATE", LATE)}
    assert verdicts("order", table_of(stay, name="flights")) == {"departureDate,arrivalDate": False}
    assert verdicts("order", table_of({**stay, "nights": ("INT", [2, 2])})) == {"arrivalDate,departureDate": True}


def test_a_code_of_a_few_words_is_right():
    modes = {"mode_code": ("VARCHAR(8)", ["road", "rail"] * 100)}
    assert verdicts("codes", table_of(modes)) == {"mode_code": True}
