"""A roll-up follows the names that it reads, protects them from a drop, and survives a review unchanged."""

import json

import pytest

from engine.errors import ConflictError
from engine.review.column_editor import ColumnEditor
from engine.review.review import Review
from engine.review.rule_catalogue.catalogue import rules_for, search_rules
from engine.review.structure import drop_column, drop_table, rename_column, rename_table
from engine.schema.differences import compare_schemas
from engine.schema.files import read_schema, schema_to_json
from tests.engine.rules.relations.shops import bank, read, rollup, rows_of, shop
from tests.engine.rules.relations.test_events import logged
from tests.engine.rules.relations.test_lifecycles import STATES

SHOP = read(
    shop(
        rollup("total", sum="amount", where="is_back and order_id.customer_id.id > 3"),
        rollup("late", "BOOLEAN", any="day > date '2024-06-01'"),
    )
)


def renamed(table, column, name):
    change = rename_table if column is None else rename_column
    arguments = (SHOP, SHOP.table(table), name) if column is None else (SHOP, SHOP.table(table), column, name)
    return read_schema(change(*arguments)).table("orders")


def test_a_roll_up_follows_a_renamed_table():
    table = renamed("items", None, "lines")
    assert table.column("total").rollup.of == "lines.order_id"


@pytest.mark.parametrize(
    ("table", "column", "expected"),
    [
        ("items", "order_id", {"of": "items.x", "sum": "amount", "where": "is_back and x.customer_id.id > 3"}),
        ("items", "amount", {"of": "items.order_id", "sum": "x", "where": "is_back and order_id.customer_id.id > 3"}),
        ("items", "is_back", {"of": "items.order_id", "sum": "amount", "where": "x and order_id.customer_id.id > 3"}),
        (
            "customers",
            "id",
            {"of": "items.order_id", "sum": "amount", "where": "is_back and order_id.customer_id.x > 3"},
        ),
    ],
)
def test_a_roll_up_follows_a_renamed_column(table, column, expected):
    found = renamed(table, column, "x").column("total").rollup
    assert found.model_dump(exclude_none=True) == expected


def test_what_a_roll_up_reads_cannot_be_dropped():
    for column in ("amount", "is_back", "order_id", "day"):
        with pytest.raises(ConflictError, match=r"It is used by orders\.(total|late)"):
            drop_column(SHOP, SHOP.table("items"), column)
    with pytest.raises(ConflictError, match=r"orders\.total"):
        drop_table(SHOP, SHOP.table("items"))


def test_a_schema_with_roll_ups_is_written_and_read_as_it_is():
    assert read_schema(json.loads(schema_to_json(SHOP))) == SHOP


def test_a_changed_roll_up_is_a_difference():
    data = json.loads(schema_to_json(SHOP))
    data["tables"][1]["columns"][2]["rollup"]["sum"] = "id"
    (change,) = compare_schemas(SHOP, read_schema(data))
    assert (change.place, change.key) == ("orders.total", "rollup")


@pytest.mark.parametrize("data_type", ["INT", "DECIMAL(9,2)", "BOOLEAN", "DATE", "VARCHAR(9)"])
def test_the_catalogue_starts_a_roll_up_that_can_be_made(data_type):
    data = shop({"name": "x", "data_type": data_type, "required": False})
    schema = read(data)
    table = schema.table("orders")
    found = next(rule for rule in rules_for(schema, table, table.column("x")) if rule.rule == "rollup")
    data["tables"][1]["columns"][-1] |= found.keys
    assert rows_of(read(data), "orders", rows=20)["x"].len() == 20


@pytest.mark.parametrize(("name", "keys"), [("split_of", {"split_of": "account_id.opening"}), ("running", None)])
def test_the_catalogue_starts_shares_and_running_totals(name, keys):
    data = bank({"name": "x", "data_type": "DECIMAL(14,2)"})
    schema = read(data)
    table = schema.table("moves")
    found = next(rule for rule in rules_for(schema, table, table.column("x")) if rule.rule == name)
    assert keys is None or found.keys == keys
    data["tables"][1]["columns"][-1] |= found.keys
    assert rows_of(read(data), "moves", rows=20)["x"].null_count() == 0


@pytest.mark.parametrize(
    ("table", "column", "expected"),
    [
        ("accounts", "fee", {"split_of": "account_id.x", "split_weight": "size"}),
        ("moves", "size", {"split_of": "account_id.fee", "split_weight": "x"}),
        ("moves", "account_id", {"split_of": "x.fee", "split_weight": "size"}),
        ("moves", "account_id", {"running": {"sum": "amount", "within": "x", "start": "x.opening"}}),
        ("moves", "amount", {"running": {"sum": "x", "within": "account_id", "start": "account_id.opening"}}),
        ("accounts", "opening", {"running": {"sum": "amount", "within": "account_id", "start": "account_id.x"}}),
        ("moves", "amount", {"expression": "account_id.previous.x"}),
    ],
)
def test_shares_and_running_totals_follow_renamed_columns(table, column, expected):
    around = {"name": "y", "data_type": "DECIMAL(9,2)", "required": False, "expression": "account_id.previous.amount"}
    schema = read(bank(around))
    renamed = json.loads(schema_to_json(read_schema(rename_column(schema, schema.table(table), column, "x"))))
    columns = renamed["tables"][1]["columns"]
    assert any(all(one.get(key) == value for key, value in expected.items()) for one in columns)


def test_the_catalogue_offers_only_what_a_life_cycle_makes():
    schema = read(logged())
    events, orders = schema.table("events"), schema.table("orders")
    state, time = (rules_for(schema, events, events.column(name)) for name in ("state", "changed_at"))
    assert [(rule.label, rule.keys, rule.parameters) for rule in (*state, *time)] == [
        ("Step of a life cycle", {}, ())
    ] * 2
    assert state[0].description == "State of each step of order_id.status, made by events_of of the table events."
    assert time[0].description == "Time of each step of order_id.status, made by events_of of the table events."
    (status,) = rules_for(schema, orders, orders.column("status"))
    assert status.label == "Life cycle"
    assert len(rules_for(schema, orders, orders.column("new_at"))) > 1  # a rule of its own makes the first time
    assert search_rules(state, "event log") == state


def test_the_editor_shows_the_step_with_samples_and_no_fields():
    schema = read(logged())
    editor = ColumnEditor(Review(schema), schema, "events", "state")
    assert editor.rule.label == "Step of a life cycle"
    assert editor.rule.parameters == ()
    assert set(editor.with_samples(editor.rule).samples) <= set(STATES)
    editor.choose(editor.catalogue()[0])
    assert editor.keys == {}
