"""Checks of rules before the first row: one problem for each fault."""

from typing import Any

import pytest

from engine.errors import SchemaError
from engine.review.sources import read_source

FAN_OUT = {"references_table": "orders", "references_column": "id", "fan_out": [1, 3]}


def shop(**columns: dict[str, Any]) -> dict[str, Any]:
    orders = [
        {"name": "id", "data_type": "INT", "is_unique": True},
        {"name": "kind", "data_type": "INT", "values": [1, 2]},
    ]
    orders += [{"name": name, **keys} for name, keys in columns.items()]
    lines = [
        {"name": "order_id", "data_type": "INT", "foreign_key": FAN_OUT},
        {"name": "amount", "data_type": "INT", "min_value": 1, "max_value": 9},
    ]
    return {"name": "shop", "tables": [{"name": "orders", "columns": orders}, {"name": "lines", "columns": lines}]}


@pytest.mark.parametrize(
    ("columns", "place"),
    [
        ({"total": {"data_type": "INT", "rollup": {"of": "lines.order_id", "sum": "amuont"}}}, "orders.total"),
        ({"state": {"data_type": "INT", "values_by": {"kind": {"1": {"5": 1}}}}}, "orders.state.values_by"),
        ({"state": {"data_type": "INT", "expression": "knid + 1"}}, "orders.state"),
        (
            {
                "total": {"data_type": "INT", "rollup": {"of": "lines.order_id", "sum": "amuont"}},
                "twice": {"data_type": "INT", "expression": "total * 2"},
            },
            "orders.total",
        ),
    ],
)
def test_a_fault_is_told_once_where_it_is(columns: dict[str, Any], place: str):
    with pytest.raises(SchemaError) as raised:
        read_source(shop(**columns))

    assert [problem.where for problem in raised.value.problems] == [place]
