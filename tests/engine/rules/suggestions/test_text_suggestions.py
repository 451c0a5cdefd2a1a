import duckdb
import pytest

from engine.rules.rule_checks import check_rules
from engine.rules.suggestions.foreign_keys import suggested_keys
from engine.rules.suggestions.suggestions import with_suggestions
from engine.rules.suggestions.text_codes import listed_values
from engine.schema.files import read_schema
from tests.engine.rules.building import frame_of


def suggested(table, **kinds):
    columns = [{"name": name, "data_type": kind} for name, kind in kinds.items()]
    return with_suggestions(read_schema({"name": "lab", "tables": [{"name": table, "columns": columns}]}))


@pytest.mark.parametrize(
    ("name", "kind", "cast"),
    [
        ("amount", "VARCHAR(50)", "decimal(12, 2)"),
        ("NET_AMT", "VARCHAR(20)", "decimal(12, 2)"),
        ("unitPrice", "VARCHAR(20)", "decimal(12, 2)"),
        ("weight_kg", "VARCHAR(20)", "double"),
        ("quantity", "VARCHAR", "int"),
        ("order_date", "VARCHAR(30)", "date"),
        ("d_date", "VARCHAR(10)", "date"),
        ("returned_on", "VARCHAR(10)", "date"),
        ("birth_date", "VARCHAR(10)", "date"),
        ("updated_at", "VARCHAR(19)", "timestamp"),
        ("event_ts", "VARCHAR(30)", "timestamp"),
        ("is_active", "VARCHAR(5)", "boolean"),
        ("latitude", "VARCHAR", "double"),
        ("event_ts_ms", "VARCHAR(20)", "bigint"),
        ("payload", "VARCHAR(65535)", "json"),
        ("line_items_json", "VARCHAR(4000)", "json"),
    ],
)
def test_text_casts_to_the_type_it_stands_for(name, kind, cast):
    schema = suggested("raw_events", **{name: kind})
    frame = frame_of(schema, "raw_events", 200)
    assert "text" in schema.tables[0].columns[0].because
    count = duckdb.sql(f'select count(cast("{name}" as {cast})) from frame').fetchall()
    assert count == [(frame.height,)]


@pytest.mark.parametrize("name", ["zip", "status", "account_number", "last_update", "price_list"])
def test_other_names_stay_text(name):
    column = suggested("orders", **{name: "VARCHAR(20)"}).tables[0].columns[0]
    assert column.expression is None


@pytest.mark.parametrize(
    ("name", "kind", "rule"),
    [
        ("userId", "VARCHAR(36)", "uuid4"),
        ("customer_hk", "CHAR(32)", "md5"),
        ("HK_ORDER", "CHAR(40)", "sha1"),
        ("row_hash", "CHAR(64)", "sha256"),
        ("receipthash", "VARCHAR(64)", "sha256"),
        ("hashdiff", "CHAR(32)", "md5"),
        ("country_iso2", "CHAR(2)", "country_code"),
    ],
)
def test_texts_with_a_format(name, kind, rule):
    assert suggested("t", **{name: kind}).tables[0].columns[0].faker_rule == rule


@pytest.mark.parametrize(
    ("table", "name", "first"),
    [
        ("tickets", "status", "open"),
        ("invoices", "invoice_status", "paid"),
        ("orders", "payment_status", "paid"),
        ("devices", "status", "online"),
        ("flights", "flight_status", "scheduled"),
        ("flights", "status_code", "SCHEDULED"),
    ],
)
def test_states_are_those_of_the_subject(table, name, first):
    assert suggested(table, **{name: "VARCHAR(20)"}).tables[0].columns[0].values[0] == first


def test_marital_status_has_its_own_words():
    assert "married" in suggested("employees", marital_status="VARCHAR(20)").tables[0].columns[0].values


@pytest.mark.parametrize(
    ("name", "kind", "pattern"),
    [("badge_code", "VARCHAR(20)", "BAD-#####"), ("fare_cd", "CHAR(4)", "?###"), ("cabin", "VARCHAR(30)", "Cabin ##")],
)
def test_unknown_texts_are_codes_or_the_name_with_a_number(name, kind, pattern):
    assert suggested("t", **{name: kind}).tables[0].columns[0].pattern == pattern


@pytest.mark.parametrize(
    ("comment", "values"),
    [
        ("Y/N", ["Y", "N"]),
        ("1=open, 2=closed", ["1", "2"]),
        ("A - active, B - blocked", ["A", "B"]),
        ("'new' or 'used'", ["new", "used"]),
        ("one of: red, green, light blue", ["red", "green", "light blue"]),
        ("the customer's name", []),
    ],
)
def test_values_that_a_comment_lists(comment, values):
    assert listed_values(comment) == values


@pytest.mark.parametrize("name", ["customer_hk", "hk_customer", "customer_hash_key", "customer_bk"])
def test_hash_keys_of_hubs_are_referenced(name):
    hub = {"name": "hub_customer", "columns": [{"name": name, "data_type": "CHAR(32)"}], "primary_key": [name]}
    satellite = {"name": "sat_customer_details", "columns": [{"name": name, "data_type": "CHAR(32)"}]}
    keys = suggested_keys(read_schema({"name": "lab", "tables": [hub, satellite]}))
    assert [(key.table, key.parent) for key in keys] == [("sat_customer_details", "hub_customer")]


def test_a_table_of_unique_codes_has_no_more_rows_than_codes():
    column = {"name": "iso2", "data_type": "CHAR(2)", "is_unique": True}
    schema = with_suggestions(read_schema({"name": "lab", "tables": [{"name": "countries", "columns": [column]}]}))
    assert 150 < schema.tables[0].target_rows < 260
    assert check_rules(schema) == []


@pytest.mark.parametrize(
    ("name", "kind"), [("normal_balance", "CHAR(1)"), ("amount", "VARCHAR(5)"), ("salary", "CHAR(3)")]
)
def test_a_text_too_short_for_its_numbers_holds_none(name, kind):
    assert suggested("raw_events", **{name: kind}).tables[0].columns[0].expression is None


@pytest.mark.parametrize(("name", "is_month"), [("length_mm", False), ("rain_1h_mm", False), ("exp_mm", True)])
def test_mm_is_a_month_only_of_a_date(name, is_month):
    expression = suggested("events", **{name: "NUMERIC(5,1)"}).tables[0].columns[0].expression or ""
    assert ("month(" in expression) == is_month


@pytest.mark.parametrize("name", ["sha", "file_sha256", "content_md5", "rowhash", "hk_order", "MD5_OF_FILE"])
def test_hashes_are_hex_digits(name):
    table = {"name": "files", "columns": [{"name": "id", "data_type": "INT"}, {"name": name, "data_type": "CHAR(64)"}]}
    schema = with_suggestions(read_schema({"name": "lab", "tables": [table]}))
    assert schema.tables[0].column(name).faker_rule in ("md5", "sha256")
