"""An experiment with every type, NULL and empty text, a tree, quoted names, two schemas and an empty table."""

from typing import Any

TEXTS = ["", "a,b", 'say "x"', "l\nm", "\\n", "NULL", " pad "]
KIN: dict[str, Any] = {
    "name": "kin",
    "tables": [
        {
            "name": "people",
            "schema_name": "hr",
            "target_rows": 300,
            "primary_key": ["id"],
            "rows": [{"id": 1, "boss": None, "note": ""}],
            "columns": [
                {"name": "id", "data_type": "INT", "is_unique": True},
                {
                    "name": "boss",
                    "data_type": "INT",
                    "required": False,
                    "foreign_key": {
                        "references_table": "people",
                        "references_column": "id",
                        "root_fraction": 0.1,
                    },
                },
                {"name": "note", "data_type": "VARCHAR(40)", "required": False, "values": TEXTS, "null_fraction": 0.3},
                {"name": "clock", "data_type": "TIME", "required": False, "null_fraction": 0.2},
                {"name": "ts", "data_type": "TIMESTAMP", "required": False, "null_fraction": 0.2},
                {"name": "tz", "data_type": "TIMESTAMPTZ", "required": False, "null_fraction": 0.2},
                {"name": "born", "data_type": "DATE", "required": False},
                {"name": "r", "data_type": "REAL", "required": False},
                {"name": "f", "data_type": "DOUBLE", "required": False},
                {"name": "amount", "data_type": "DECIMAL(38,4)", "required": False},
                {"name": "b", "data_type": "VARBYTE", "required": False},
                {"name": "ok", "data_type": "BOOLEAN", "required": False},
                {"name": "doc", "data_type": "SUPER", "required": False},
            ],
        },
        {
            "name": "Select",
            "quoted": True,
            "target_rows": 500,
            "columns": [
                {"name": "Order", "quoted": True, "data_type": "TINYINT"},
                {
                    "name": "person",
                    "data_type": "INT",
                    "foreign_key": {"references_table": "hr.people", "references_column": "id"},
                },
                {"name": "u", "data_type": "UUID"},
            ],
        },
        {
            "name": "single",
            "target_rows": 50,
            "columns": [
                {
                    "name": "x",
                    "data_type": "VARCHAR(5)",
                    "required": False,
                    "values": ["", "q"],
                    "null_fraction": 0.5,
                }
            ],
        },
        {"name": "nothing", "target_rows": 0, "columns": [{"name": "x", "data_type": "INT"}]},
    ],
}
TABLES = ("hr.people", "Select", "single", "nothing")
