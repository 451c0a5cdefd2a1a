"""What scenarios may say: contradictions are refused with the place and what to do."""

import json

import pytest

from engine.errors import SchemaError
from engine.review.sources import read_source
from engine.review.structure import rename_column
from engine.schema.differences import compare_schemas
from engine.schema.files import read_schema, schema_to_json
from tests.engine.rules.scenarios.stores import shop, shop_schema


def orders(**scenario: object) -> dict:
    return shop(orders__scenarios=[{"name": "late", "share": 0.1, **scenario}])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (orders(share=None), "neither a share nor rows"),
        (orders(share=0.95), "share"),
        (orders(values={"state": "open"}), 'no column "state"'),
        (orders(values={"status": "lost"}), "not one of its values"),
        (orders(values={"status": None}), "status is required"),
        (orders(values={"paid_on": "soon"}), "paid_on, 'soon'"),
        (orders(values={"id": 7}), "id is unique"),
        (orders(values={"country": "US"}), "country is made by expression"),
        (orders(values={"customer_id": 7}), "customer_id is a foreign key"),
        (orders(values={"status": {"row": 7}}), "status is not a foreign key"),
        (orders(values={"customer_id": {"scenario": "early"}}), 'customers has no scenario "early"'),
        (orders(values={"status": "open", "STATUS": "paid"}), "twice"),
        (orders(within="status", share=None), "no foreign key column"),
        (orders(within="customer_id"), "follow from within"),
        (orders(name="later", within="customer_id", share=None), 'no scenario "later"'),
        (shop(lines__scenarios=[{"name": "late", "share": 0.1}]), "order_id has a fan_out"),
        (shop(lines__scenarios=[{"name": "x", "share": 0.1, "values": {"order_id": {"row": 1}}}]), "has a fan_out"),
        (shop(lines__scenarios=[{"name": "x", "share": 0.1, "values": {"qty": 51}}]), "above 50"),
        (shop(lines__scenarios=[{"name": "x", "share": 0.1, "values": {"line_no": 1}}]), "part of a key"),
        (shop(customers__scenarios=[{"name": f"s{n}", "share": 0.5} for n in range(2)]), "more than 90%"),
        (shop(customers__scenarios=[{"name": name, "rows": 1} for name in ("a", "A")]), "two scenarios"),
        (shop(customers__target_rows=3), "customers"),
        (shop(orders__checks=["status = 'paid' or paid_on is not null"]), "Rows violate the check"),
    ],
)
def test_a_contradiction_is_refused(data, message):
    with pytest.raises(SchemaError, match=message.replace("(", r"\(")):
        read_source(data)


def test_a_value_that_a_condition_makes_null_is_refused():
    columns = shop()["tables"][1]["columns"]
    columns[3] = {**columns[3], "null_when": "status = 'open'"}
    values = {"status": "open", "paid_on": "2024-03-02"}
    data = shop(orders__columns=columns, orders__scenarios=[{"name": "late", "share": 0.1, "values": values}])
    with pytest.raises(SchemaError, match="paid_on is NULL in its rows"):
        read_source(data)
    values["status"] = "paid"
    assert read_source(data).tables[1].scenarios


def test_a_column_of_an_outcome_or_a_life_cycle_is_refused():
    kinds = {"name": "kind", "data_type": "VARCHAR(9)", "values": ["a", "b"]}
    data = {
        "name": "lab",
        "tables": [
            {
                "name": "t",
                "target_rows": 100,
                "columns": [kinds],
                "outcomes": [{"of": "kind", "count": {"a": 40, "b": 60}}],
                "scenarios": [{"name": "s", "share": 0.1, "values": {"kind": "a"}}],
            }
        ],
    }
    with pytest.raises(SchemaError, match="kind is made by outcomes"):
        read_source(data)


def test_a_schema_is_written_as_it_was_read():
    schema = shop_schema()
    written = json.loads(schema_to_json(schema))
    assert [table["scenarios"] for table in written["tables"]] == [one["scenarios"] for one in shop()["tables"]]
    assert read_schema(written) == schema


def test_a_renamed_column_is_renamed_in_scenarios():
    schema = shop_schema()
    renamed = read_schema(rename_column(schema, schema.table("lines"), "order_id", "order_no"))
    assert renamed.table("lines").scenarios[0].within == "order_no"
    renamed = read_schema(rename_column(schema, schema.table("orders"), "status", "state"))
    assert renamed.table("orders").scenarios[0].values == {"state": "open", "paid_on": None}


def test_a_change_of_a_scenario_is_a_difference():
    (change,) = compare_schemas(shop_schema(), shop_schema(lines__scenarios=[]))
    assert (change.table, change.key) == ("lines", "scenarios")
