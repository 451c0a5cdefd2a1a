"""Builders of a table with one derived column, and of a shop with parents."""

from engine.schema.models import ExperimentSchema
from tests.engine.rules.building import frame_of, schema_of

COLUMNS = [
    {"name": "id", "data_type": "INT", "is_unique": True},
    {"name": "qty", "data_type": "INT", "min_value": 1, "max_value": 9},
    {"name": "n", "data_type": "INT", "min_value": -50, "max_value": 50, "required": False, "null_fraction": 0.3},
    {"name": "big", "data_type": "BIGINT", "min_value": -(2**63), "max_value": 2**63 - 1},
    {"name": "price", "data_type": "DECIMAL(10,2)", "min_value": 1, "max_value": 99},
    {"name": "f", "data_type": "DOUBLE", "min_value": 0, "max_value": 50},
    {"name": "d", "data_type": "DATE"},
    {"name": "ts", "data_type": "TIMESTAMP"},
    {"name": "s", "data_type": "VARCHAR(40)"},
    {"name": "maybe", "data_type": "VARCHAR(9)", "values": ["Ää", "b c"], "required": False, "null_fraction": 0.3},
    {"name": "ok", "data_type": "BOOLEAN"},
    {"name": "bytes", "data_type": "BINARY(8)"},
]


def table_with(**column: object) -> ExperimentSchema:
    return schema_of(t=[*COLUMNS, {"name": "x", **column}])


def derived(expression: str, data_type: str = "VARCHAR(60)", rows: int = 400, **options: object) -> list[object]:
    schema = table_with(data_type=data_type, expression=expression, **options)
    return frame_of(schema, "t", rows)["x"].to_list()


def shop() -> ExperimentSchema:
    return schema_of(
        countries=[
            {"name": "code", "data_type": "CHAR(2)", "is_unique": True},
            {"name": "vat", "data_type": "DECIMAL(5,2)", "min_value": 0, "max_value": 25},
            {"name": "note", "data_type": "VARCHAR(20)", "required": False, "null_fraction": 0.4},
        ],
        customers=[
            {
                "name": "total",
                "data_type": "VARCHAR(80)",
                "required": False,
                "expression": "Customer_Name || ' of ' || country.code",
            },
            {"name": "customer_id", "data_type": "INT", "is_unique": True},
            {"name": "customer_name", "data_type": "VARCHAR(20)"},
            {"name": "signup", "data_type": "DATE"},
            {
                "name": "country",
                "data_type": "CHAR(2)",
                "required": False,
                "null_fraction": 0.3,
                "foreign_key": {"references_table": "countries", "references_column": "code"},
            },
        ],
        orders=[
            {"name": "order_id", "data_type": "INT", "is_unique": True},
            {
                "name": "customer_id",
                "data_type": "INT",
                "required": False,
                "null_fraction": 0.2,
                "foreign_key": {"references_table": "customers", "references_column": "customer_id"},
            },
            {"name": "due", "data_type": "DATE", "required": False, "expression": "customer_id.signup + qty"},
            {"name": "qty", "data_type": "INT", "min_value": 1, "max_value": 9},
            {"name": "label", "data_type": "VARCHAR(99)", "required": False, "expression": "customer_id.total"},
            {
                "name": "vat",
                "data_type": "DECIMAL(9,3)",
                "required": False,
                "expression": "qty * CUSTOMER_ID.COUNTRY.VAT / 100 + 1",
            },
            {"name": "note", "data_type": "VARCHAR(20)", "expression": "COALESCE(customer_id.country.note, '-')"},
            {"name": "key_again", "data_type": "BIGINT", "expression": "COALESCE(customer_id, -1) * 10"},
        ],
    )
