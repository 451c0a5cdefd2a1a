"""Words, names and codes of a subject: by the column's name, its table's, and the column's length."""

import re

import pytest

from engine.rules.suggestions.known_words import VOCABULARIES
from engine.rules.suggestions.text_names import text_names
from engine.rules.text.pattern import parse_pattern
from tests.engine.rules.suggestions.building import imported, reason_of, rows_of


@pytest.mark.parametrize(
    ("table", "name", "kind", "value"),
    [
        ("restaurants", "cuisine", "VARCHAR(20)", "Italian"),
        ("shipments", "ship_mode", "CHAR(10)", "TRUCK"),
        ("logs", "log_level", "VARCHAR(5)", "INFO"),
        ("requests", "http_method", "VARCHAR(10)", "GET"),
        ("contacts", "title", "VARCHAR(80)", "Software Engineer"),
        ("members", "education", "VARCHAR(20)", "High school"),
        ("listing", "mic", "CHAR(4)", "XNYS"),
        ("stock", "ticker", "VARCHAR(6)", "AAPL"),
        ("claim", "icd10_cd", "VARCHAR(8)", "I10"),
        ("claim", "gender_cd", "CHAR(1)", "F"),
        ("person", "gender_source_value", "VARCHAR(6)", "Female"),
        ("vehicle", "fueltype", "VARCHAR(10)", "diesel"),
        ("meter", "fuel", "VARCHAR(4)", "GAS"),
        ("player", "devicemodel", "VARCHAR(60)", "iPhone 15"),
        ("lines", "return_flag", "CHAR(1)", "N"),
        ("member", "active_flg", "CHAR(1)", "Y"),
        ("tbl_claim", "flg_final", "CHAR(1)", "Y"),
        ("orders", "currency_code", "CHAR(3)", "USD"),
        ("flights", "cabin_class", "CHAR(1)", "Y"),
        ("hotel", "roomtype", "VARCHAR(40)", "Twin Room"),
    ],
)
def test_values_of_a_subject_fit_their_column(table, name, kind, value):
    column = imported(f"create table {table} (a int, {name} {kind})").tables[0].columns[1]
    assert value in column.values
    assert column.suggested and max(map(len, column.values)) <= column.type.length


@pytest.mark.parametrize(
    ("table", "name", "kind", "form"),
    [
        ("flights", "flight_no", "VARCHAR(7)", r"[A-Z]{2}\d{3}"),
        ("trade", "isin", "CHAR(12)", r"US\d{10}"),
        ("parcel", "tracking_no", "VARCHAR(20)", r"1Z\d{6}[A-Z]{4}\d{6}"),
        ("shipment", "container_no", "CHAR(11)", r"[A-Z]{4}\d{7}"),
        ("card", "last4", "CHAR(4)", r"\d{4}"),
        ("seats", "seat_number", "VARCHAR(3)", r"\d\d[A-Z]"),
        ("house", "house_number", "VARCHAR(6)", r"\d{3}"),
        ("car", "plate_no", "VARCHAR(10)", r"[A-Z]{3}-\d{4}"),
    ],
)
def test_codes_have_the_form_of_their_subject(table, name, kind, form):
    frame = rows_of(f"create table {table} (a int, {name} {kind} not null)", table, 50)
    assert all(re.fullmatch(form, value) for value in frame[name])


@pytest.mark.parametrize("name", ["nm_product", "product_nm", "prod_name", "productname", "itemname"])
def test_products_have_names_of_goods_in_any_style(name):
    frame = rows_of(f"create table t (a int, {name} varchar(80) not null)")
    assert frame[name].n_unique() > 200
    assert all(len(value.split()) >= 3 and value[0].isupper() for value in frame[name])


def test_a_short_column_gets_short_names():
    frame = rows_of("create table t (a int, product_name varchar(14) not null)")
    assert frame[0, "product_name"] and frame["product_name"].str.len_chars().max() <= 14
    assert frame["product_name"].n_unique() > 50


def test_the_subject_of_the_table_decides():
    script = "create table {} (a int, item_name varchar(80) not null)"
    dish, good = (rows_of(script.format(table), table, 20)["item_name"] for table in ("menu_items", "order_items"))
    assert set(dish).isdisjoint(good)


def test_unique_columns_are_codes_and_not_words():
    assert imported("create table t (cuisine varchar(20) primary key)").tables[0].columns[0].values is None


def test_the_reason_names_the_subject():
    assert reason_of("create table t (a int, cuisine varchar(20))", "cuisine") == 'The name "cuisine": a cuisine.'


def test_columns_of_given_rows_go_on_with_their_values():
    script = (
        "create table tier (id int primary key, sla int, note varchar(20)); "
        "insert into tier values (1, 15, 'first'), (2, 60, 'second');"
    )
    table = imported(script).table("tier")
    assert (table.column("sla").values, table.column("note").values) == ([15, 60], ["first", "second"])


def test_keys_are_no_dates():
    script = "create table orders (order_id bigint, order_key varchar(32), order_date_key int, ordered_at timestamp)"
    table = imported(script).table("orders")
    assert not (table.column("order_id").expression or table.column("order_key").expression)
    assert "ordered_at" in table.column("order_date_key").expression


@pytest.mark.parametrize(
    ("name", "table", "expected"),
    [
        ("NM_CITY", "t", ("city", "name")),
        ("driverLicenseNo", "t", ("driver", "license", "number")),
        ("gender_source_value", "person", ("gender",)),
        ("surname", "t", ("surname",)),
        ("c_acct_nbr", "customer", ("account", "number")),
    ],
)
def test_names_in_one_spelling(name, table, expected):
    assert text_names(name, table)[0] == expected


def test_vocabularies_are_sound():
    for vocabulary in VOCABULARIES:
        assert bool(vocabulary.longs) + bool(vocabulary.parts) + bool(vocabulary.patterns) == 1, vocabulary.what
        assert len(set(vocabulary.longs)) == len(vocabulary.longs) > 1 or not vocabulary.longs, vocabulary.what
        lengths = [parse_pattern(pattern).length for pattern in vocabulary.patterns]
        assert lengths == sorted(lengths, reverse=True), vocabulary.what
