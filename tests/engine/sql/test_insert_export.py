"""Given rows in exported DDL: INSERT statements that an import reads back."""

import pytest

from engine.review.imports import import_sql
from engine.schema.files import read_schema
from engine.sql.ddl_export import export_ddl

COLUMNS = [
    {"name": "id", "data_type": "INT"},
    {"name": "Odd name", "quoted": True, "data_type": "VARCHAR(20)", "required": False},
    {"name": "price", "data_type": "DECIMAL(30,4)", "required": False},
    {"name": "is_on", "data_type": "BOOLEAN", "required": False},
    {"name": "day", "data_type": "DATE", "required": False},
    {"name": "extra", "data_type": "SUPER", "required": False},
]
ROWS = [
    [1, "it's \\n", "12345678901234567890.1234", True, "2024-01-02", '{"a": "b\\\\c"}'],
    [-2, None, 2.5, False, None, None],
    {"id": 3, "price": 1},
]


def make(rows):
    table = {"name": "t", "schema_name": "raw", "primary_key": ["id"], "columns": COLUMNS, "rows": rows}
    return read_schema({"name": "shop", "tables": [table]})


@pytest.mark.parametrize("dialect", ["redshift", "snowflake"])
def test_an_import_reads_the_rows_back(dialect):
    ddl = export_ddl(make(ROWS), dialect)
    assert import_sql(ddl, name="shop", dialect=dialect, suggest=False).schema.tables[0].rows == ROWS


def test_one_statement_per_thousand_rows():
    ddl = export_ddl(make([{"id": number} for number in range(2500)]), "redshift")
    assert ddl.count("(id) values") == 3


def test_rows_without_a_required_value_are_named_in_a_comment():
    assert "-- 1 given row of raw.t without id left out." in export_ddl(make([{"price": 1}]), "redshift")
