from typing import Any

import pytest

from engine.cli.column_values import describe_values
from engine.schema.models import ColumnSchema, TableSchema


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ({"min_value": 1, "max_value": 9}, "Random: 1 to 9"),
        ({"values": [1, 2]}, "List of values: 1, 2"),
        (
            {"rollup": {"of": "lines.order_id", "sum": "amount", "where": "returned = false"}},
            "Roll-up of child rows: sum of amount by lines.order_id, where returned = false",
        ),
        ({"rollup": {"of": "lines.order_id", "count": True}}, "Roll-up of child rows: count of rows by lines.order_id"),
        (
            {"running": {"sum": "amount", "within": "order_id", "start": "order_id.opening"}},
            "Running total: sum of amount within order_id, from order_id.opening",
        ),
        ({"split_of": "order_id.total"}, "Share of a parent's number: order_id.total"),
        ({"values_by": {"kind": {"a": {"1": 1}, "*": {"2": 1}}}}, "Values by another column: kind (a, *)"),
        (
            {"values_by": {"columns": ["x", "y"], "rows": [[1, 2], [3, 4]]}},
            "Values by another column: 2 rows of x, y",
        ),
        ({"values_by": {"row_of": "y"}}, "Values by another column: drawn with y"),
        (
            {"distribution": {"type": "normal"}, "follows": {"wealth": 0.5, "order_id.wealth": -0.25}},
            "Distribution: normal; follows wealth x 0.5, order_id.wealth x -0.25",
        ),
    ],
)
def test_a_rule_is_described_in_a_line(keys: dict[str, Any], text: str):
    column = ColumnSchema.model_validate({"name": "x", "data_type": "INT", **keys})
    table = TableSchema.model_construct(name="orders", columns=[column], foreign_keys=[])

    assert describe_values(table, column) == text


def test_states_and_times_of_a_life_cycle_are_described():
    described = {"id": {"is_unique": True}, "new_at": {"data_type": "TIMESTAMP"}}
    columns = [{"name": name, "data_type": "INT", **keys} for name, keys in described.items()]
    columns += [{"name": "status", "data_type": "TEXT"}, {"name": "paid_at", "data_type": "TIMESTAMP"}]
    key = {"references_table": "orders", "references_column": "id"}
    log = [{"name": "order_id", "data_type": "INT", "foreign_key": key}, {"name": "state", "data_type": "TEXT"}]
    orders, events = (
        TableSchema.model_validate(table)
        for table in (
            {"name": "orders", "columns": columns, "lifecycle": {"states": ["new", "paid"]}},
            {"name": "events", "columns": log, "events_of": {"of": "order_id.status"}},
        )
    )
    shown = {name: describe_values(orders, orders.column(name)) for name in ("status", "paid_at")}
    assert shown == {"status": "last of the states new, paid", "paid_at": "when it is paid"}
    assert describe_values(events, events.column("state")) == "state of each step of order_id.status"
    assert describe_values(events, events.column("order_id")) == "key of orders.id, one row for each step"
