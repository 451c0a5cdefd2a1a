"""A shop whose tables share scenarios: customers, their orders, and the lines of these."""

from engine.schema.files import read_schema
from engine.schema.models import ExperimentSchema


def shop(**changes: object) -> dict:
    """Return the shop; `changes` are keys of its tables by `table__key`."""
    customers = {
        "name": "customers",
        "target_rows": 200,
        "columns": [
            {"name": "id", "data_type": "INT", "is_unique": True},
            {"name": "country", "data_type": "VARCHAR(2)", "values": ["DE", "FR", "US"]},
        ],
        "scenarios": [{"name": "late", "share": 0.02, "values": {"country": "US"}, "serves": "late.sql, line 3"}],
    }
    orders = {
        "name": "orders",
        "target_rows": 5000,
        "columns": [
            {"name": "id", "data_type": "INT", "is_unique": True},
            {
                "name": "customer_id",
                "data_type": "INT",
                "required": False,
                "foreign_key": {"references_table": "customers", "references_column": "id"},
            },
            {"name": "status", "data_type": "VARCHAR(9)", "values": ["open", "paid"], "weights": [1, 99]},
            {"name": "paid_on", "data_type": "DATE", "required": False},
            {
                "name": "country",
                "data_type": "VARCHAR(2)",
                "required": False,
                "expression": "customer_id.country",
            },
        ],
        "scenarios": [
            {"name": "late", "share": 0.013, "values": {"status": "open", "paid_on": None}},
            {"name": "leap", "rows": 5, "values": {"paid_on": "2024-02-29", "customer_id": {"row": 7}}},
        ],
    }
    lines = {
        "name": "lines",
        "columns": [
            {
                "name": "order_id",
                "data_type": "INT",
                "foreign_key": {"references_table": "orders", "references_column": "id", "fan_out": [1, 4]},
            },
            {"name": "line_no", "data_type": "INT", "line_number_of": "order_id"},
            {"name": "qty", "data_type": "INT", "min_value": 1, "max_value": 50},
        ],
        "primary_key": ["order_id", "line_no"],
        "scenarios": [{"name": "late", "within": "order_id", "values": {"qty": 49}}],
    }
    tables = {"customers": customers, "orders": orders, "lines": lines}
    for name, value in changes.items():
        table, _, key = name.partition("__")
        tables[table][key] = value
    return {"name": "shop", "tables": list(tables.values())}


def shop_schema(**changes: object) -> ExperimentSchema:
    return read_schema(shop(**changes))
