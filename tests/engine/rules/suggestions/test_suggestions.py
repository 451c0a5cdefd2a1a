from datetime import date
from decimal import Decimal

import pytest

from engine.rules.name_words import words, words_without_prefix
from engine.rules.rule_checks import check_rules
from engine.rules.suggestions.column_names import suggest
from engine.rules.suggestions.suggestions import with_suggestions
from engine.rules.suggestions.word_lists import TEXTS
from engine.schema.files import read_schema


def suggestion(name, data_type, table="t", **column):
    schema = read_schema(
        {"name": "lab", "tables": [{"name": table, "columns": [{"name": name, "data_type": data_type, **column}]}]}
    )
    return suggest(schema.tables[0], schema.tables[0].columns[0])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ship_to_city", ("ship", "to", "city")),
        ("shipToCity", ("ship", "to", "city")),
        ("SHIP_TO_CITY", ("ship", "to", "city")),
        ("IPAddress", ("ip", "address")),
        ("address2", ("address", "2")),
    ],
)
def test_words(name, expected):
    assert words(name) == expected


@pytest.mark.parametrize(
    ("name", "table", "expected"),
    [
        ("c_phone", "customer", ("phone",)),
        ("ps_comment", "partsupp", ("comment",)),
        ("customer_phone", "customers", ("phone",)),
        ("ca_city", "customer_address", ("city",)),
        ("city_code", "stores", ("city", "code")),
        ("name", "customers", ("name",)),
    ],
)
def test_the_table_prefix_is_removed(name, table, expected):
    assert words_without_prefix(name, table) == expected


@pytest.mark.parametrize(
    ("name", "data_type", "table", "expected"),
    [
        ("email", "VARCHAR(80)", "users", {"faker_rule": "email"}),
        ("c_phone", "CHAR(15)", "customer", {"faker_rule": "phone_number"}),
        ("firstName", "VARCHAR", "users", {"faker_rule": "first_name"}),
        ("state", "CHAR(2)", "users", {"faker_rule": "state_abbr"}),
        ("state", "VARCHAR(30)", "users", {"faker_rule": "state"}),
        ("country_code", "CHAR(2)", "users", {"faker_rule": "country_code"}),
        ("ip_address", "VARCHAR(15)", "visits", {"faker_rule": "ipv4"}),
        ("name", "VARCHAR(40)", "customers", {"faker_rule": "name"}),
        ("s_name", "CHAR(25)", "supplier", {"faker_rule": "company"}),
        ("is_active", "BOOLEAN", "users", {"probability": 0.9}),
        ("birth_date", "DATE", "users", {"date_start": date(1945, 1, 1), "date_end": date(2006, 12, 31)}),
        ("price", "DECIMAL(4,2)", "items", {"min_value": Decimal("1.00"), "max_value": Decimal("99.99")}),
        ("p_retailprice", "DECIMAL(12,2)", "part", {"min_value": Decimal("1.00"), "max_value": Decimal("500.00")}),
        ("quantity", "INT", "items", {"min_value": Decimal(1), "max_value": Decimal(20)}),
        ("cityname", "VARCHAR(40)", "t", {"faker_rule": "city"}),
        ("phone_no", "VARCHAR(30)", "t", {"faker_rule": "phone_number"}),
        ("store_name", "VARCHAR(60)", "t", {"faker_rule": "company"}),
        ("tax", "DECIMAL(10,2)", "t", {"min_value": Decimal("0.00"), "max_value": Decimal("200.00")}),
        ("tax", "DECIMAL(5,4)", "t", {"min_value": Decimal("0.0000"), "max_value": Decimal("0.3000")}),
        ("discount", "INT", "t", {"min_value": Decimal(0), "max_value": Decimal(200)}),
        ("discount", "SMALLINT", "t", {"min_value": Decimal(0), "max_value": Decimal(200)}),
        ("discount", "DOUBLE", "t", {"min_value": Decimal(0), "max_value": Decimal("0.3")}),
        ("day_of_week", "SMALLINT", "t", {"min_value": Decimal(1), "max_value": Decimal(7)}),
        ("quarter", "INT", "t", {"min_value": Decimal(1), "max_value": Decimal(4)}),
        ("is_deleted", "SMALLINT", "t", {"values": [1, 0], "weights": [0.02, 0.98]}),
        ("has_children", "CHAR(1)", "t", {"values": ["Y", "N"], "weights": [0.5, 0.5]}),
        ("active_flag", "CHAR(1)", "t", {"values": ["Y", "N"], "weights": [0.9, 0.1]}),
        ("session_id", "VARCHAR(36)", "t", {"faker_rule": "uuid4"}),
        ("token", "VARCHAR(40)", "t", {"faker_rule": "md5"}),
        ("token", "VARCHAR(64)", "t", {"faker_rule": "sha256"}),
        ("size", "VARCHAR(4)", "t", {"values": ["S", "M", "L", "XL"], "weights": [0.25, 0.35, 0.25, 0.15]}),
    ],
)
def test_a_rule_by_the_name(name, data_type, table, expected):
    assert suggestion(name, data_type, table) == expected


@pytest.mark.parametrize(
    "column",
    [
        {"name": "email", "data_type": "INT"},
        {"name": "xyz", "data_type": "VARCHAR"},
        {"name": "email", "data_type": "VARCHAR", "pattern": "##"},
        {"name": "price", "data_type": "INT", "min_value": 3},
        {"name": "quantity", "data_type": "INT", "is_unique": True},
        {"name": "status", "data_type": "VARCHAR(3)"},
    ],
)
def test_no_rule_without_a_match(column):
    assert suggestion(**column) == {}


def test_suggestions_are_marked_and_can_be_made():
    columns = [
        {"name": "email", "data_type": "VARCHAR(40)", "is_unique": True},
        {"name": "amount", "data_type": "DECIMAL(9,2)"},
        {"name": "thing", "data_type": "INT"},
    ]
    schema = with_suggestions(read_schema({"name": "lab", "tables": [{"name": "t", "columns": columns}]}))
    assert [column.suggested for column in schema.tables[0].columns] == [True, True, False]
    assert check_rules(schema) == []


def test_every_suggested_rule_can_be_made():
    for limit, _, change in TEXTS:
        column = {"name": "x", "data_type": f"VARCHAR({limit or 200})", **change}
        schema = read_schema({"name": "lab", "tables": [{"name": "t", "columns": [column]}]})
        assert check_rules(schema) == [], change
